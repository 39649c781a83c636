"""You standardize the test data by their own mean and deviation."""

HINT = "Both have to be measured with one ruler: that of the training data."
QUESTION = "Two rows are the same, one in train and one in test. Are they the same after your function?"
WORKED = """
Heights in training 160, 170, 180; in the test 180, 190. The mean of training is 170.
  both minus 170:            −10, 0, 10 and 10, 20: a person of 180 is 10 in both
  the test minus its 185:    −10, 0, 10 and −5, 5: a person of 180 is 10 in one and −5 in the other
"""
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
        [
            (
                "return A_, B_",
                "own = test.std(0)\nown[own == 0] = 1\nreturn A_, (test - test.mean(0)) / own",
            ),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare one number of the example."""
    return f"In the example your test row begins with {yours[1][0, 0].item():.4g}; it should begin with {expected[1][0, 0].item():.4g}."
