"""You leave the model in evaluation mode."""

HINT = (
    "A training that measures in its middle goes on afterwards, and would go on without dropout. Remember "
    "each flag and set it back."
)
QUESTION = "What is model.training after your function, if it was True before?"
WORKED = """
Who borrows a book puts it back where it was: not always on the upper shelf, and not on the table.
  before = lamp.on;  lamp.on = False;  …;  lamp.on = before
A model has such a lamp in each of its modules.
"""
EDITS = {
    "evaluate": [
        [
            ("for module, flag in flags.items():\n    *A_", "pass"),
        ],
        [
            ("try:\n    *A_\nfinally:\n    *B_", "*A_"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare loss and modes of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example the modules have the training flags {yours[1]} after your call; before it they had {expected[1]}: 2 of 3 were training."
