"""You take the mean of the gradients with their signs."""

HINT = (
    "Gradients of both signs cancel in a mean, so a layer with large ones may seem to have none. Take the absolute "
    "values first, then the mean."
)
QUESTION = "What is the mean of −100 and 100? Are these gradients small?"
WORKED = """
The gradients −6, 2, 4 have the mean 0. The mean of their magnitudes is (6 + 2 + 4)/3 = 4.
Which of the two says how strongly the layer learns?
"""
EDITS = {
    "gradient_profile": [("X_.abs()", "X_")],
    "profile_by_epoch": [("X_.abs()", "X_")],
}
