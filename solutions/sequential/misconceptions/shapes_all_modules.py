"""You list the modules of all levels, not the direct children of your model."""

HINT = (
    "named_modules() goes down into every child and begins with the model itself; named_children() gives only those one "
    "level below. A block with layers of its own is one entry here."
)
EDITS = {
    "trace_shapes": [("model.named_children()", "list(model.named_modules())[1:]")],
}


def evidence(exercise, yours, expected):
    """Compare the length of the list in the public example."""
    shapes, _ = yours
    mine, due = len(shapes), len(expected[0])
    return f"In the example your list has {mine} entries where {due} are expected."
