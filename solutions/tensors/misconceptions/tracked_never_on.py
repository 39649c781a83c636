"""You do not switch the recording on where it is off outside."""

HINT = "Inside somebody else's no_grad() a bare f(x) is not recorded. What switches the recording on there?"
QUESTION = "Your function is called inside `with torch.no_grad():`. Who records f(x) there?"
WORKED = """
Two switches in a row: the one outside is off. "If I want light, I do nothing" works only if it happens to be on.
  under no_grad:   y = x * 2 has no graph
  under no_grad, in a block `with torch.enable_grad():` of your own:   y = x * 2 has one
"""
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
