"""You leave out the weights between a layer and the output."""

HINT = (
    "On the way up a change passes through every activation and every weight above its own layer: z = w·h also means "
    "∂z/∂h = w. Yours passes through the activations only."
)
QUESTION = "If the second weight is doubled, how much more does the output change when the first layer does?"
WORKED = """
Three gears with the ratios 2, 5 and 3: one turn of the first makes 2 · 5 · 3 = 30 turns of the last.
The second gear's turns pass the third alone, 5 · 3. Leaving a ratio out leaves a gear out.
"""
EDITS = {
    "chain_gradient": [("delta * weights[i] * A_", "delta * A_")],
}
