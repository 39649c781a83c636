"""Your violins show the other attribute: weights for gradients, or gradients for weights."""

HINT = (
    'att says what is drawn: with "grad" it is the gradient of each weight, with "weight" the weight itself. The title '
    "alone does not make it so."
)
EDITS = {
    "weights_vp": [('A_ if att == "grad" else B_', 'B_ if att == "grad" else A_')],
}
