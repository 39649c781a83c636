"""You leave out the weights between a layer and the output."""

HINT = (
    "On the way up a change passes through every activation and every weight above its own layer: z = w·h also means "
    "∂z/∂h = w. Yours passes through the activations only."
)
EDITS = {
    "chain_gradient": [("delta * weights[i] * A_", "delta * A_")],
}
