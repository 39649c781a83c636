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


def evidence(exercise, yours, expected):
    """Look at the old statistics of the batch normalisation."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example the running mean of the batch normalisation was {[round(float(v), 4) for v in expected[2]]}; after your call it is {[round(float(v), 4) for v in yours[2]]}."
