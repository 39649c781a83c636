"""You divide by p; what is left has to be divided by 1 − p."""

HINT = "p is dropped, so 1 − p is left. By what has it to be divided to make the whole again?"
QUESTION = "By what do you divide when p is 0.1, and how much is left then?"
WORKED = """
p = 0.2: of ten ones eight are left, with the sum 8. The whole was 10.
  8 / (1 − 0.2) = 10
  8 / 0.2 = 40
"""
EDITS = {
    "Dropout": [("x * keep / (1 - self.p)", "x * keep / self.p")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours["the other number"], expected["the other number"]
    if mine == due:
        return None
    return f"In the example a one that is not dropped becomes {mine} where {due} is expected."
