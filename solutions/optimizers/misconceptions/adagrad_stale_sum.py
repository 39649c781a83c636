"""You divide by the root of the old sum, before the new gradient is in it."""

HINT = "Add g² first, then divide by the root of the new sum."
EDITS = {
    "adagrad_step": [("square_sum = A_", "new = A_"), ("return A_, square_sum", "return A_, new")],
}
