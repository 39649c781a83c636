"""Your model is in evaluation mode at the end."""

HINT = "The last thing that was done is the measuring. At the end the model is to be in training mode."
QUESTION = "What is model.training at the end of your function?"
WORKED = """
Each round: train, then measure. The last thing that was done is the measuring, so the switch is left at "evaluation".
One more line at the end puts it back.
"""
EDITS = {
    "fit": [
        ("model.train()\nreturn history", "return history"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the learning curves of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    if yours[1] is False:
        return f"In the example the model is in evaluation mode after your {len(yours[0]['train'])} epochs of 2 batches: its flag `training` is False; True is expected."
    return None
