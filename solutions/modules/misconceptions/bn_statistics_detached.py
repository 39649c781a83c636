"""You let no gradient flow through the batch's mean and variance."""

HINT = (
    "Each sample changes the mean and the variance of its batch, and so all outputs. detach, .data and no_grad "
    "cut that off; they belong to the running statistics only."
)
EDITS = {
    "BatchNorm1d": [
        [
            ("mean = x.mean(0)", "mean = x.mean(0).detach()"),
            ("var = x.var(0, correction=0)", "var = x.var(0, correction=0).detach()"),
        ]
    ],
}
