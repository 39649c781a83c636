"""What .grad held before the call is part of your result."""

HINT = "backward() adds to .grad. torch.autograd.grad gives a gradient by itself."
EDITS = {
    "accumulated_gradient": [
        [
            ("gradients = A_", "(loss_fn(model(x), y) * (len(y) / count)).backward()"),
            ("for name, gradient in A_:\n    *B_", ""),
            ("total = A_", ""),
            ("return total", "return {name: p.grad.clone() for name, p in named.items()}"),
        ],
        [
            ("gradients = A_", "(loss_fn(model(x), y) * (len(y) / count)).backward()"),
            ("for name, gradient in A_:\n    *B_", ""),
            ("total = A_", ""),
            ("return total", "return {name: p.grad for name, p in named.items()}"),
        ],
        [
            (
                "return total",
                ("return {name: g if named[name].grad is None else g + named[name].grad for name, g in total.items()}"),
            ),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the gradient of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your gradient is {float(yours[0]):g}, with the 100 that .grad held before; {expected[0]:g} is expected."
