"""Without a stride your windows move one pixel at a time."""

HINT = "If no stride is given windows lie side by side: the stride is the size of the window."
QUESTION = "By how many columns does your window move, if nobody says anything about the stride?"
WORKED = """
A row (3, 1, 4, 1, 5, 9) with windows of 2:
  moved by 2:   (3, 1), (4, 1), (5, 9), with the largest 3, 4, 9
  moved by 1:   five windows, with the largest 3, 4, 4, 5, 9
"""
EDITS = {
    "pool2d": [("kernel_size if stride is None else stride", "1 if stride is None else stride")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    places = [i for i in range(3) if yours[i] != expected[i]]
    if not places:
        return None
    i = places[0]
    return f"In the example your result number {i + 1} is {yours[i]} where {expected[i]} is expected."
