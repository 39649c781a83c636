"""You correct the average for its start at zero, as Adam does."""

HINT = "RMSprop has no bias correction: the average is used as it is."
EDITS = {
    "rmsprop_step": [("X_.sqrt()", "(X_ / (1 - alpha)).sqrt()")],
}
