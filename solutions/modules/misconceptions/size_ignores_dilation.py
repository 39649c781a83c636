"""You do not use the dilation."""

HINT = (
    "With dilation d two neighbours of the kernel are d pixels apart. How many pixels are there from its first to "
    "its last?"
)
EDITS = {
    "output_size": [("dilation * (kernel_size - 1) + 1", "kernel_size")],
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
