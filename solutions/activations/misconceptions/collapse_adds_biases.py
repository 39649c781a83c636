"""You add the biases up as they are; each has to pass the layers above it first."""

HINT = (
    "What the first layer adds goes through the second one like everything else: W₂(W₁x + b₁) + b₂ has W₂b₁ in "
    "it, not b₁."
)
QUESTION = "What does the second layer do with the number that the first layer's bias has added?"
WORKED = """
First 2·x + 1, then 10·y + 4. At x = 0: y = 1, and 10·1 + 4 = 14.
The bias of the whole is 10·1 + 4 = 14, and not 1 + 4 = 5.
"""
EDITS = {
    "collapse": [
        [("w @ bias + b", "bias + b")],
        [("return weight, bias", "return weight, sum(b.sum() for b in biases).expand_as(biases[-1])")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the bias."""
    mine, due = f"{yours[1].tolist()}", f"{expected[1].tolist()}"
    if mine == due:
        return None
    return f"In the example your bias is {mine}; {due} is expected."
