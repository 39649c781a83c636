"""You keep an incomplete last batch even with drop_last."""

HINT = "With drop_last every batch has batch_size indices. What is left over is left out."
QUESTION = "How many indices has your last batch, for 10 samples in batches of 4 with drop_last?"
WORKED = """
7 indices in batches of 3: (0, 1, 2), (3, 4, 5) and (6). With drop_last the single one goes, and two batches are left.
"""
EDITS = {
    "minibatches": [
        ("if drop_last and A_:\n    *B_", ""),
    ],
}


def evidence(exercise, yours, expected):
    """Look at the batches of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example, with drop_last, your batches are {yours[1]}; {expected[1]} are due."
