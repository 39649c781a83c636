"""You add up absolute gradients instead of squares."""

HINT = "s collects g², and the root is taken when it is used."
EDITS = {
    "adagrad_step": [("grad**2", "grad.abs()")],
}
