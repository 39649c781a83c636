"""You apply softmax twice: cross-entropy has one inside, and you put probabilities into it."""

HINT = (
    "log_softmax takes scores. Probabilities lie between 0 and 1, so as scores they hardly differ, and no answer "
    "can ever be confident."
)
QUESTION = "What goes into log_softmax in your function: scores, or probabilities?"
WORKED = """
Scores 4 and 0, the first one is right: softmax is 0.982, the loss −log 0.982 = 0.018.
With a softmax before: the "scores" are 0.982 and 0.018, softmax of these is 0.724, the loss 0.323.
A sure and right answer would be punished 18 times as hard.
"""
EDITS = {
    "cross_entropy": [("log_softmax(A_, 1)", "log_softmax(softmax(A_, 1), 1)")],
}


def evidence(exercise, yours, expected):
    """Compare the loss of the two samples."""
    mine, due = f"{float(yours[0]):.10g}", f"{float(expected[0]):.10g}"
    if mine == due:
        return None
    return f"In the example your loss is {mine}; {due} is expected."
