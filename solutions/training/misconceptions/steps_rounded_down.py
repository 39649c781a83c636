"""You round down, so an incomplete last batch makes no update."""

HINT = "The last samples are trained on too, in a smaller batch. // leaves them out."
QUESTION = "What happens to the last 5 samples of 105 in batches of 10?"
WORKED = """
Buses with 40 seats for 90 people: 90 // 40 = 2 buses, and 10 people stand on the road. Three are needed.
"""
EDITS = {
    "steps_per_epoch": [
        ("return A_", "return whole"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the counts of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example you count {int(yours[0])} updates for 1000 samples in batches of 32; {expected[0]} of them are due, the last one with 8 samples."
