"""You take the logarithm to base two; the natural one is asked for."""

HINT = "Your loss is 1/log 2 = 1.4427 times too large: it counts bits, not natural units."
EDITS = {
    "cross_entropy": [
        [("return A_", "return A_ / 0.6931471805599453")],
        [("log_softmax(A_, 1)", "torch.log2(softmax(A_, 1))")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the loss of the two samples."""
    mine, due = f"{float(yours[0]):.10g}", f"{float(expected[0]):.10g}"
    if mine == due:
        return None
    return f"In the example your loss is {mine}; {due} is expected."
