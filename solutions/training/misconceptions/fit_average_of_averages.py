"""You take the mean of the batches’ means, so a small batch counts as much as a large one."""

HINT = (
    "The last batch is often smaller. Weigh each mean by the number of its samples, and divide by the number of "
    "all samples."
)
EDITS = {
    "fit": [
        ("X_.item() * len(y)", "X_.item()"),
        ("sum(losses) / A_", "sum(losses) / len(losses)"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the learning curves of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your training losses are {[round(float(v), 4) for v in yours[0]['train']]}; due are {[round(v, 4) for v in expected[0]['train']]}."
