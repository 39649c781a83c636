"""You record the profile of the network after the update, so every row is one epoch late."""

HINT = (
    "Row 0 belongs to the untrained network. Record the gradients of backward() before the weights move, not those of "
    "another pass after step()."
)
EDITS = {
    "profile_by_epoch": [
        (
            "rows.append(A_)\noptimizer.step()",
            "optimizer.step()\noptimizer.zero_grad()\nnn.functional.mse_loss(model(x), y).backward()\nrows.append(A_)",
        )
    ],
}


def evidence(exercise, yours, expected):
    """Show that the rows are shifted."""
    return f"In the example your row 0 begins with {float(yours[0, 0]):.4g}, which is what row 1 begins with: {float(expected[1, 0]):.4g}."
