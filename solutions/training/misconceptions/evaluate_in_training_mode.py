"""You measure in training mode."""

HINT = (
    "In training mode dropout drops, and batch normalisation uses the batch and changes its statistics. Switch to "
    "evaluation mode first."
)
QUESTION = "Do two calls of your function give the same loss for a model with dropout?"
WORKED = """
A model with dropout 0.5 and one weight 2, x = 3: in evaluation it gives 6 each time; in training 0 or 12, by chance.
"""
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
