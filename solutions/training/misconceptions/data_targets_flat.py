"""Your y has shape (n,), where (n, 1) is asked for."""

HINT = "A model with one output gives (n, 1). Targets of shape (n,) broadcast against it to (n, n), and nothing raises."
QUESTION = "Which shape has model(x) − y, if the model gives (n, 1) and your y is (n,)?"
WORKED = """
Three answers as a column, three targets flat: (3, 1) minus (3,) is (3, 3), nine differences.
With targets (3, 1) there are three.
"""
EDITS = {
    "polynomial_data": [
        ("return x, A_", "return x, (A_).flatten()"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at shapes and deviations of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your y has shape {tuple(yours[1])}; {tuple(expected[1])} is expected."
