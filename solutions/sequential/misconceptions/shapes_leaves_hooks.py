"""Your hooks stay on the model."""

HINT = (
    "register_forward_hook returns a handle. As long as nobody calls its remove(), the hook runs in every later forward "
    "pass, keeps its list alive, and slows the model down."
)
QUESTION = "After your function has returned, what runs when somebody calls the model again?"
WORKED = """
A smoke detector is switched off for cooking. Three dinners later nobody knows that it is off.
What returns a handle wants to be undone with it: keep all handles, and undo each at the end, also after an error.
"""
EDITS = {
    "trace_shapes": [("try:\n    *A_\nfinally:\n    *B_", "*A_")],
}


def evidence(exercise, yours, expected):
    """Compare the hooks that are left in the public example."""
    _, left = yours
    return f"In the example {left} hooks of yours are left on the model where {expected[1]} are expected."
