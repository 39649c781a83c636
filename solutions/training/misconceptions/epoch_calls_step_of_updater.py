"""You call step() of the updater even where it is a function."""

HINT = (
    "isinstance(updater, torch.optim.Optimizer) tells both apart. A function has no step(); it is called with the "
    "number of samples."
)
EDITS = {
    "train_epoch": [
        [
            ("if isinstance(updater, torch.optim.Optimizer):\n    *A_\nelse:\n    *B_", "*A_"),
        ],
    ],
}
