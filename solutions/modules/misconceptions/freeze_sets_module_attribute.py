"""You set requires_grad on modules, where it is an attribute that nobody reads."""

HINT = "Gradients are switched off for each parameter. A module has a method for it: module.requires_grad_(False)."
EDITS = {
    "freeze": [
        [
            (
                "for name, parameter in model.named_parameters():\n    *A_",
                "for name, module in modules.items():\n    if name and not kept(name):\n        module.requires_grad = False",
            )
        ],
        [
            (
                "parameter.requires_grad_(kept(name))",
                "model.get_submodule(name.rpartition('.')[0]).requires_grad = kept(name)",
            )
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    if yours[0] == expected[0]:
        return None
    return f"In the example you train {yours[0]} where {expected[0]} is expected."
