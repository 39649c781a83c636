"""You return the copy first and the tensor that shares memory second."""

HINT = "The order of the results is (shared, copied). Which of your two tensors sees the new value?"
QUESTION = "Which tensor of yours comes first in the tuple, the one with the new value or the other one?"
WORKED = """
A function is to return (width, height) of a sheet of 21 by 30. It returns (30, 21).
Both numbers are right, and who writes w, h = size() has a width of 30.
"""
EDITS = {"share_and_copy": [("return shared, copied", "return copied, shared")]}


def evidence(exercise, yours, expected):
    """Show both first numbers."""
    first, second = (tensor[0].item() for tensor in yours[:2])
    return f"In the example your tensors begin with {first:g} and {second:g}; due are {second:g} and {first:g}."
