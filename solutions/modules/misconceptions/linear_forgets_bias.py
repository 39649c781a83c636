"""You never add the bias."""

HINT = "The bias is a parameter, but forward does not use it, so it gets no gradient either."
QUESTION = "What does your layer give for an input of zeros?"
WORKED = """
W = (2, 3), b = 5, x = (1, 1): 2 + 3 + 5 = 10. Without the bias it is 5.
For x = (0, 0) the layer gives b, which is 5. Without the bias it gives 0, whatever it has learned.
"""
EDITS = {
    "Linear": [("return A_", "return y")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours[3][0]}", f"{expected[3][0]}"
    if mine == due:
        return None
    return f"In the example your output for (1, 10) is {mine} where {due} is expected."
