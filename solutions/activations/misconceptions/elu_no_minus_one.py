"""You leave out the −1: your ELU jumps at zero and is never negative."""

HINT = "At zero both sides have to meet: eˣ is 1 there, and the value has to be 0."
QUESTION = "Which value has the negative side of your function just left of zero?"
WORKED = """
alpha = 2: at −1 the value is 2 · (e^−1 − 1) = 2 · (0.368 − 1) = −1.264.
Without the −1 it is 0.736, above zero, and next to 0 it is nearly 2, where the right side begins at 0.
"""
EDITS = {
    "ELU": [("torch.expm1(A_)", "torch.exp(A_)")],
}


def evidence(exercise, yours, expected):
    """Compare the value at minus one."""
    mine, due = f"{float(yours[0][0]):.4g}", f"{float(expected[0][0]):.4g}"
    if mine == due:
        return None
    return f"In the example your value at −1 is {mine}; below zero ELU is negative: {due}."
