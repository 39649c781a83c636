"""You divide by the variance, without taking its root."""

HINT = "After the division the variance has to be one: dividing by a number divides the variance by its square."
EDITS = {"standardise": [("A_.sqrt()", "A_")]}
