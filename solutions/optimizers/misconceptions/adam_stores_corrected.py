"""You keep the corrected averages m̂ and v̂ as the state."""

HINT = (
    "The correction is for this step alone. What goes on to the next step are the plain averages m "
    "and v, or they are corrected again and again."
)
EDITS = {
    "adam_step": [("return A_, m, v", "return A_, m_hat, v_hat")],
    "Adam": [("AFTER p.sub_(A_)", 'state["m"], state["v"] = m_hat, v_hat')],
}
