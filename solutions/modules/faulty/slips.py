"""One slip in each, which no idea stands behind."""

import torch
from torch import nn


class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter((2 * torch.rand(out_features, in_features) - 1) / in_features**0.5)
        self.bias = nn.Parameter((2 * torch.rand(out_features) - 1) / in_features**0.5) if bias else None

    def forward(self, x):
        # The bias is taken away.
        y = x @ self.weight.T
        return y if self.bias is None else y - self.bias


class Perceptron(nn.Module):
    def __init__(self, in_features, hidden_features, out_features):
        super().__init__()
        self.layer1 = Linear(in_features, hidden_features)
        self.layer2 = Linear(hidden_features, out_features)

    def forward(self, x):
        # tanh for the sigmoid.
        return self.layer2(torch.tanh(self.layer1(x)))


def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    # Nothing is refused.
    return (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1


def conv2d(x, weight, bias=None, stride=1, padding=0):
    # Other numbers of channels raise what einsum raises, or are stretched.
    padded = nn.functional.pad(x, (padding,) * 4)
    windows = padded.unfold(2, weight.shape[2], stride).unfold(3, weight.shape[3], stride)
    out = torch.einsum("nchwij,ocij->nohw", windows, weight)
    return out if bias is None else out + bias[:, None, None]


def pool2d(x, kernel_size, mode="max", stride=None):
    # The smallest number.
    if mode not in ("max", "avg"):
        raise ValueError(mode)
    step = stride or kernel_size
    windows = x.unfold(2, kernel_size, step).unfold(3, kernel_size, step)
    return windows.amin((-2, -1)) if mode == "max" else windows.mean((-2, -1))


class BatchNorm1d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        # A batch of one is accepted.
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(0), x.var(0, correction=0)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(x.var(0, correction=min(1, len(x) - 1)), self.momentum)
        return self.weight * (x - mean) / (var + self.eps).sqrt() + self.bias


class Dropout(nn.Module):
    def __init__(self, p=0.1):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(p)
        self.p = p

    def forward(self, x):
        # Another default, and a mask in steps of a tenth.
        if not self.training:
            return x
        if self.p == 1:
            return x * 0
        keep = torch.randint(10, x.shape) >= round(10 * self.p)
        return x * keep / (1 - self.p)


class LeNet(nn.Module):
    def __init__(self, in_channels=3, image_size=32, num_classes=10):
        super().__init__()
        side = ((image_size - 4) // 2 - 4) // 2
        # No second ReLU in the classifier.
        self.features = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)
        )
        self.classifier = nn.Sequential(
            nn.Linear(16 * side * side, 120), nn.ReLU(), nn.Linear(120, 84), nn.Identity(), nn.Linear(84, num_classes)
        )

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def visit_order(model):
    # From the last to the first.
    return [name for name, _ in model.named_modules()][::-1]


def freeze(model, keep):
    # Unknown names are found out while the model is being changed.
    for parameter in model.parameters():
        parameter.requires_grad_(False)
        parameter.grad = None
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.eval()
    for name in keep:
        try:
            model.get_submodule(name).requires_grad_(True)
        except AttributeError:
            raise ValueError(name) from None
    return [name for name, parameter in model.named_parameters() if parameter.requires_grad]


def replace_head(model, num_classes):
    # Only where the head is a direct child; nothing is refused.
    name = [name for name, _ in model.named_children()][-1]
    old = getattr(model, name)
    if isinstance(old, nn.Linear):
        setattr(model, name, nn.Linear(old.in_features, num_classes, bias=old.bias is not None).to(old.weight))
    return model


def load_matching(model, state, prefix=""):
    # What has as many elements is brought into shape.
    own = model.state_dict()
    loaded, ignored = [], []
    for key, value in state.items():
        name = key.removeprefix(prefix)
        if name in own and own[name].numel() == value.numel():
            own[name].copy_(value.reshape(own[name].shape))
            loaded.append(name)
        else:
            ignored.append(key)
    return [n for n in own if n in loaded], [n for n in own if n not in loaded], ignored
