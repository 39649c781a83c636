"""You return a float, or half a place, where a whole number is expected."""

HINT = "The operator / gives a float, and // rounds down to a whole number."
QUESTION = "Which type does your result have? Look at type(output_size(7, 3))."
WORKED = """
In Python 8 / 2 is 4.0, a float, and 8 // 2 is 4, an int. range(4.0) raises an error, and so does a layer of width 4.0.
"""
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
    return f"In the example your size number {i + 1} is {yours[i]} where {expected[i]} is expected."
