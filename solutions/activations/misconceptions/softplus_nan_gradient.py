"""Your softplus has the right values, but its gradient is NaN far out."""

HINT = (
    "torch.where hands a gradient to both of its branches. The one that is not taken overflows, and zero times "
    "infinity is NaN. Let the exponential see no large number at all."
)
EDITS = {
    "softplus": [
        [("return A_", "return torch.where(x > 20, x, torch.log1p(torch.exp(x)))")],
        [("return A_", "return torch.where(x > 0, x + torch.log1p(torch.exp(-x)), torch.log1p(torch.exp(x)))")],
    ],
}
