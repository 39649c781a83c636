"""You make a new optimizer in each epoch, and momentum begins anew."""

HINT = (
    "Momentum is a memory of earlier gradients, and the optimizer holds it. One optimizer, made before the loop, "
    "serves all epochs."
)
QUESTION = "What does your optimizer know of the last epoch when the next one begins?"
WORKED = """
Momentum 0.5, gradients 4 and 4: the velocities are 4, then 0.5·4 + 4 = 6. With a new optimizer in between: 4, then 4.
"""
EDITS = {
    "fit": [
        (
            "for x, y in train:\n    *A_",
            ("optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)\nfor x, y in train:\n    *A_"),
        ),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the learning curves of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your training losses are {[round(float(v), 4) for v in yours[0]['train']]}; due are {[round(v, 4) for v in expected[0]['train']]}."
