"""You take the norm of each layer's gradient, not the mean of its absolute values."""

HINT = (
    "A norm grows with the number of weights, so that layers of different sizes cannot be compared. The profile is "
    "a mean."
)
EDITS = {
    "gradient_profile": [("g.abs().mean()", "g.norm()")],
    "profile_by_epoch": [("X_.grad.abs().mean()", "X_.grad.norm()")],
}
