"""You change an input in place."""

from __future__ import annotations

HINT = (
    "sort(), -= and methods that end in _ write into what the caller still holds. sorted(…), max(…), and "
    "plain arithmetic make something new."
)
QUESTION = "Which tensors does whoever called your function still hold, and what do they hold after the call?"
WORKED = """
`total += x` and `total = total + x` look alike. With total = [1, 2] and x = [10, 10]:
  total = total + x   makes a new list of numbers [11, 12]; who holds the old one still reads [1, 2].
  total += x          writes into the old one; whoever gave it to you now reads [11, 12].
Methods of torch that end in _ write as += does.
"""


def rows_identical(weight, atol=0.0):
    weight -= weight[0].clone()
    return bool((weight.abs() <= atol).all())


def glorot_ratio(variances):
    variances.sort()
    return variances[-1] / variances[0]
