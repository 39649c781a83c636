"""You measure what goes into each Linear, not what comes out of it."""

from __future__ import annotations

HINT = (
    "A forward hook is called with (module, inputs, output). What the layer does to the variance shows in its output."
)
EDITS = {
    "forward_variances": [("output.detach()", "inputs[0].detach()")],
    "backward_variances": [
        ("outputs.append(output)", "outputs.append(inputs[0])"),
        ("model(x)", "model(x.detach().clone().requires_grad_())"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the first variance of the public example."""
    return f"In the example your first variance is {float(yours[0]):.4g} where {float(expected[0]):.4g} is expected."
