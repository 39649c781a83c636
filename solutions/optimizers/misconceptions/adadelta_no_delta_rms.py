"""Your step lacks the numerator √(d + ε)."""

HINT = (
    "Adadelta scales the gradient by the size of its own past steps: the numerator √(d + ε) gives the"
    " step the parameter's unit."
)
EDITS = {
    "adadelta_step": [("A_ / B_ * grad", "grad / B_")],
}
