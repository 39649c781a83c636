"""You keep a moving average of the squares, as RMSprop does, instead of their sum."""

HINT = "Adagrad forgets nothing: s ← s + g²."
EDITS = {
    "adagrad_step": [("square_sum = square_sum + A_", "square_sum = 0.9 * square_sum + 0.1 * A_")],
}
