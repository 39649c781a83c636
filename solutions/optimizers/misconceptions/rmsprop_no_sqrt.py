"""You divide by the average of squares instead of its root."""

HINT = "The root of the average has the size of a gradient; the average itself has the size of its square."
EDITS = {
    "rmsprop_step": [("X_.sqrt() + eps", "X_ + eps")],
}
