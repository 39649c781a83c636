"""You do not use the stride that is given."""

HINT = "Windows lie side by side only if stride is None."
EDITS = {
    "pool2d": [("kernel_size if stride is None else stride", "kernel_size")],
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
