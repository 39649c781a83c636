"""You take mean and deviation over training and test data together."""

HINT = "The test data stand for what is not known yet, so they have no part in the statistics."
QUESTION = "Does your training data change if somebody hands in other test data?"
WORKED = """
Training 2 and 4, test 12. The mean that may be known is that of training, 3.
  with the test data:   (2 + 4 + 12) / 3 = 6, and the training data become −4 and −2
  without:              −1 and 1
"""
EDITS = {
    "standardize": [
        ("train.mean(*A_)", "torch.cat([train, test]).mean(*A_)"),
        ("train.std(*A_)", "torch.cat([train, test]).std(*A_)"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare one number of the example."""
    return f"In the example your training data begin with {yours[0][0, 0].item():.4g}; they should begin with {expected[0][0, 0].item():.4g}."
