"""You take the mean of the batches’ means, so a small batch counts as much as a large one."""

HINT = (
    "The last batch is often smaller. Weigh each mean by the number of its samples, and divide by the number of "
    "all samples."
)
QUESTION = "Does your mean loss change if the same samples are cut into other batches?"
WORKED = """
The losses 1, 1 and 7 in batches of two: (1, 1) and (7).
  mean of the means:    (1 + 7) / 2 = 4
  mean of all samples:  9 / 3 = 3, as 2/3 · 1 + 1/3 · 7 = 3
"""
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
