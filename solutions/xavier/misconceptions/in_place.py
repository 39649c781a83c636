"""You change an input in place."""

from __future__ import annotations

HINT = (
    "sort(), -= and methods that end in _ write into what the caller still holds. sorted(…), max(…), and "
    "plain arithmetic make something new."
)


def rows_identical(weight, atol=0.0):
    weight -= weight[0].clone()
    return bool((weight.abs() <= atol).all())


def glorot_ratio(variances):
    variances.sort()
    return variances[-1] / variances[0]
