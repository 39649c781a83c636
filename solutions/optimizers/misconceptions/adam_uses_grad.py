"""Your step goes along the gradient itself instead of its corrected average m̂."""

HINT = (
    "m̂ is the momentum part of Adam: the numerator is the average of the gradients, not the last "
    "one. (With g it would be RMSprop.)"
)
EDITS = {
    "adam_step": [("A_ * m_hat / X_", "A_ * grad / X_")],
    "Adam": [("A_ * m_hat / X_", "A_ * grad / X_")],
}
