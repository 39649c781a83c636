"""You return the weights, not their gradients."""

HINT = "A parameter's value is the tensor itself; what backward() computed for it is in its .grad."
EDITS = {
    "linear_gradients": [("module.weight.grad.detach()", "module.weight.detach()")],
}
