"""Your look ahead uses the old velocity."""

HINT = "Update the velocity first; the step then goes along g + μ·v with the new one."
# g + μ·v with the old v is the new velocity itself: looking ahead along the old one is plain momentum.
EQUALS = {"nesterov_step": "nesterov-is-momentum", "Momentum": "nesterov-is-momentum"}
EDITS = {
    "nesterov_step": [("FIRST", "old = velocity"), ("grad + momentum * velocity", "grad + momentum * old")],
    "Momentum": [("BEFORE velocity.mul_(mu).add_(*A_)", "old = velocity.clone()"), ("mu * velocity", "mu * old")],
}
