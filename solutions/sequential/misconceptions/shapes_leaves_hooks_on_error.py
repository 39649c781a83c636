"""If the forward pass raises, your hooks stay on the model."""

HINT = (
    "An exception leaves the function at once: lines after the forward pass do not run. What has to happen in any case "
    "belongs into a finally clause or a context manager."
)


def trace_shapes(model, x):
    shapes, handles = [], []
    for name, child in model.named_children():
        handles.append(child.register_forward_hook(lambda m, i, o, name=name: shapes.append((name, tuple(o.shape)))))
    model(x)
    for handle in handles:
        handle.remove()
    return shapes
