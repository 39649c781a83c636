"""You never shuffle."""

HINT = "With shuffle=True, the default, the indices come in random order; without it every epoch is the same."
EDITS = {
    "minibatches": [
        ("A_ if shuffle else B_", "B_"),
    ],
}
