"""You keep an incomplete last batch even with drop_last."""

HINT = "With drop_last every batch has batch_size indices. What is left over is left out."
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
