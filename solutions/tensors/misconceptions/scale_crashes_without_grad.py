"""Your layer raises an error for a tensor that requires no gradient."""

HINT = "register_hook wants a tensor that requires a gradient. Look at requires_grad before."
EDITS = {
    "GradientScale": [("if out.requires_grad:\n    *A_", "out.register_hook(lambda gradient: gradient * self.factor)")],
}
