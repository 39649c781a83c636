"""You take the root of the numerator alone, and divide by the sum of the fans."""

HINT = (
    "The root goes over the whole fraction: the variance is 2/(fan_in + fan_out), and a deviation is the root of "
    "a variance."
)
EDITS = {
    "xavier_uniform_": [("math.sqrt(A_ / B_)", "math.sqrt(A_) / B_")],
    "xavier_normal_": [("math.sqrt(A_ / B_)", "math.sqrt(A_) / B_")],
}
