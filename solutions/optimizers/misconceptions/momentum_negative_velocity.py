"""Your velocity holds the step itself: v ← μ·v − lr·g, and you add it."""

HINT = (
    "Here the velocity adds up gradients, v ← μ·v + g, and the step p ← p − lr·v has sign and rate. The path is "
    "the same at a constant rate; the velocity that is returned is not."
)
CONVENTION = True
USUAL_IN = "Sutskever et al. (2013) and Keras"
EDITS = {
    "momentum_step": [
        ("velocity = A_ + grad", "velocity = A_ - lr * grad"),
        ("param - lr * velocity", "param + velocity"),
    ],
}
