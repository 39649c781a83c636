"""You add eps under the root, as √(s + ε)."""

HINT = "Here ε is added to the root: √s + ε."
CONVENTION = True
USUAL_IN = "Keras, and in Ruder's overview of gradient descent algorithms"
EDITS = {
    "adagrad_step": [("X_.sqrt() + eps", "(X_ + eps).sqrt()")],
}
