"""You ask for the numpy array of a tensor that requires a gradient, which raises an error."""

HINT = "numpy knows nothing of a graph. Which method returns the same numbers without it?"
EDITS = {"batch_to_image": [("X_.detach()", "X_")]}
