"""You record the loss after each update, so every column is one epoch late."""

HINT = "Column 0 belongs to the untrained network. Record the loss that the gradient comes from."
EDITS = {
    "compare_starts": [
        (
            "losses.append(A_)\noptimizer.step()",
            "optimizer.step()\nlosses.append(nn.functional.mse_loss(model(x), y).detach())",
        ),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the losses of the example."""
    return f"In the example your first row is {[round(float(v), 3) for v in yours[0]]}; due is {[round(float(v), 3) for v in expected[0]]}."
