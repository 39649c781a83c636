"""Your f(x) is always recorded, whatever `enabled` says."""

HINT = "Two modes are asked for. Which context manager takes a flag?"
EDITS = {
    "tracked": [
        ("with torch.set_grad_enabled(enabled):\n    return f(x)", "with torch.enable_grad():\n    return f(x)")
    ]
}
