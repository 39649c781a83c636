"""Your slopes get no gradient: training leaves them as they are."""

HINT = (
    "A parameter that is made with requires_grad=False, or that is detached where it is used, stays at its start. "
    "Then the layer is only a leaky ReLU."
)
EDITS = {
    "PReLU": [
        [("nn.Parameter(A_)", "nn.Parameter(A_, requires_grad=False)")],
        [("slope * x", "slope.detach() * x")],
    ],
}


def evidence(exercise, yours, expected):
    """Look at the parameter of the example."""
    if yours[0][0][2]:
        return None
    return "In the example your weight does not require a gradient."
