"""You measure in training mode."""

HINT = (
    "In training mode dropout drops, and batch normalisation uses the batch and changes its statistics. Switch to "
    "evaluation mode first."
)
EDITS = {
    "evaluate": [
        [
            ("model.eval()", ""),
        ],
        [
            ("model.eval()", "model.train()"),
        ],
    ],
}
