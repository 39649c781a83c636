"""You return half of the mean."""

HINT = "Some texts write ½ in front, so that the 2 of the derivative cancels. Here there is none."
EDITS = {"mean_squared_error": [("return A_", "return A_ / 2")]}


def evidence(exercise, yours, expected):
    """Compare the values of the example."""
    return f"In the example your error is {yours.item():.4g}; it should be {expected.item():.4g}."
