"""You count the padding once, but it stands on both sides."""

HINT = "With a padding of p the image is 2·p larger."
EDITS = {
    "output_size": [("size + 2 * padding - span", "size + padding - span")],
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
