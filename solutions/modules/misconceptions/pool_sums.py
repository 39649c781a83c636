"""In the mode avg you take the sum of a window, not its mean."""

HINT = "A window of k × k pixels holds k² numbers."
EDITS = {
    "pool2d": [("windows.mean(A_)", "windows.sum(A_)")],
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
