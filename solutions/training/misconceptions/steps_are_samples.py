"""You count samples, not batches."""

HINT = "One update is made for each batch. In Python # begins a comment; // divides."
QUESTION = "Which sign divides in Python, and which one begins a comment?"
WORKED = """
boxes = 30 # 6     gives 30: what stands behind # is not read
boxes = 30 // 6    gives 5
"""
EDITS = {
    "steps_per_epoch": [
        ("return A_", "return n"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the counts of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example you count {int(yours[0])} updates, one for each sample; batches of 32 make {expected[0]}."
