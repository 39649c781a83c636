"""Where Nesterov's momentum is asked for you step as plain momentum does; looking ahead along the old velocity
comes to the same."""

HINT = "Nesterov's step looks ahead: it goes along g + μ·v with the new velocity."
QUESTION = "Where does plain momentum go with the new velocity, and what does Nesterov's method add to that?"
WORKED = """
μ = 0.5, old velocity 6, gradient 2: the new velocity is 0.5 · 6 + 2 = 5.
  plain momentum goes along the new velocity:           5
  the look ahead applies the velocity's part once more: 2 + 0.5 · 5 = 4.5
"""
EDITS = {
    "nesterov_step": [("grad + momentum * velocity", "velocity")],
    "Momentum": [('A_ if group["nesterov"] else B_', "B_")],
}
