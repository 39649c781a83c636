"""You do not put the recording back to what it was before your call."""

HINT = (
    "torch.set_grad_enabled can be called, or it can be used after `with`. What is the difference afterwards? And was "
    "recording on before?"
)
QUESTION = "What is torch.is_grad_enabled() after your function, if it was False before?"
WORKED = """
A lamp is off. A guest turns it off to sleep, and "on again" in the morning: now it is on, and it was off before.
  before = lamp.on;  lamp.on = False;  …;  lamp.on = before
A `with` block does the same for a mode of torch.
"""
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
