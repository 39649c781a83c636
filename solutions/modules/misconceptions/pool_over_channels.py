"""You pool over the channels too: only one is left."""

HINT = "Each channel is pooled for itself, so there are as many afterwards as before."
EDITS = {
    "pool2d": [
        ("windows.amax(A_)", "windows.amax((1, -2, -1))[:, None]"),
        ("windows.mean(A_)", "windows.mean((1, -2, -1))[:, None]"),
    ],
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
