"""Your weights are all of one sign: you draw between zero and a positive bound."""

from __future__ import annotations

HINT = (
    "torch.rand is uniform between 0 and 1. Weights lie around zero, on both sides; with a mean that is not "
    "zero the variances do not add up as the derivation assumes."
)
QUESTION = "What is the mean of your weights, and what should it be?"
WORKED = """
torch.rand gives numbers between 0 and 1; their mean is 0.5.
To have numbers between −3 and 3: twice as wide as 3 is 6, so 6 · u runs from 0 to 6, and 6 · u − 3 from −3 to 3, with
mean 0.
"""
EDITS = {
    "xavier_uniform_": [("X_.uniform_(-bound, *A_)", "X_.uniform_(0.0, *A_)")],
}


def evidence(exercise, yours, expected):
    """Name the smallest weight of the public example."""
    key = "smallest over a"
    return f"In the example your smallest weight is {float(yours[key]):.1f} times a; {float(expected[key]):.1f} is expected."
