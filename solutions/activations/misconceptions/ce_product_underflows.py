"""You multiply the probabilities of all samples: their product is 0 for large batches."""

HINT = (
    "On paper the logarithm of a product is the sum of logarithms. In floating point the product of a thousand "
    "probabilities underflows, the sum does not."
)
EDITS = {
    "cross_entropy": [("A_.mean()", "torch.log(torch.prod(torch.exp(A_))) / len(labels)")],
}


def evidence(exercise, yours, expected):
    """Look at the scores that are far apart."""
    mine, due = f"{float(yours[1]):g}", f"{float(expected[1]):g}"
    if mine == due:
        return None
    return f"In the example your loss for scores up to 900 is {mine}; {due} is expected."
