"""You multiply by the activation's derivative at the output too, but the last layer is linear."""

HINT = (
    "y = wₙ·hₙ₋₁ has no activation, so there are n − 1 derivatives for n weights, and the gradient of the last weight "
    "is just what comes into it."
)
QUESTION = "Write the network down for two weights. How many activations does it have?"
WORKED = """
y = w₂ · tanh(w₁ · x), with two weights and one tanh.
∂y/∂w₂ = tanh(w₁ · x): there is no derivative of tanh in it.
∂y/∂w₁ = w₂ · (1 − tanh²(w₁ · x)) · x: one derivative.
"""
EDITS = {
    "chain_gradient": [
        (
            "delta = upstream",
            "delta = upstream * derivatives[activation](functions[activation](weights[-1] * hidden[-1]))",
        )
    ],
}
