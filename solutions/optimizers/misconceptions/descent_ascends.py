"""You walk uphill: the sign of the step is wrong."""

HINT = "The gradient points uphill; a step downhill subtracts it."
EDITS = {
    "gradient_descent": [("x - A_", "x + A_")],
}
