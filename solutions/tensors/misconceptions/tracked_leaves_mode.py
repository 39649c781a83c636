"""You switch the recording and do not switch it back."""

HINT = "torch.set_grad_enabled can be called, or it can be used after `with`. What is the difference afterwards?"
EDITS = {
    "tracked": [
        ("with torch.set_grad_enabled(enabled):\n    return f(x)", "torch.set_grad_enabled(enabled)\nreturn f(x)")
    ]
}
