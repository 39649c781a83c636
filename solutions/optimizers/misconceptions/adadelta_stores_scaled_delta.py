"""Your d averages (lr·Δ)² instead of Δ²."""

HINT = "d belongs to the step before the learning rate: average Δ², then scale by lr when the parameter moves."
EDITS = {
    "adadelta_step": [("delta = A_", "delta = lr * (A_)"), ("lr * delta", "delta")],
}
