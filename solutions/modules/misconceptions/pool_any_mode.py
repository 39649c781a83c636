"""You accept any mode: what is not max counts as avg."""

HINT = "Somebody who writes 'median' should be told so: raise a ValueError for a mode that you do not know."
EDITS = {
    "pool2d": [("if mode not in ('max', 'avg'):\n    *A_", "")],
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
