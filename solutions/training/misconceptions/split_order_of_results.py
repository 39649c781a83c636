"""Your results stand in scikit-learn's order: x_train, x_test, y_train, y_test."""

HINT = "Here the four parts come pairwise: x_train, y_train, x_test, y_test."
QUESTION = "What is the second of the four tensors that you return?"
WORKED = """
A call w, h = size() takes what comes first as w. A function that returns (h, w) has the right numbers
at the wrong places.
Here the second place is that of y_train.
"""
EDITS = {
    "split": [
        ("return A_, B_, C_, D_", "return A_, C_, B_, D_"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at lengths and pairs of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your second part has {yours[1]} rows, the rows of x_test; y_train has {expected[1]}."
