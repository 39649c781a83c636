"""You add eps to √v before the bias correction, the rescaled form of Adam."""

HINT = (
    "Here ε is added to the corrected root √v̂. In the rescaled form it is in effect divided by √(1 −"
    " β₂ᵗ), so it weighs more in the first steps."
)
CONVENTION = True
USUAL_IN = "TensorFlow and Keras, and in the remark at the end of section 2 of the Adam paper"
EDITS = {
    "adam_step": [("A_ + eps", "A_ + eps / (1 - beta2**t) ** 0.5")],
    "Adam": [('A_ + group["eps"]', 'A_ + group["eps"] / (1 - beta2 ** state["step"]) ** 0.5')],
}
