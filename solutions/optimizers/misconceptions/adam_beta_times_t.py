"""You correct with 1 − β·t where 1 − βᵗ is asked for."""

HINT = "t is an exponent: after t steps the weights given out add up to 1 − βᵗ, which stays between 0 and 1."
EDITS = {
    "adam_step": [("1 - beta1**t", "1 - beta1 * t"), ("1 - beta2**t", "1 - beta2 * t")],
    "Adam": [
        ('1 - beta1 ** state["step"]', '1 - beta1 * state["step"]'),
        ('1 - beta2 ** state["step"]', '1 - beta2 * state["step"]'),
    ],
}
