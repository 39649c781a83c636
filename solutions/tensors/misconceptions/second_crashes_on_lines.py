"""Your function raises an error where f is a straight line."""

HINT = (
    "The derivative of a line is a constant: nothing leads from it back to x. Look at requires_grad of the derivative, "
    "or say allow_unused=True and take zeros for None."
)
EDITS = {"second_derivative": [("if not A_:\n    *B_", "")]}
