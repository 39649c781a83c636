"""Your slopes start at zero, not at init."""

HINT = "With a slope of zero the layer starts as a ReLU, dead side included. init says where it starts."
QUESTION = "Which numbers does your weight hold, right after the layer was made with init=0.1?"
WORKED = """
PReLU(2, init=0.3) holds (0.3, 0.3): at −10 it gives −3, before any training. With zeros it would give 0.
"""
EDITS = {
    "PReLU": [("float(init)", "0.0")],
}


def evidence(exercise, yours, expected):
    """Show the start of the example."""
    if yours[0][0][1] == expected[0][0][1]:
        return None
    return f"In the example, with init=0.5, your slopes start at {yours[0][0][1]}."
