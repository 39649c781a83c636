"""You walk uphill: the sign of the step is wrong."""

HINT = "The gradient points uphill; a step downhill subtracts it."
QUESTION = "On f(x) = x² at x = 3: which sign has the gradient, and where does the minimum lie?"
WORKED = """
f(x) = (x − 5)² at x = 1, with a rate of 0.25. The slope is 2 · (1 − 5) = −8.
  subtract:  1 − 0.25 · (−8) = 3, and f falls from 16 to 4
  add:       1 + 0.25 · (−8) = −1, and f grows from 16 to 36
"""
EDITS = {
    "gradient_descent": [("x - A_", "x + A_")],
}
