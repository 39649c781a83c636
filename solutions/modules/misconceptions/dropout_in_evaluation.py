"""You drop elements in evaluation too."""

HINT = "A prediction must not be random. self.training says in which mode the module is."
QUESTION = "Do two calls of your layer in evaluation mode give the same?"
WORKED = """
x = 3 and p = 0.5.
  in training:     0 or 3 / 0.5 = 6, by chance, and another time the other one
  in evaluation:   3, each time
"""
EDITS = {
    "Dropout": [[("if not self.training:\n    return x", "")]],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = (f"{side['in evaluation']:.3g}" for side in (yours, expected))
    if mine == due:
        return None
    return f"In the example a one becomes {mine} in evaluation where {due} is expected."
