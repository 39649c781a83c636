"""You return the live gradients, not copies of them."""

HINT = "p.grad is a tensor that the next backward() writes into, and detach() shares its memory. Return a clone()."
EDITS = {
    "linear_gradients": [("X_.detach().clone()", "X_")],
}
