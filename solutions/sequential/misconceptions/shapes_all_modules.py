"""You list the modules of all levels, not the direct children of your model."""

HINT = (
    "named_modules() goes down into every child and begins with the model itself; named_children() gives only those one "
    "level below. A block with layers of its own is one entry here."
)


def trace_shapes(model, x):
    shapes, handles = [], []
    for name, module in model.named_modules():
        if name:
            handles.append(
                module.register_forward_hook(lambda m, i, o, name=name: shapes.append((name, tuple(o.shape))))
            )
    try:
        model(x)
    finally:
        for handle in handles:
            handle.remove()
    return shapes


def evidence(exercise, yours, expected):
    """Compare the length of the list in the public example."""
    shapes, _ = yours
    mine, due = len(shapes), len(expected[0])
    return f"In the example your list has {mine} entries where {due} are due."
