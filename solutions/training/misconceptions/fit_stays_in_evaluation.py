"""Your model is in evaluation mode at the end."""

HINT = "The last thing that was done is the measuring. At the end the model is to be in training mode."
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
        return f"In the example the model is in evaluation mode after your {len(yours[0]['train'])} epochs: its flag `training` is False where True is due (0 for 1)."
    return None
