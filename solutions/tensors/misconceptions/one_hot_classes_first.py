"""You put the classes into the first dimension."""

HINT = "The shape is (*labels.shape, num_classes): the classes stand behind all dimensions of the labels."
EDITS = {"one_hot": [("return A_", "return A_.movedim(-1, 0)")]}


def evidence(exercise, yours, expected):
    """Compare the shapes."""
    return f"In the example your result has the shape {tuple(yours.shape)}; it should have {tuple(expected.shape)}."
