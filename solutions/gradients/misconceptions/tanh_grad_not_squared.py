"""You compute 1 − tanh(x), without the square."""

HINT = "A slope of tanh is the same at x and at −x. 1 − tanh(x) is not: something has to take the sign away."
QUESTION = "Compare your slope at x = −2 and at x = 2. What does the picture of tanh say about the two?"
WORKED = """
For f(x) = 1/(1 + x²), which looks the same on both sides, the slope is −2x·f². At x = 1 it is −0.5.
Without the square it would be −2 · 0.5 = −1: check a formula at a point where you know the slope.
"""
EDITS = {
    "tanh_grad": [("1 - A_**2", "1 - A_")],
}


def evidence(exercise, yours, expected):
    """Look at minus two, where the slope would be above one."""
    return f"In the example your slope at −2 is {float(yours[2]):.4g}; tanh is never steeper than 1, there it is {float(expected[2]):.4g}."
