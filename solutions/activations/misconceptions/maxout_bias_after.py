"""You add the bias after the maximum; each map has its own, which decides who wins."""

HINT = "A map is W·x + b. Its bias belongs to it before the maps are compared."
QUESTION = "Does a map with a very large bias win more often in your function?"
WORKED = """
Two maps at x = 1: 2·x + 0 = 2 and 1·x + 5 = 6. The largest is 6.
  biases before the maximum:   max(2, 6) = 6
  the maximum first:           max(2, 1) = 2: the first map wins, whose bias is 0
"""
EDITS = {
    "maxout": [
        [("A_ + bias", "A_"), ("A_.amax(1)", "A_.amax(1) + bias.amax(0)")],
        [("A_ + bias", "A_"), ("A_.amax(1)", "A_.amax(1) + bias[A_.argmax(1), torch.arange(bias.shape[1])]")],
        [("A_ + bias", "A_"), ("A_.amax(1)", "A_.amax(1) + bias.sum(0)")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the unit that is furthest off."""
    wrong = (yours - expected).abs().argmax()
    if yours.flatten()[wrong] == expected.flatten()[wrong]:
        return None
    mine, due = f"{float(yours.flatten()[wrong]):.4g}", f"{float(expected.flatten()[wrong]):.4g}"
    if mine == due:
        return None
    return f"In the example one of your units is {mine}; {due} is expected."
