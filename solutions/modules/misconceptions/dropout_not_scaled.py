"""You do not scale what is left by 1/(1 − p)."""

HINT = (
    "If a share p is missing, the sum of all becomes smaller. What is left has to make up for it, so that nothing "
    "is to be done in evaluation."
)
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
    return f"In the example a one that is not dropped becomes {mine} where {due} is due."
