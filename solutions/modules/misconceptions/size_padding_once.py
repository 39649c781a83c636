"""You count the padding once, but it stands on both sides."""

HINT = "With a padding of p the image is 2·p larger."
QUESTION = "How many zeros does a row of your image get in all, with padding 2?"
WORKED = """
A row of 6 pixels with padding 3 has 3 zeros on the left and 3 on the right: 6 + 2·3 = 12 pixels.
A kernel of 5 then has 12 − 5 + 1 = 8 places. With the padding counted once it would be 9 − 5 + 1 = 5.
"""
EDITS = {
    "output_size": [
        [("size + 2 * padding - span", "size + padding - span")],
        # What does not fit is refused rightly all the same.
        [("X_ // stride", "(X_ - padding) // stride")],
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
