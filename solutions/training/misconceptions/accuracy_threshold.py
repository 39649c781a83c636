"""You count answers whose probability is above one half."""

HINT = (
    "With many classes the largest probability may be well below ½, and the answer is right all the same. Only "
    "the place of the largest score counts."
)
QUESTION = "Which answer does a model give whose scores are all below one half?"
WORKED = """
Shares 0.4, 0.3 and 0.3: the answer is class 0, because 0.4 is the largest, though it is below one half.
"""
EDITS = {
    "accuracy": [
        ("right = A_", "right = scores.softmax(1).gather(1, labels.reshape(-1, 1)) > 0.5"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the accuracies of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your accuracy is {float(yours[0]):.4g}; two of three answers are right, which is {expected[0]:.4g}."
