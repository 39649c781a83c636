"""Where plain momentum is asked for you step as Nesterov does, along g + μ·v."""

HINT = "Plain momentum moves along the new velocity itself: p ← p − lr·v."
EDITS = {
    "momentum_step": [("lr * velocity", "lr * (grad + momentum * velocity)")],
    "Momentum": [('A_ if group["nesterov"] else B_', "A_")],
}
