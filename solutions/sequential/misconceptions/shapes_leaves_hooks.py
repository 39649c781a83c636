"""Your hooks stay on the model."""

HINT = (
    "register_forward_hook returns a handle. As long as nobody calls its remove(), the hook runs in every later forward "
    "pass, keeps its list alive, and slows the model down."
)


def trace_shapes(model, x):
    shapes = []
    for name, child in model.named_children():
        child.register_forward_hook(lambda m, i, o, name=name: shapes.append((name, tuple(o.shape))))
    model(x)
    return shapes


def evidence(exercise, yours, expected):
    """Compare the hooks that are left in the public example."""
    _, left = yours
    return f"In the example {left} hooks of yours are left on the model where {expected[1]} are due."
