"""Without a stride your windows move one pixel at a time."""

HINT = "If no stride is given windows lie side by side: the stride is the size of the window."
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
    return f"In the example your result number {i + 1} is {yours[i]} where {expected[i]} is due."
