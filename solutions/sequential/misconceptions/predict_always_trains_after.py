"""You put the model into training mode afterwards, whatever it was in before."""

HINT = (
    "A model that is used and no longer trained is in evaluation mode, and should be so after a prediction. Note the "
    "flags first, and set them back at the end."
)
QUESTION = "In which mode is the model after your function, if it was in evaluation mode before?"
WORKED = """
The lamp in the hall was off. You switch it on, look for your keys, and leave it on: now it burns all night.
Whoever changes a setting for a moment notes it first: lamp off, on, search, off again.
"""
EDITS = {
    "predict": [
        ("for module, flag in flags:\n    *A_", "model.train()"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the flags of the public example."""
    mine, due = sum(yours[2]), sum(expected[2])
    return f"In the example {mine} of 4 modules are in training mode after your call; {due} were before."
