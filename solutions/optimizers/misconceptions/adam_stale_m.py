"""Your step uses the m of the step before."""

HINT = "Update the averages first, then step with the new ones: at the first step the old m is still zero."
EDITS = {
    "adam_step": [("FIRST", "old = m"), ("m_hat = m / X_", "m_hat = old / X_")],
    "Adam": [
        ('BEFORE state["m"].mul_(A_).add_(*B_)', 'old = state["m"].clone()'),
        ('m_hat = state["m"] / X_', "m_hat = old / X_"),
    ],
}
