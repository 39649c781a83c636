"""Your function raises an error where f is a straight line."""

HINT = (
    "The derivative of a line is a constant: nothing leads from it back to x. What does requires_grad of the derivative say "
    "then, and what is the answer there?"
)
QUESTION = "What does the derivative of 4·x depend on?"
WORKED = """
f = 4·x: f′ = 4 at every x. There is no x in "4", so no way leads back from it, and autograd raises an error.
The question still has an answer: a constant does not change, so f″ = 0.
"""
EDITS = {"second_derivative": [("if not A_:\n    *B_", "")]}
