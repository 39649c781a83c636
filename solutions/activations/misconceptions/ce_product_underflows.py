"""You multiply the probabilities of all samples: their product is 0 for large batches."""

HINT = (
    "On paper the logarithm of a product is the sum of logarithms. In floating point the product of a thousand "
    "probabilities underflows, the sum does not."
)
EDITS = {
    "cross_entropy": [("A_.mean()", "torch.log(torch.prod(torch.exp(A_))) / len(labels)")],
}
