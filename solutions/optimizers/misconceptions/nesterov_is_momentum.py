"""Where Nesterov's momentum is asked for you step as plain momentum does; looking ahead along the old velocity
comes to the same."""

HINT = "Nesterov's step looks ahead: it goes along g + μ·v with the new velocity."
EDITS = {
    "nesterov_step": [("grad + momentum * velocity", "velocity")],
    "Momentum": [('A_ if group["nesterov"] else B_', "B_")],
}
