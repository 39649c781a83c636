"""You put other modules than batch normalisation into evaluation mode."""

HINT = (
    "Dropout, for one, has to go on dropping, also in a frozen part. Only the running statistics have to stand still."
)
EDITS = {
    "freeze": [
        [
            (
                "isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)) and not kept(name)",
                "name and not kept(name)",
            )
        ],
        [("for name, module in modules.items():\n    *A_", "model.eval()")],
        [
            (
                "for name, module in modules.items():\n    *A_",
                "model.eval()\nfor name in keep:\n    modules[name].train()",
            )
        ],
        [("isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)) and not kept(name)", "not kept(name)")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    if yours[2] == expected[2]:
        return None
    return f"In the example {yours[2]} are in evaluation mode afterwards; due is {expected[2]}."
