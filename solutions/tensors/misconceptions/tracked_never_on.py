"""You do not switch the recording on where it is off outside."""

HINT = "Inside somebody else's no_grad() a bare f(x) is not recorded. What switches the recording on there?"
EDITS = {
    "tracked": [
        [
            (
                "with torch.set_grad_enabled(enabled):\n    return f(x)",
                "if enabled:\n    return f(x)\nwith torch.no_grad():\n    return f(x)",
            )
        ],
        [("with torch.set_grad_enabled(enabled):\n    return f(x)", "return f(x)")],
        [("with torch.set_grad_enabled(enabled):\n    return f(x)", "return f(x) if enabled else f(x).detach()")],
    ],
}
