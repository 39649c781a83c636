"""You add up the squares, as Adagrad does, instead of averaging them."""

HINT = "RMSprop forgets: the old average keeps the weight α, the new square gets 1 − α."
EDITS = {
    "rmsprop_step": [("square_avg = A_ * square_avg + B_ * X_", "square_avg = square_avg + X_")],
}
