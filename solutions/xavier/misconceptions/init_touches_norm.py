"""You change the parameters of a BatchNorm, too."""

HINT = (
    "A BatchNorm's weight is a scale around one, not a weight matrix; set to zero it stops every signal. "
    "Decide by the class of the module, not by the name or the shape of a parameter."
)
EDITS = {
    "init_xavier": [
        (
            "if isinstance(module, A_):\n    *B_",
            "if isinstance(module, A_):\n    *B_\nelse:\n    for own in module.parameters(recurse=False):\n        own.zero_()",
        )
    ],
}
