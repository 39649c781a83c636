"""You add eps after taking the root."""

HINT = "eps is added to the variance, and the root is taken of the sum."
QUESTION = "Where does eps stand in the formula of the notebook: under the root, or behind it?"
WORKED = """
A variance of 0.09 and an eps of 0.07:
  under the root:    √(0.09 + 0.07) = √0.16 = 0.4
  behind the root:   0.3 + 0.07 = 0.37
"""
EDITS = {
    "BatchNorm1d": [("torch.sqrt(var + A_)", "(torch.sqrt(var) + A_)")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours[1][2]:.4f}", f"{expected[1][2]:.4f}"
    if mine == due:
        return None
    return f"In the example your last output in training is {mine} where {due} is expected."
