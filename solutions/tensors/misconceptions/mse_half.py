"""You return half of the mean."""

HINT = "Some texts write ½ in front, so that the 2 of the derivative cancels. Here there is none."
QUESTION = "By how much does your result differ from the mean of the squares, whatever the numbers are?"
WORKED = """
Differences of 2 and 4: the squares are 4 and 16, and their mean is 10. Half of it is 5.
The half is a convention of some books: the derivative of ½·d² is d, that of d² is 2·d.
"""
EDITS = {"mean_squared_error": [("return A_", "return A_ / 2")]}


def evidence(exercise, yours, expected):
    """Compare the values of the example."""
    return f"In the example your error is {yours.item():.4g}; it should be {expected.item():.4g}."
