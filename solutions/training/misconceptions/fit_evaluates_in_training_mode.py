"""You measure in training mode."""

HINT = (
    "In training mode batch normalisation uses the batch, and learns from the test data; dropout drops. Switch to "
    "evaluation mode to measure, and back."
)
QUESTION = "Do the running statistics of the model change while you measure the test loss?"
WORKED = """
In training mode batch normalisation learns from whatever comes by. With momentum 0.1, a running mean of 2 and a test
batch with the mean 12, it becomes 0.9 · 2 + 0.1 · 12 = 3: the test data have changed the model.
"""
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
