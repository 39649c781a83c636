"""You return the copy first and the tensor that shares memory second."""

HINT = "The order of the results is (shared, copied). Which of your two tensors sees the new value?"
EDITS = {"share_and_copy": [("return shared, copied", "return copied, shared")]}


def evidence(exercise, yours, expected):
    """Show both first numbers."""
    first, second = (tensor[0].item() for tensor in yours[:2])
    return f"In the example your tensors begin with {first:g} and {second:g}; due are {second:g} and {first:g}."
