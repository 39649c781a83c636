"""You read the number of classes off the labels, where the largest class may be missing."""

HINT = "max + 1 is the number of classes only if the last class occurs. The function is told how many there are."
EDITS = {"one_hot": [("torch.arange(num_classes, *A_)", "torch.arange(int(labels.max()) + 1, *A_)")]}


def evidence(exercise, yours, expected):
    """Count the entries."""
    return f"In the example your vectors have {yours.shape[-1]} entries; there are {expected.shape[-1]} classes."
