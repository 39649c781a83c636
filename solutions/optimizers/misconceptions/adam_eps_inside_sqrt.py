"""You add eps under the root, as √(v̂ + ε)."""

HINT = "Here ε is added to the root: √v̂ + ε. Under the root its effect is much larger where gradients are small."
CONVENTION = True
USUAL_IN = "tutorials that carry it over from RMSprop, and in Optax as the option eps_root"
EDITS = {
    "adam_step": [("X_.sqrt() + eps", "(X_ + eps).sqrt()")],
    "Adam": [('X_.sqrt() + group["eps"]', '(X_ + group["eps"]).sqrt()')],
}
