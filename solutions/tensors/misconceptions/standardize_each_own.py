"""You standardize the test data by their own mean and deviation."""

HINT = "Both have to be measured with one ruler: that of the training data."
EDITS = {
    "standardize": [
        [
            (
                "return A_, B_",
                "own = test.std(0, correction=0)\n"
                "own = torch.where(own == 0, torch.ones_like(own), own)\n"
                "return A_, (test - test.mean(0)) / own",
            ),
        ],
        [("return A_, B_", "return A_, (test - test.mean(0)) / test.std(0, correction=0)")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare one number of the example."""
    return f"In the example your test row begins with {yours[1][0, 0].item():.4g}; it should begin with {expected[1][0, 0].item():.4g}."
