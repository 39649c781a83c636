"""You divide by the sum of squares instead of its root."""

HINT = "The root of the sum of squares has the size of a gradient; the sum itself has the size of its square."
EDITS = {
    "adagrad_step": [("X_.sqrt() + eps", "X_ + eps")],
}
