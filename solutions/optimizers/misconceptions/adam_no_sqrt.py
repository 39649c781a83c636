"""You divide by v̂ instead of its root."""

HINT = "v̂ estimates the square of the gradient. Its root has the gradient's size, so that the quotient has none."
QUESTION = "If all gradients were ten times as large, how would m̂ and v̂ change? And your step?"
WORKED = """
Lengths are measured in cm instead of m. A length of 3 m becomes 300, its square 9 becomes 90,000.
  length / square:        3 / 9 = 0.33      300 / 90,000 = 0.0033
  length / root of it:    3 / 3 = 1         300 / 300 = 1
Only the second does not depend on the unit.
"""
EDITS = {
    "adam_step": [("X_.sqrt() + eps", "X_ + eps")],
    "Adam": [('X_.sqrt() + group["eps"]', 'X_ + group["eps"]')],
}
