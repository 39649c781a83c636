"""You round up where what is left over at the end is not used."""

HINT = "A last step that does not fit completely is not made. Which division of whole numbers rounds down?"
QUESTION = "Where does your last window end, and is the image as long as that?"
WORKED = """
A row of 9, a kernel of 2, a stride of 3: the windows begin at 0, 3 and 6. One at 9 would lie outside.
(9 − 2) / 3 = 2.33. Rounded down and plus one: 3 places. Rounded up and plus one: 4, one too many.
"""
EDITS = {
    "output_size": [
        [("room // stride + 1", "-(-room // stride) + 1")],
        [("room // stride + 1", "math.ceil(room / stride) + 1")],
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
