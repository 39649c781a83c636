"""You compare answers of shape (N,) with labels of shape (N, 1): every answer with every label."""

HINT = "Two tensors of shapes (N,) and (N, 1) broadcast to (N, N). Bring the labels to one dimension first."
QUESTION = "Which shape has your comparison, if the labels are a column?"
WORKED = """
Answers (0, 1, 1) and labels (0, 1, 1) as a column: every answer meets every label, 9 comparisons, 5 of them equal.
That is 0.56. Element by element 3 of 3 are right: 1.0.
"""
EDITS = {
    "accuracy": [
        ("labels.reshape(-1)", "labels"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the accuracies of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your accuracy is {float(yours[1]):.4g} where the labels are a column; it is {expected[1]:.4g}, as it was before."
