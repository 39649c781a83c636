"""You take the mean of the gradients with their signs."""

HINT = (
    "Gradients of both signs cancel in a mean, so a layer with large ones may seem to have none. Take the absolute "
    "values first, then the mean."
)
EDITS = {
    "gradient_profile": [("X_.abs()", "X_")],
    "profile_by_epoch": [("X_.abs()", "X_")],
}
