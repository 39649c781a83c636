"""Your model is not in training mode while it learns."""

HINT = (
    "In evaluation mode dropout drops nothing, and batch normalisation uses old statistics and learns no new "
    "ones. Whoever called before may have left the model there."
)
EDITS = {
    "train_epoch": [
        [
            ("model.train()", "model.eval()"),
        ],
        [
            ("model.train()", ""),
        ],
    ],
}
