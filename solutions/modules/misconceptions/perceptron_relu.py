"""You use ReLU where the sigmoid is asked for."""

HINT = "torch.sigmoid(z) is 1/(1 + e⁻ᶻ)."
EDITS = {
    "Perceptron": [("torch.sigmoid(A_)", "torch.relu(A_)")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours[1]:.3f}", f"{expected[1]:.3f}"
    if mine == due:
        return None
    return f"In the example your output is {mine} where {due} is expected."
