"""Your second tensor has the new value as well: it shares memory with the array, or was made after the value was written."""

HINT = (
    "torch.from_numpy and torch.as_tensor do not copy an array. Which function does, and when does it have to be called: "
    "before or after the value is written?"
)
QUESTION = "At which moment is your second tensor made, and whose memory does it use?"
WORKED = """
A list has the same trap. a = [1, 2], then b = a and c = list(a), then a[0] = 9.
  b is [9, 2]: another name for the same list
  c is [1, 2]: a copy, made before the change
  d = list(a), made after the change, is [9, 2] as well
"""
EDITS = {
    "share_and_copy": [
        [("torch.tensor(a)", "torch.as_tensor(a)")],
        [("copied = A_", ""), ("a[0] = value", "a[0] = value\ncopied = torch.tensor(a)")],
    ],
}


def evidence(exercise, yours, expected):
    """Show the number that should be there."""
    return f"In the example your second tensor begins with {yours[1][0].item():g}; the old value is {expected[1][0].item():g}."
