"""You walk uphill: the sign of the step is wrong."""

HINT = "The gradient points uphill and the velocity collects gradients, so the parameter moves against the velocity."
EDITS = {
    "momentum_step": [("param - A_", "param + A_")],
    "Momentum": [('-group["lr"]', 'group["lr"]')],
}
