"""You take labels of a floating-point dtype, which should raise a TypeError."""

HINT = (
    "Somebody who mixes up targets and predictions passes floats. A loss that silently makes whole numbers of "
    "them hides the mistake."
)
EDITS = {
    "cross_entropy": [("if labels.is_floating_point():\n    raise TypeError(A_)", "labels = labels.long()")],
}
