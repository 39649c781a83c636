"""You add eps under the root, as √(s + ε)."""

HINT = "Here ε is added to the root: √s + ε."
CONVENTION = True
USUAL_IN = "the textbook Dive into Deep Learning, and in Ruder's overview of gradient descent algorithms"
EDITS = {
    "rmsprop_step": [("X_.sqrt() + eps", "(X_ + eps).sqrt()")],
}
