"""Your test data contain the training data."""

HINT = "What the model has seen says nothing about new data. The test data are all pairs that are not for training."
QUESTION = "Which pairs do your training data and your test data have in common?"
WORKED = """
Ten pupils; seven practise with the exam itself. If the exam is given to all ten, seven of them know it already.
The three others are the test.
"""
EDITS = {
    "split": [
        [
            ("train, test = A_, B_", "train, test = A_, order"),
        ],
        [
            ("return A_, B_, C_, D_", "return A_, B_, x, y"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Look at lengths and pairs of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example, with 10 pairs and a rate of 0.35, you have {yours[0]} pairs for training and {yours[2]} for testing; {expected[0]} and {expected[2]} are due."
