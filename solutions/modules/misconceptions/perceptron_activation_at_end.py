"""You put a sigmoid after the last layer as well."""

HINT = "The last layer gives the answers. A sigmoid behind it would allow none below 0 or above 1."
QUESTION = "Which numbers can your network never give?"
WORKED = """
A sigmoid gives numbers between 0 and 1.
  target 20 degrees, last layer 19.5, then a sigmoid:   nearly 1, and never 20
  target 20 degrees, last layer 19.5, nothing after it:  19.5, half a degree away
"""
EDITS = {
    "Perceptron": [("return self.layer2(hidden)", "return torch.sigmoid(self.layer2(hidden))")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours[1]:.3f}", f"{expected[1]:.3f}"
    if mine == due:
        return None
    return f"In the example your output is {mine} where {due} is expected."
