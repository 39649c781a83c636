"""Your optimizer does not skip parameters whose .grad is None."""

HINT = "A parameter that had no part in the loss has no gradient: p.grad is None. Go on to the next parameter then."
EDITS = {
    "Momentum": [("if p.grad is None:\n    continue", "")],
    "Adam": [("if p.grad is None:\n    continue", "")],
}
