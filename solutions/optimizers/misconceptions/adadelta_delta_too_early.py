"""You update d before you use it."""

HINT = "The step uses the old d, for the new one is made of this very step."
EDITS = {
    "adadelta_step": [("delta = A_\ndelta_avg = B_", "delta = A_\ndelta_avg = B_\ndelta = A_")],
}
