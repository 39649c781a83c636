"""You measure in training mode."""

HINT = (
    "In training mode batch normalisation uses the batch, and learns from the test data; dropout drops. Switch to "
    "evaluation mode to measure, and back."
)
EDITS = {
    "fit": [
        ("model.eval()", ""),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the learning curves of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your training losses are {[round(float(v), 4) for v in yours[0]['train']]}; due are {[round(v, 4) for v in expected[0]['train']]}."
