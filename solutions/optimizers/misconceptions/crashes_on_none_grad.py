"""Your optimizer does not skip parameters whose .grad is None."""

HINT = "A parameter that took no part in the loss has no gradient: p.grad is None. Then go on to the next parameter."
EDITS = {
    "Momentum": [("if p.grad is None:\n    continue", "")],
    "Adam": [("if p.grad is None:\n    continue", "")],
}
