"""You measure the gradients of the weights, not those at the outputs."""

from __future__ import annotations

HINT = (
    "The Glorot condition is about the signal that travels back through the layers: the gradient of the loss "
    "with respect to each layer's output. The gradient of a weight is that times the layer's input."
)
EDITS = {
    "backward_variances": [("outputs.append(output)", "outputs.append(module.weight)")],
}


def evidence(exercise, yours, expected):
    """Compare the first variance of the public example."""
    return f"In the example your first variance is {float(yours[0]):.4g} where {float(expected[0]):.4g} is expected."
