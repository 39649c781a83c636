"""Your step goes along μ·v alone, without the gradient."""

HINT = "Nesterov's step is the gradient plus what the new velocity will carry on: g + μ·v."
EDITS = {
    "nesterov_step": [("grad + momentum * velocity", "momentum * velocity")],
    "Momentum": [("p.grad + mu * velocity", "mu * velocity")],
}
