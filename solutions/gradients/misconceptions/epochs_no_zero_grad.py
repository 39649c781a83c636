"""You never clear the gradients, so they add up from epoch to epoch."""

HINT = "backward() adds to .grad. Before each backward pass, clear what the last epoch left there."
EDITS = {
    "profile_by_epoch": [("optimizer.zero_grad()", "")],
}
