"""You read the number of classes off the labels, where the largest class may be missing."""

HINT = "max + 1 is the number of classes only if the last class occurs. The function is told how many there are."
QUESTION = "Which shape does your result have if the last class does not occur in the labels?"
WORKED = """
A shop has 4 sizes, 0 to 3, and sold the sizes 1, 0, 1 today. A table with a column for each size has 4 columns.
  columns from the largest sale:   1 + 1 = 2, so today's table does not fit below yesterday's
  columns from the list of sizes:  4, every day
"""
EDITS = {"one_hot": [("torch.arange(num_classes, *A_)", "torch.arange(int(labels.max()) + 1, *A_)")]}


def evidence(exercise, yours, expected):
    """Count the entries."""
    return f"In the example your vectors have {yours.shape[-1]} entries; there are {expected.shape[-1]} classes."
