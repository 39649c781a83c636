"""You take the largest probability of each sample, not that of its label."""

HINT = "The model would be praised for being sure, right or wrong. The labels have to play a part."
EDITS = {
    "cross_entropy": [("A_.gather(*B_)", "A_.amax(1)")],
}


def evidence(exercise, yours, expected):
    """Look at the confident wrong answer."""
    mine, due = f"{float(yours[1]):.6g}", f"{float(expected[1]):.6g}"
    if mine == due:
        return None
    return f"In the example your loss for the confident wrong answer is {mine}; {due} is expected."
