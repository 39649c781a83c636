"""You draw the weights of the whole model anew: what it had learned is gone."""

HINT = "Only the head is new. Everything else keeps its numbers: they are why the model was taken."
EDITS = {
    "replace_head": [
        [
            (
                "BEFORE return model",
                "for module in model.modules():\n    if hasattr(module, 'reset_parameters'):\n        module.reset_parameters()",
            )
        ],
        [
            ("FIRST", "import copy\nmodel = copy.deepcopy(model)"),
            (
                "BEFORE return model",
                "for module in model.modules():\n    if hasattr(module, 'reset_parameters'):\n        module.reset_parameters()",
            ),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    return None if yours[3] else "In the example the first layer of your model has other weights afterwards."
