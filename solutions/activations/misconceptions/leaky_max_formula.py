"""You take the larger of slope·x and x, which is leaky ReLU for slopes up to 1 only."""

HINT = (
    "With a slope above one slope·x is the larger one where x is positive, and the smaller one where it is "
    "negative. Decide by the sign of x."
)
QUESTION = "Which of slope·x and x is larger, for a slope of 3 and x = 2?"
WORKED = """
A slope of 5:
  x = 1:    5·1 = 5 and 1; the larger is 5, but 1 is expected, because x is positive
  x = −1:   −5 and −1; the larger is −1, but −5 is expected
With a slope of 0.5 the larger one is the right one at both places: 1 and −0.5.
"""
EDITS = {
    "leaky_relu": [("torch.where(x > 0, x, A_)", "torch.maximum(A_, x)")],
}


def evidence(exercise, yours, expected):
    """Compare the value at two with slope three."""
    mine, due = f"{float(yours[2][1]):g}", f"{float(expected[2][1]):g}"
    if mine == due:
        return None
    return f"In the example, with slope 3, your value at 2 is {mine}; positive numbers stay as they are: {due}."
