"""You put a ReLU after the last layer as well."""

HINT = (
    "The last layer gives the model's answer. A ReLU after it makes every negative answer zero, and no gradient "
    "flows where it did so. Only hidden layers get one."
)
QUESTION = "Which outputs can your model never give?"
WORKED = """
A model that predicts temperatures ends in a ReLU. For −7 degrees the best that it can say is 0.
The error stays 7 and the slope there is 0, so that it cannot learn from it either.
"""
EDITS = {
    "build_mlp": [
        ("range(len(sizes) - 2)", "range(len(sizes) - 1)"),
        ("nn.Sequential(*layers, A_)", "nn.Sequential(*layers)"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the number of layers of the public example."""
    if not yours:
        return None
    mine, due = len([name for name, _ in yours]), len(expected)
    return f"In the example your model has {mine} layers where {due} are expected; the last one is {yours[-1][0]}."
