"""Your model stays in evaluation mode after the prediction."""

HINT = (
    "eval() is not undone by itself: whoever trains on after a look at the validation data would train without dropout "
    "and with frozen statistics. Note the flags first, and set them back at the end."
)
QUESTION = "In which mode is the model after your function, if it was training before?"
WORKED = """
Somebody borrows your bicycle, lowers the saddle and brings it back so. The next ride is not what you expect.
Whoever changes a setting for a moment notes it first: saddle at 9, lower to 5, ride, back to 9.
"""
EDITS = {
    "predict": [("try:\n    *A_\nfinally:\n    *B_", "*A_")],
}


def evidence(exercise, yours, expected):
    """Compare the flags of the public example."""
    mine, due = sum(yours[2]), sum(expected[2])
    return f"In the example {mine} of 4 modules are in training mode after your call; {due} were before."
