"""Your gradients add up over the steps."""

HINT = (
    "backward() adds to .grad. Clear it before each step, or use torch.autograd.grad, which returns the gradient alone."
)
EDITS = {
    "gradient_descent": [
        ("AFTER path = A_", "total = 0"),
        ("AFTER (gradient,) = A_", "total = total + gradient"),
        ("lr * gradient", "lr * total"),
    ],
}
