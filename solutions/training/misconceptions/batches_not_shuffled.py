"""You never shuffle."""

HINT = "With shuffle=True, the default, the indices come in random order; without it every epoch is the same."
QUESTION = "Do two passes of yours give the batches in the same order?"
WORKED = """
range(6) in batches of 2 is always (0, 1), (2, 3), (4, 5). Shuffled: (4, 0), (5, 2), (1, 3), and another time otherwise.
"""
EDITS = {
    "minibatches": [
        ("A_ if shuffle else B_", "B_"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at the batches of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    if yours[4] is True:
        return f"In the example your shuffled indices come in the order {', '.join(map(str, yours[3][:4]))}, … {yours[3][-1]}."
    return None
