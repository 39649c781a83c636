"""Both of your tensors are copies: neither sees what is written to the array."""

HINT = "torch.tensor always copies. Which function makes a tensor of the array's own memory?"
EDITS = {"share_and_copy": [("torch.from_numpy(a)", "torch.tensor(a)")]}


def evidence(exercise, yours, expected):
    """Show the number that was overwritten."""
    return f"In the example {expected[0][0].item():g} is written, and your first tensor still begins with {yours[0][0].item():g}."
