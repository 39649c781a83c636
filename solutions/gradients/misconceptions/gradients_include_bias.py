"""You return the gradients of biases too."""

HINT = "Only the weights are asked for: one entry for each Linear, under the name of the layer."
EDITS = {
    "linear_gradients": [
        [
            (
                "AFTER found[name] = A_",
                "if module.bias is not None and module.bias.grad is not None:\n"
                '    found[f"{name}.bias"] = module.bias.grad.clone()',
            )
        ],
        [
            (
                "AFTER found[name] = A_",
                'if module.bias is not None:\n    found[f"{name}.bias"] = module.bias.grad',
            )
        ],
    ],
}
