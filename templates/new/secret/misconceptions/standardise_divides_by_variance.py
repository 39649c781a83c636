"""You divide by the variance, without taking its root."""

HINT = "After the division the variance has to be one: dividing by a number divides the variance by its square."
QUESTION = "Which variance has a row after your division, if it was 4 before?"
WORKED = """
The numbers 1 and 9 have the mean 5 and the variance 16; their distances from the mean are −4 and 4.
Divided by the root of 16 these are −1 and 1, with the variance 1. Divided by 16: −0.25 and 0.25.
"""
EDITS = {"standardise": [("A_.sqrt()", "A_")]}
