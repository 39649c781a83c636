"""You return (fan_out, fan_in): the order of the dimensions is the other way round."""

from __future__ import annotations

HINT = (
    "A Linear's weight has the shape (out, in): each row makes one output. The number of inputs stands last, "
    "and fan_in is asked for first."
)
QUESTION = "A Linear with 10 inputs and 3 outputs: which shape has its weight? Print it."
WORKED = """
nn.Linear(7, 2).weight has the shape (2, 7): two rows, one for each output, with seven numbers each.
So seven inputs come into each output. Which place of the shape says seven?
"""
EDITS = {
    "fans": [("return A_, B_", "return B_, A_")],
}


def evidence(exercise, yours, expected):
    """Compare the pairs of the first public example."""
    return f"In the example a weight of shape (2, 3) gives {int(yours[0][0]), int(yours[0][1])}; {tuple(expected[0])} is expected."
