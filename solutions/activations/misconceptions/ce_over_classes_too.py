"""You divide by the number of classes as well."""

HINT = (
    "There is one loss for each sample, that of its label. The mean runs over the N samples, not over all N·C "
    "entries of a table that is zero elsewhere."
)
EDITS = {
    "cross_entropy": [("return A_", "return A_ / scores.shape[1]")],
}


def evidence(exercise, yours, expected):
    """Compare the loss of the two samples."""
    return f"In the example your loss is {float(yours[0]):.10g}; {float(expected[0]):.10g} is due."
