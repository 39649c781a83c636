"""You take the logarithm of the softmax: for a confident wrong answer that is log 0, or what you add to it."""

HINT = (
    "e⁻⁹⁰⁰ is 0 in floating point, so the probability is gone before its logarithm is taken. Adding a small "
    "number only hides it: the loss stops growing, and so does the gradient. log_softmax takes the logarithm in "
    "time."
)
QUESTION = "What is your loss if the right class has a score 900 below the largest one?"
WORKED = """
The right class lies 800 below: its share is e^−800 = 0 in floating point, and −log 0 is infinite.
−log(0 + 1e-9) = 20.7 is finite, but it is 20.7 for 1000 and 5000 as well. −(−800 − log 1) = 800 tells them apart.
"""
EDITS = {
    "cross_entropy": [
        [("log_softmax(A_, 1)", "torch.log(softmax(A_, 1))")],
        [("log_softmax(A_, 1)", "torch.log(softmax(A_, 1) + 1e-12)")],
        [("log_softmax(A_, 1)", "torch.log(softmax(A_, 1) + 1e-9)")],
    ],
}


def evidence(exercise, yours, expected):
    """Look at the confident wrong answer."""
    mine, due = f"{float(yours[1]):.6g}", f"{float(expected[1]):.6g}"
    if mine == due:
        return None
    return f"In the example your loss for the confident wrong answer is {mine}; {due} is expected."
