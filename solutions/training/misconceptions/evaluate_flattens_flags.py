"""You give all modules the mode of the model itself."""

HINT = "train(mode) sets the flag of every module alike. Some of them may have had another one: remember each."
QUESTION = "Which flag does a module have after your function that was in evaluation mode while the model was not?"
WORKED = """
Lamps in three rooms: on, off, on. All off for the night; in the morning "all on" gives on, on, on.
With a list of what was, (on, off, on), each lamp is set as before.
"""
EDITS = {
    "evaluate": [
        [
            ("for module, flag in flags.items():\n    *A_", "model.train(flags[model])"),
        ],
        [
            ("try:\n    *A_\nfinally:\n    *B_", "*A_\nmodel.train(flags[model])"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare loss and modes of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example the modules have the training flags {yours[1]} after your call; before it they had {expected[1]}: 2 of 3 were training."
