"""You do not scale what is left by 1/(1 − p)."""

HINT = (
    "If a share p is missing, the sum of all becomes smaller. What is left has to make up for it, so that nothing "
    "is to be done in evaluation."
)
QUESTION = "What is the mean of your output in training, if x is 1 everywhere and p is 0.5?"
WORKED = """
Eight ones with p = 0.25: two of them become zero, six are left, and the mean is 0.75.
Divided by 1 − 0.25 = 0.75 each of the six is 1.333, their sum is 8, and the mean is 1 again.
"""
EDITS = {
    "Dropout": [("x * keep / (1 - self.p)", "x * keep")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours["the other number"], expected["the other number"]
    if mine == due:
        return None
    return f"In the example a one that is not dropped becomes {mine} where {due} is expected."
