"""You normalise each sample over its features, not each feature over the batch."""

HINT = (
    "The mean runs over the samples: of (N, features) the first dimension goes. Over the features it would be "
    "layer normalisation."
)
QUESTION = "Which shape does your mean have for a batch of 8 samples with 3 features?"
WORKED = """
Two samples with three features: (1, 10, 100) and (3, 30, 300).
  over the batch:      the means 2, 20, 200, one for each feature
  over the features:   37 and 111, which mix metres with grams
"""
EDITS = {
    "BatchNorm1d": [
        [
            ("mean = x.mean(0)", "mean = x.mean(1, keepdim=True)"),
            ("var = x.var(0, correction=0)", "var = x.var(1, correction=0, keepdim=True)"),
            ("m * mean", "m * x.mean(0)"),
        ],
        [
            ("mean = x.mean(0)", "mean = x.mean(1, keepdim=True)"),
            ("var = x.var(0, correction=0)", "var = x.var(1, correction=0, keepdim=True)"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours[1][2]:.4f}", f"{expected[1][2]:.4f}"
    if mine == due:
        return None
    return f"In the example your last output in training is {mine} where {due} is expected."
