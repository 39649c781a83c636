"""You add the one before you divide by the stride."""

HINT = "The first place is there before any step is made. Only the steps after it are divided by the stride."
EDITS = {
    "output_size": [("room // stride + 1", "(room + 1) // stride")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    places = [i for i in range(3) if yours[i] != expected[i]]
    if not places:
        return None
    i = places[0]
    return f"In the example your size number {i + 1} is {yours[i]} where {expected[i]} is expected."
