"""At p = 1 your output is not a number: 0/0."""

HINT = "With p = 1 everything is dropped, and 1 − p is zero. Treat this case before you divide."
EDITS = {
    "Dropout": [("if self.p == 1:\n    return A_", "")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours["p = 1"], expected["p = 1"]
    if mine == due:
        return None
    return f"In the example p = 1 gives {mine} where {due} is expected."
