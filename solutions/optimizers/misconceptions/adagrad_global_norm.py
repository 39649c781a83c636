"""You divide all elements by one common number."""

HINT = (
    "Adagrad scales every element by its own history: the root is taken element by element, without a"
    " sum over the tensor."
)
EDITS = {
    "adagrad_step": [("X_.sqrt()", "X_.sum().sqrt()")],
}
