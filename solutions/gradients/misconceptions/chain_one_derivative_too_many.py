"""You multiply by the activation's derivative at the output too, but the last layer is linear."""

HINT = (
    "y = wₙ·hₙ₋₁ has no activation, so there are n − 1 derivatives for n weights, and the gradient of the last weight "
    "is just what comes into it."
)
EDITS = {
    "chain_gradient": [
        (
            "delta = upstream",
            "delta = upstream * derivatives[activation](functions[activation](weights[-1] * hidden[-1]))",
        )
    ],
}
