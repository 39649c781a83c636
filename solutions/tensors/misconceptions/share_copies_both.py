"""Both of your tensors are copies: neither sees what is written to the array."""

HINT = "torch.tensor always copies. Which function makes a tensor of the array's own memory?"
QUESTION = "Which of your two tensors should still look at the array, and how was it made?"
WORKED = """
A list has the same question. a = [1, 2], then b = list(a) and c = list(a), then a[0] = 9.
  b and c are both [1, 2]: both were copied, so neither of them sees the 9
  d = a sees it: [9, 2]
For an array: which function makes a tensor without a copy?
"""
EDITS = {"share_and_copy": [("torch.from_numpy(a)", "torch.tensor(a)")]}


def evidence(exercise, yours, expected):
    """Show the number that was overwritten."""
    return f"In the example {expected[0][0].item():g} is written, and your first tensor still begins with {yours[0][0].item():g}."
