"""You leave out the −1: your ELU jumps at zero and is never negative."""

HINT = "At zero both sides have to meet: eˣ is 1 there, and the value has to be 0."
EDITS = {
    "ELU": [("torch.expm1(A_)", "torch.exp(A_)")],
}


def evidence(exercise, yours, expected):
    """Compare the value at minus one."""
    return f"In the example your value at −1 is {float(yours[0][0]):.4g}; below zero ELU is negative: {float(expected[0][0]):.4g}."
