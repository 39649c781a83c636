"""You subtract the square of the mean gradient, as the centered form does."""

HINT = "Plain RMSprop divides by the root of the mean square, with no mean subtracted."
EDITS = {
    "rmsprop_step": [
        ("AFTER square_avg = A_", "centered = square_avg - ((1 - alpha) * grad) ** 2"),
        ("square_avg.sqrt()", "centered.sqrt()"),
    ],
}
