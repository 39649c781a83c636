"""You do not put the recording back to what it was before your call."""

HINT = (
    "torch.set_grad_enabled can be called, or it can be used after `with`. What is the difference afterwards? And was "
    "recording on before?"
)
EDITS = {
    "tracked": [
        [("with torch.set_grad_enabled(enabled):\n    return f(x)", "torch.set_grad_enabled(enabled)\nreturn f(x)")],
        [
            (
                "with torch.set_grad_enabled(enabled):\n    return f(x)",
                "torch.set_grad_enabled(enabled)\ny = f(x)\ntorch.set_grad_enabled(True)\nreturn y",
            )
        ],
    ]
}
