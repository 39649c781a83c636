"""You switch back after f, but not if f raises an error."""

HINT = "An error leaves the function at once. What runs in any case: a `finally`, and the end of a `with`."
EDITS = {
    "tracked": [
        (
            "with torch.set_grad_enabled(enabled):\n    return f(x)",
            "before = torch.is_grad_enabled()\n"
            "torch.set_grad_enabled(enabled)\n"
            "y = f(x)\n"
            "torch.set_grad_enabled(before)\n"
            "return y",
        ),
    ],
}
