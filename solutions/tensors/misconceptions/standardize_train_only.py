"""You return the test data as they are."""

HINT = "A network that learned from standardized data expects such data later too."
EDITS = {"standardize": [[("return A_, B_", "return A_, test.clone()")], [("return A_, B_", "return A_, test")]]}


def evidence(exercise, yours, expected):
    """Compare one number of the example."""
    return f"In the example your test row begins with {yours[1][0, 0].item():.4g}; it should begin with {expected[1][0, 0].item():.4g}."
