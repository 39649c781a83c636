"""You look at all modules that have a weight, not at every Linear alone."""

HINT = "A BatchNorm or a convolution has a weight too. isinstance(module, nn.Linear) tells them apart."
EDITS = {
    "linear_gradients": [
        ("isinstance(module, nn.Linear)", 'isinstance(getattr(module, "weight", None), torch.Tensor)')
    ],
}
