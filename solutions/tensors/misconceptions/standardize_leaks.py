"""You take mean and deviation over training and test data together."""

HINT = "The test data stand for what is not known yet, so they have no part in the statistics."
EDITS = {
    "standardize": [
        ("train.mean(*A_)", "torch.cat([train, test]).mean(*A_)"),
        ("train.std(*A_)", "torch.cat([train, test]).std(*A_)"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare one number of the example."""
    return f"In the example your training data begin with {yours[0][0, 0].item():.4g}; they should begin with {expected[0][0, 0].item():.4g}."
