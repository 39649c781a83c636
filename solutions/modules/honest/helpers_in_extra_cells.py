"""Helper functions in extra cells, prints and warnings, as one builds up a notebook."""

EXTRA_CELLS = [
    """from functools import reduce

def uniform_start(n_in, *shape):
    'Numbers from U(-1/sqrt(n_in), 1/sqrt(n_in)) as a parameter.'
    bound = 1 / np.sqrt(n_in)
    values = torch.distributions.Uniform(-bound, bound).sample(shape)
    return nn.Parameter(values.to(torch.get_default_dtype()))

print(uniform_start(4, 2))
""",
    """import warnings

def windows_of(x, kh, kw, stride):
    'All windows of images, as (N, C, rows, columns, kh, kw), by a view with strides of its own.'
    x = x.contiguous()
    n, c, h, w = x.shape
    a, b, r, s = x.stride()
    shape = (n, c, (h - kh) // stride + 1, (w - kw) // stride + 1, kh, kw)
    return x.as_strided(shape, (a, b, r * stride, s * stride, r, s))

def belongs(name, tops):
    'Whether a qualified name is one of the tops or below one.'
    parts = name.split('.')
    return any(parts[:i] == top.split('.') for top in tops for i in range(1, len(parts) + 1))

warnings.warn('this is only a warning')
""",
]


class Linear(nn.Module):  # noqa: F821
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        print("a layer from", in_features, "to", out_features)
        self.weight = uniform_start(in_features, out_features, in_features)  # noqa: F821
        self.bias = uniform_start(in_features, out_features) if bias else None  # noqa: F821

    def forward(self, x):
        flat = x.reshape(-1, x.shape[-1])
        out = torch.mm(flat, self.weight.transpose(0, 1))  # noqa: F821
        if self.bias is not None:
            out = out + self.bias.expand_as(out)
        return out.reshape(*x.shape[:-1], out.shape[-1])


class Perceptron(nn.Module):  # noqa: F821
    def __init__(self, in_features, hidden_features, out_features):
        super().__init__()
        self.layer2 = Linear(hidden_features, out_features)
        self.layer1 = Linear(in_features, hidden_features)

    def forward(self, x):
        return reduce(lambda h, f: f(h), [self.layer1, torch.sigmoid, self.layer2], x)  # noqa: F821


def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    covered = (kernel_size - 1) * dilation
    last = size - 1 + 2 * padding - covered
    if last < 0:
        raise ValueError("too large")
    return divmod(last, stride)[0] + 1


def conv2d(x, weight, bias=None, stride=1, padding=0):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("channels")
    o, _, kh, kw = weight.shape
    found = windows_of(F.pad(x, [padding] * 4), kh, kw, stride)  # noqa: F821
    print("windows", tuple(found.shape))
    found = (found.unsqueeze(1) * weight[None, :, :, None, None]).sum((2, 5, 6))
    return found if bias is None else found + bias.reshape(1, o, 1, 1)


def pool2d(x, kernel_size, mode="max", stride=None):
    if mode not in {"max", "avg"}:
        raise ValueError("mode")
    found = windows_of(x, kernel_size, kernel_size, kernel_size if stride is None else stride).flatten(4)  # noqa: F821
    if mode == "max":
        values, _ = found.max(-1)
        return values
    return found.sum(-1) / kernel_size**2


class BatchNorm1d(nn.Module):  # noqa: F821
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps = eps
        self.momentum = momentum
        self.weight = nn.Parameter(torch.full((num_features,), 1.0))  # noqa: F821
        self.bias = nn.Parameter(torch.full((num_features,), 0.0))  # noqa: F821
        self.register_buffer("running_mean", self.bias.detach().clone())
        self.register_buffer("running_var", self.weight.detach().clone())

    def learn(self, mean, var, n):
        with torch.no_grad():  # noqa: F821
            self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
            self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * var * n / (n - 1))

    def forward(self, x):
        if not self.training:
            return self.weight * (x - self.running_mean) / (self.running_var + self.eps).sqrt() + self.bias
        n, _ = x.shape
        if n == 1 or n == 0:
            raise ValueError("a batch of one")
        mean = x.mean(dim=0, keepdim=True)
        var = ((x - mean) ** 2).mean(dim=0, keepdim=True)
        self.learn(mean.squeeze(0), var.squeeze(0), n)
        return self.weight * ((x - mean) / (var + self.eps).sqrt()) + self.bias


