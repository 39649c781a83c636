"""You change what the parameters hold in .grad."""

HINT = (
    "backward() writes into .grad, and zero_grad() clears it: somebody else may need it. torch.autograd.grad "
    "returns gradients and writes nothing."
)
QUESTION = "What does p.grad hold after your call, if it held 5 before?"
WORKED = """
backward() adds to .grad: 5 becomes 5 + 2 = 7, and the next step of somebody's training uses 7.
torch.autograd.grad returns the 2, and .grad is still 5.
"""
EDITS = {
    "accumulated_gradient": [
        [
            ("gradients = A_", "(loss_fn(model(x), y) * (len(y) / count)).backward()"),
            ("for name, gradient in A_:\n    *B_", ""),
            ("total = A_", "model.zero_grad()"),
            ("return total", "return {name: p.grad.clone() for name, p in named.items()}"),
        ],
        [
            ("gradients = A_", "(loss_fn(model(x), y) * (len(y) / count)).backward()"),
            ("for name, gradient in A_:\n    *B_", ""),
            ("total = A_", "model.zero_grad()"),
            (
                "return total",
                "total = {name: p.grad.clone() for name, p in named.items()}\nmodel.zero_grad()\nreturn total",
            ),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the gradient of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    if yours[1] == "changed":
        return f"In the example .grad held 100 before your call, and does not any more; your gradient is {float(yours[0]):g}."
    return None
