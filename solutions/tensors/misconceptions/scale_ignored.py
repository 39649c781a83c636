"""Your gradient comes back as it was."""

HINT = (
    "A hook replaces the gradient only by what its function returns. A function that returns nothing changes nothing."
)
QUESTION = "What does the function in your hook return?"
WORKED = """
A hook is asked: "this gradient passes, what shall go on?"
  def half(g): return g / 2     a gradient of 8 goes on as 4
  def half(g): g / 2            nothing is returned, so 8 goes on
"""
EDITS = {
    "GradientScale": [("lambda gradient: A_", "lambda gradient: None")],
}


def evidence(exercise, yours, expected):
    """Compare the first number of the example."""
    return f"In the example the gradient 1 comes back as {yours[1][0].item():.4g}; it should be {expected[1][0].item():.4g}."
