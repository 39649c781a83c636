"""A second slip in each."""

import torch
from torch import nn

_source = torch.Generator().manual_seed(5)


class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        # A generator of its own.
        draw = lambda *shape: (2 * torch.rand(shape, generator=_source) - 1) / in_features**0.5  # noqa: E731
        self.weight = nn.Parameter(draw(out_features, in_features))
        self.bias = nn.Parameter(draw(out_features)) if bias else None

    def forward(self, x):
        y = x @ self.weight.T
        return y if self.bias is None else y + self.bias


class Perceptron(nn.Module):
    def __init__(self, in_features, hidden_features, out_features):
        super().__init__()
        # One layer more.
        self.layer1 = Linear(in_features, hidden_features)
        self.layer2 = Linear(hidden_features, out_features)
        self.layer3 = Linear(out_features, out_features)

    def forward(self, x):
        return self.layer3(self.layer2(torch.sigmoid(self.layer1(x))))


def conv2d(x, weight, bias=None, stride=1, padding=0):
    # The stride in one direction only.
    if x.shape[1] != weight.shape[1]:
        raise ValueError
    padded = nn.functional.pad(x, (padding,) * 4)
    windows = padded.unfold(2, weight.shape[2], stride).unfold(3, weight.shape[3], 1)
    out = torch.einsum("nchwij,ocij->nohw", windows, weight)
    return out if bias is None else out + bias[:, None, None]


class BatchNorm1d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        # torch counts batches; here nobody asked for it.
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(x) < 2:
                raise ValueError(len(x))
            mean, var = x.mean(0), x.var(0, correction=0)
            with torch.no_grad():
                self.num_batches_tracked += 1
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(x.var(0), self.momentum)
        return self.weight * (x - mean) / (var + self.eps).sqrt() + self.bias


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(p)
        self.p = p

    def forward(self, x):
        # Scaled by the share that is left in this mask, not by 1 − p; and nobody's own generator.
        if not self.training or self.p == 0:
            return x
        if self.p == 1:
            return x * 0
        keep = torch.rand(x.shape, generator=_source) >= self.p
        return x * keep / keep.double().mean()


class LeNet(nn.Module):
    def __init__(self, in_channels=3, image_size=32, num_classes=10):
        super().__init__()
        # Other names.
        side = ((image_size - 4) // 2 - 4) // 2
        self.body = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)
        )
        self.head = nn.Sequential(
            nn.Linear(16 * side * side, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, num_classes)
        )

    def forward(self, x):
        return self.head(self.body(x).flatten(1))


def freeze(model, keep):
    # What is in keep is put into training mode.
    known = dict(model.named_modules())
    if any(name not in known for name in keep):
        raise ValueError(keep)
    model.requires_grad_(False)
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            module.eval()
    for name in keep:
        known[name].requires_grad_(True).train()
    for parameter in model.parameters():
        if not parameter.requires_grad:
            parameter.grad = None
    return [name for name, parameter in model.named_parameters() if parameter.requires_grad]


def replace_head(model, num_classes):
    # The old numbers go on, as many as fit.
    linears = [name for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    if not linears:
        raise ValueError
    old = model.get_submodule(linears[-1])
    rows = torch.arange(num_classes) % old.out_features
    old.weight = nn.Parameter(old.weight.detach()[rows])
    if old.bias is not None:
        old.bias = nn.Parameter(old.bias.detach()[rows])
    old.out_features = num_classes
    return model


def load_matching(model, state, prefix=""):
    # The checkpoint's tensors take the place of the model's.
    own = model.state_dict()
    fits = {k.removeprefix(prefix): v for k, v in state.items()}
    fits = {n: v for n, v in fits.items() if n in own and own[n].shape == v.shape}
    model.load_state_dict(fits, strict=False, assign=True)
    ignored = [k for k in state if k.removeprefix(prefix) not in fits]
    return [n for n in own if n in fits], [n for n in own if n not in fits], ignored
