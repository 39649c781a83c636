"""You do not count the positions of the kernel."""

from __future__ import annotations

HINT = (
    "One output pixel of a convolution adds up a whole window of every input channel, so both channel counts "
    "are multiplied by the number of positions in the kernel."
)
QUESTION = "How many numbers of the input does one output pixel of a 3 × 3 convolution look at?"
WORKED = """
A convolution with 2 input channels and a kernel of 5 × 5: one output pixel adds up 2 · 25 = 50 products.
With 8 output channels one input pixel takes part in 8 · 25 = 200 of them.
"""
EDITS = {
    "fans": [("positions = A_", "positions = 1")],
}


def evidence(exercise, yours, expected):
    """Compare the pairs of the second public example."""
    return f"In the example a kernel of 15 positions gives {int(yours[1][0]), int(yours[1][1])}; {tuple(expected[1])} is expected."
