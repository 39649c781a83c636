"""Where Nesterov's momentum is due you step as plain momentum does, which is also what looking ahead along
the old velocity comes to."""

HINT = "Nesterov's step looks ahead: it goes along g + μ·v with the new velocity."
EDITS = {
    "nesterov_step": [("grad + momentum * velocity", "velocity")],
    "Momentum": [('A_ if group["nesterov"] else B_', "B_")],
}
