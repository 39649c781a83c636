"""You do not use the dilation."""

HINT = (
    "With dilation d two neighbours of the kernel are d pixels apart. How many pixels are there from its first to "
    "its last?"
)
QUESTION = "How many pixels lie between the first and the last one that your kernel looks at?"
WORKED = """
A kernel of 4 with dilation 3 looks at the pixels 0, 3, 6 and 9: it spans 10 pixels, 3·(4 − 1) + 1.
In a row of 12 it has 12 − 10 + 1 = 3 places. Without its dilation it would have 12 − 4 + 1 = 9.
"""
EDITS = {
    "output_size": [
        [("dilation * (kernel_size - 1) + 1", "kernel_size")],
        [("X_ // stride", "(X_ + span - kernel_size) // stride")],
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
