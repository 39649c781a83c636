"""You take the activation's derivative at its output hᵢ, not at its input zᵢ."""

HINT = (
    "The slope is wanted where the activation was: at zᵢ = wᵢ·hᵢ₋₁. If you have hᵢ only, use the form that is "
    "written with the value, σ′ = h·(1 − h) or tanh′ = 1 − h², and do not put h into a function of z."
)
EDITS = {
    "chain_gradient": [
        ("derivatives[activation](hidden[i])", "derivatives[activation](functions[activation](hidden[i]))")
    ],
}
