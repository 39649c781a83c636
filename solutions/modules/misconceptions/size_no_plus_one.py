"""You count the steps, not the places: one is missing."""

HINT = "A kernel that fits exactly once makes no step, but it has one place."
EDITS = {
    "output_size": [("return room // stride + 1", "return room // stride")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    places = [i for i in range(3) if yours[i] != expected[i]]
    if not places:
        return None
    i = places[0]
    return f"In the example your size number {i + 1} is {yours[i]} where {expected[i]} is due."
