"""You initialise the weights and leave the biases as they were."""

HINT = (
    "A bias starts at zero: it adds a mean to its unit's output, which the derivation does not want. Layers "
    "may have none."
)
EDITS = {
    "init_xavier": [("if module.bias is not None:\n    *A_", "")],
}
