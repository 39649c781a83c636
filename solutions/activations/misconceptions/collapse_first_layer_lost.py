"""You leave out the first layer's bias."""

HINT = (
    "The loop over the later layers needs a start: for the weight that is the first weight, for the bias the "
    "first bias."
)
EDITS = {
    "collapse": [("biases[0]", "torch.zeros_like(biases[0])")],
}


def evidence(exercise, yours, expected):
    """Compare the bias."""
    mine, due = f"{yours[1].tolist()}", f"{expected[1].tolist()}"
    if mine == due:
        return None
    return f"In the example your bias is {mine}; {due} is expected."
