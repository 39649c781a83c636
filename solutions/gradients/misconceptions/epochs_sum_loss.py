"""Your loss adds up the squared errors where their mean is asked for."""

HINT = (
    "The mean squared error divides by the number of elements; without that every gradient is so many times "
    "larger, and so is each step."
)
EDITS = {
    "profile_by_epoch": [
        ("nn.functional.mse_loss(model(x), y)", 'nn.functional.mse_loss(model(x), y, reduction="sum")')
    ],
}
