"""You add eps under the root, as √(v̂ + ε)."""

HINT = "Here ε is added to the root: √v̂ + ε. Under the root its effect is much larger where gradients are small."
QUESTION = "Take v̂ = 0 and ε = 10⁻⁸: by what do you divide, and by what does the formula?"
WORKED = """
With ε = 0.0001 and v̂ = 0:
  after the root:   √0 + 0.0001 = 0.0001
  under the root:   √(0 + 0.0001) = 0.01, a hundred times as much
With v̂ = 25 both are nearly 5: the difference shows where gradients are small.
"""
CONVENTION = True
USUAL_IN = "tutorials that carry it over from RMSprop, and in Optax as the option eps_root"
EDITS = {
    "adam_step": [("X_.sqrt() + eps", "(X_ + eps).sqrt()")],
    "Adam": [('X_.sqrt() + group["eps"]', '(X_ + group["eps"]).sqrt()')],
}
