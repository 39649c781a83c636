"""You put the model into training mode afterwards, whatever it was in before."""

HINT = "A finished model was in evaluation mode, and should be so after it has been measured. Remember what was."
EDITS = {
    "evaluate": [
        [
            ("for module, flag in flags.items():\n    *A_", "model.train()"),
        ],
        [
            ("try:\n    *A_\nfinally:\n    *B_", "*A_\nmodel.train()"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare loss and modes of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example the modules have the training flags {yours[1]} after your call; before it they had {expected[1]}: 2 of 3 were training."
