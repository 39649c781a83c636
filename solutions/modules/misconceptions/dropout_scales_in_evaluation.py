"""You scale in evaluation, as in the first paper; here it is done in training."""

HINT = "In training what is left is divided by 1 − p, and in evaluation x comes back as it is."
QUESTION = "Which of the two modes changes your numbers when nothing is dropped any more?"
WORKED = """
p = 0.5 and x = 4.
  here:           training gives 0 or 4 / 0.5 = 8, evaluation gives 4
  as in 2014:     training gives 0 or 4, evaluation gives 4 · 0.5 = 2
In both the mean of training is the value of evaluation: (0 + 8) / 2 = 4, (0 + 4) / 2 = 2.
"""
EDITS = {
    "Dropout": [
        [
            ("x * keep / (1 - self.p)", "x * keep"),
            ("if not self.training:\n    return x", "if not self.training:\n    return x * (1 - self.p)"),
        ],
        [("if not self.training:\n    return x", "if not self.training:\n    return x * (1 - self.p)")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = (f"{side['in evaluation']:.3g}" for side in (yours, expected))
    if mine == due:
        return None
    return f"In the example a one becomes {mine} in evaluation where {due} is expected."
