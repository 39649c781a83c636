"""No gradient gets through your layer: its result does not hang on the graph."""

HINT = "detach() and .data cut the graph. The layer has to pass the gradient on, multiplied by the factor."
EDITS = {"GradientScale": [("out = A_", "out = x.detach()")]}
