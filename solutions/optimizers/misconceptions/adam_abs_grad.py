"""You average the absolute gradients instead of their squares."""

HINT = (
    "v is the moving average of g², and its root is taken at the end. The root of a mean of squares "
    "is not a mean of magnitudes."
)
EDITS = {
    "adam_step": [("grad**2", "grad.abs()"), ("X_.sqrt() + eps", "X_ + eps")],
    "Adam": [
        ("X_.addcmul_(grad, grad, value=A_)", "X_.add_(grad.abs(), alpha=A_)"),
        ('X_.sqrt() + group["eps"]', 'X_ + group["eps"]'),
    ],
}
