"""Afterwards your submodules all have the model's own training flag."""

HINT = (
    "train(mode) sets the flag of every submodule. If some of them were in evaluation mode before, as in fine-tuning, "
    "they no longer are. Each module has to get its own flag back."
)
EDITS = {
    "predict": [
        ("flags = A_", "training = model.training"),
        ("for module, flag in flags:\n    *A_", "model.train(training)"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the flags of the public example."""
    mine, due = sum(yours[2]), sum(expected[2])
    return f"In the example {mine} of 4 modules are in training mode after your call; {due} were before."
