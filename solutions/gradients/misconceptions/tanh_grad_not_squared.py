"""You compute 1 − tanh(x), without the square."""

HINT = "A slope of tanh is the same at x and at −x. 1 − tanh(x) is not: something has to take the sign away."
EDITS = {
    "tanh_grad": [("1 - A_**2", "1 - A_")],
}


def evidence(exercise, yours, expected):
    """Look at minus two, where the slope would be above one."""
    return f"In the example your slope at −2 is {float(yours[2]):.4g}; tanh is never steeper than 1, there it is {float(expected[2]):.4g}."