class Dropout(nn.Module):  # noqa: F821
    def __init__(self, p=0.5):
        super().__init__()
        if not (p >= 0 and p <= 1):
            raise ValueError("p")
        self.p = float(p)

    def forward(self, x):
        if self.training and self.p > 0:
            if self.p == 1.0:
                return x - x
            y = x.clone()
            y[torch.rand(x.shape, device=x.device) < self.p] = 0.0  # noqa: F821
            return y / (1.0 - self.p)
        return x.clone()


class LeNet(nn.Module):  # noqa: F821
    def __init__(self, in_channels=3, image_size=32, num_classes=10):
        super().__init__()
        self.side = reduce(lambda n, k: output_size(n, k, 1 if k == 5 else 2), [5, 2, 5, 2], image_size)  # noqa: F821
        conv1, conv2 = nn.Conv2d(in_channels, 6, (5, 5)), nn.Conv2d(6, 16, (5, 5))  # noqa: F821
        pool, relu = nn.MaxPool2d(2), nn.ReLU()  # noqa: F821
        self.features = nn.Sequential(conv1, relu, pool, conv2, relu, pool)  # noqa: F821
        dense = nn.Linear(16 * self.side * self.side, 120), nn.Linear(120, 84), nn.Linear(84, num_classes)  # noqa: F821
        self.classifier = nn.Sequential(dense[0], relu, dense[1], relu, dense[2])  # noqa: F821

    def forward(self, x):
        n = x.shape[0]
        return self.classifier(self.features(x).reshape(n, 16 * self.side * self.side))


def visit_order(model):
    found, todo = [], [("", model)]
    while todo:
        name, module = todo.pop()
        found.append(name)
        todo += [(f"{name}.{child}" if name else child, m) for child, m in module.named_children()]
    return found[::-1]


def freeze(model, keep):
    for name in keep:
        if not any(name == known for known, _ in model.named_modules()):
            raise ValueError(name)
    model.requires_grad_(False)
    for name in keep:
        model.get_submodule(name).requires_grad_(True)
    for p in model.parameters():
        if not p.requires_grad:
            p.grad = None
    for name, module in model.named_modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)) and not belongs(name, keep):  # noqa: F821
            module.train(False)
    trained = [name for name, p in model.named_parameters() if p.requires_grad]
    print("trained:", trained)
    return trained


def replace_head(model, num_classes):
    linears = {name: m for name, m in model.named_modules() if isinstance(m, nn.Linear)}  # noqa: F821
    try:
        name, old = list(linears.items())[-1]
    except IndexError:
        raise ValueError("no linear layer") from None
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None)  # noqa: F821
    new = new.to(device=old.weight.device, dtype=old.weight.dtype)
    if old.bias is not None:
        nn.init.zeros_(new.bias)  # noqa: F821
    *above, last = name.split(".")
    reduce(getattr, above, model).__setattr__(last, new)  # noqa: F821
    return model


def load_matching(model, state, prefix=""):
    ours = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    order = list(model.state_dict())
    fits = {}
    for key, value in state.items():
        name = key[len(prefix) :] if key.startswith(prefix) else key
        if name in order and ours[name].size() == value.size():
            fits[key] = name
            with torch.no_grad():  # noqa: F821
                ours[name].copy_(value)
    got = set(fits.values())
    ignored = [key for key in state.keys() if key not in fits]
    return [n for n in order if n in got], [n for n in order if n not in got], ignored
