"""You return a float, or half a place, where a whole number is due."""

HINT = "The operator / gives a float, and // rounds down to a whole number."
EDITS = {
    "output_size": [
        [("room // stride + 1", "room / stride + 1")],
        [("room // stride + 1", "float(room // stride + 1)")],
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
    return f"In the example your size number {i + 1} is {yours[i]} where {expected[i]} is due."
