"""Helper functions in extra cells, as one builds up a notebook."""

EXTRA_CELLS = [
    """def variance_of(shape, gain):
    'What Xavier asks for.'
    out, inp = shape[0], shape[1]
    kernel = math.prod(shape[2:])
    return gain**2 * 2 / ((inp + out) * kernel)
""",
    """class Watch:
    'Keeps the outputs of layers while it is entered.'
    def __init__(self, layers):
        self.layers, self.outputs = list(layers), []
    def __enter__(self):
        self.handles = [layer.register_forward_hook(self.note) for layer in self.layers]
        return self
    def note(self, layer, inputs, output):
        self.outputs.append(output)
    def __exit__(self, *error):
        for handle in self.handles:
            handle.remove()

variance_of((3, 2), 1.0)
""",
]


def xavier_uniform_(weight, gain=1.0, generator=None):
    bound = (3 * variance_of(weight.shape, gain)) ** 0.5  # noqa: F821
    torch.no_grad()(weight.uniform_)(-bound, bound, generator=generator)  # noqa: F821
    return weight


def xavier_normal_(weight, gain=1.0, generator=None):
    std = variance_of(weight.shape, gain) ** 0.5  # noqa: F821
    torch.no_grad()(weight.normal_)(0, std, generator=generator)  # noqa: F821
    return weight


def forward_variances(model, x):
    with Watch(m for m in model.modules() if isinstance(m, nn.Linear)) as watch:  # noqa: F821
        model(x)
    return [o.var(correction=0).item() for o in watch.outputs]


def backward_variances(model, x):
    with Watch(m for m in model.modules() if isinstance(m, nn.Linear)) as watch:  # noqa: F821
        y = model(x)
    grads = torch.autograd.grad(0.5 * (y * y).sum(), watch.outputs)  # noqa: F821
    return [g.var(correction=0).item() for g in grads]
