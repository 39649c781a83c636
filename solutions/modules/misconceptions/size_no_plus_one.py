"""You count the steps, not the places: one is missing."""

HINT = "A kernel that fits exactly once makes no step, but it has one place."
QUESTION = "How many places are there if the kernel is as large as the image?"
WORKED = """
A ruler of 3 cm on a line of 10 cm, moved by 1 cm each time: its left end stands at 0, 1, …, 7.
10 − 3 = 7 moves, and 8 places, because the first place needs no move.
"""
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
    return f"In the example your size number {i + 1} is {yours[i]} where {expected[i]} is expected."
