"""You leave out what goes into the layer: ∂zᵢ/∂wᵢ = hᵢ₋₁."""

HINT = (
    "A weight's gradient has two sides: what comes back from above, and what came in from below. Since z = w·h, "
    "a change of w counts h times as much, for the first weight x times."
)
EDITS = {
    "chain_gradient": [("delta * hidden[i]", "delta")],
}
