"""Your list is in reverse: the last weight's gradient comes first."""

HINT = "Backpropagation finds the gradients from the last to the first; what is asked for is the order of the weights."
EDITS = {
    "chain_gradient": [("return gradients", "return gradients[::-1]")],
}
