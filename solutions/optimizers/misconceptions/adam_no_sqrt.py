"""You divide by v̂ instead of its root."""

HINT = "v̂ estimates the square of the gradient. Its root has the gradient's size, so that the quotient has none."
EDITS = {
    "adam_step": [("X_.sqrt() + eps", "X_ + eps")],
    "Adam": [('X_.sqrt() + group["eps"]', 'X_ + group["eps"]')],
}
