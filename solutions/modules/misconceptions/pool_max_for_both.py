"""You take the largest number whatever the mode is."""

HINT = "mode decides between two ways to make one number of a window."
EDITS = {
    "pool2d": [("windows.amax(A_) if mode == 'max' else B_", "windows.amax(A_)")],
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
