"""Your gradient comes back as it was."""

HINT = (
    "A hook replaces the gradient only by what its function returns. A function that returns nothing changes nothing."
)
EDITS = {
    "GradientScale": [("lambda gradient: A_", "lambda gradient: None")],
}


def evidence(exercise, yours, expected):
    """Compare the first number of the example."""
    return f"In the example the gradient 1 comes back as {yours[1][0].item():.4g}; it should be {expected[1][0].item():.4g}."
