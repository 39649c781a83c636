"""You take the variance for the standard deviation of the normal law."""

HINT = "normal_ asks for the deviation, the root of the variance."
EDITS = {
    "xavier_normal_": [("math.sqrt(A_ / B_)", "A_ / B_")],
}
