"""As close to the library's own code as one gets from memory."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn import init
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.parameter import Parameter


class Linear(nn.Module):
    __constants__ = ["in_features", "out_features"]
    in_features: int
    out_features: int
    weight: Tensor

    def __init__(self, in_features: int, out_features: int, bias: bool = True, device=None, dtype=None) -> None:
        factory_kwargs = {"device": device, "dtype": dtype}
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(torch.empty((out_features, in_features), **factory_kwargs))
        if bias:
            self.bias = Parameter(torch.empty(out_features, **factory_kwargs))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in, _ = init._calculate_fan_in_and_fan_out(self.weight)
            bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input: Tensor) -> Tensor:
        out = torch.matmul(input, self.weight.t())
        if self.bias is not None:
            out += self.bias
        return out

    def extra_repr(self) -> str:
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class Perceptron(nn.Module):
    def __init__(self, in_features: int, hidden_features: int, out_features: int) -> None:
        super().__init__()
        self.add_module("layer1", Linear(in_features, hidden_features))
        self.add_module("layer2", Linear(hidden_features, out_features))

    def forward(self, x: Tensor) -> Tensor:
        return self.layer2(self.layer1(x).sigmoid())


def output_size(size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    if dilation * (kernel_size - 1) + 1 > size + 2 * padding:
        raise ValueError("Kernel size can't be greater than actual input size")
    return int(math.floor((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1))


def conv2d(x: Tensor, weight: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    if x.size(1) != weight.size(1):
        raise ValueError(f"expected input to have {weight.size(1)} channels, but got {x.size(1)} channels instead")
    columns = F.unfold(x, weight.shape[2:], padding=padding, stride=stride)
    out = weight.flatten(1) @ columns
    if bias is not None:
        out = out + bias.unsqueeze(-1)
    height = output_size(x.size(2), weight.size(2), stride, padding)
    return out.unflatten(-1, (height, -1))


def pool2d(x: Tensor, kernel_size: int, mode: str = "max", stride: int | None = None) -> Tensor:
    stride = stride or kernel_size
    n, c, h, w = x.shape
    windows = F.unfold(x.reshape(n * c, 1, h, w), kernel_size, stride=stride)
    if mode == "max":
        out = windows.max(dim=1).values
    elif mode == "avg":
        out = windows.mean(dim=1)
    else:
        raise ValueError(f"mode must be 'max' or 'avg', got {mode!r}")
    return out.view(n, c, (h - kernel_size) // stride + 1, (w - kernel_size) // stride + 1)


class BatchNorm1d(nn.Module):
    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = Parameter(torch.empty(num_features))
        self.bias = Parameter(torch.empty(num_features))
        self.register_buffer("running_mean", torch.empty(num_features))
        self.register_buffer("running_var", torch.empty(num_features))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        self.running_mean.zero_()
        self.running_var.fill_(1)
        init.ones_(self.weight)
        init.zeros_(self.bias)

    def forward(self, input: Tensor) -> Tensor:
        if self.training:
            if input.size(0) < 2:
                raise ValueError(f"Expected more than 1 value per channel when training, got input size {input.size()}")
            var, mean = torch.var_mean(input, dim=0, unbiased=False)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(input.var(dim=0, unbiased=True), self.momentum)
        else:
            mean, var = self.running_mean, self.running_var
        return (input - mean) * torch.rsqrt(var + self.eps) * self.weight + self.bias


class Dropout(nn.Module):
    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        if p < 0.0 or p > 1.0:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        self.p = p

    def forward(self, input: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return input
        mask = torch.empty_like(input, dtype=torch.bool).bernoulli_(1 - self.p)
        scale = 0.0 if self.p == 1 else 1.0 / (1.0 - self.p)
        return input.masked_fill(~mask, 0.0) * scale


class LeNet(nn.Module):
    def __init__(self, in_channels: int = 3, image_size: int = 32, num_classes: int = 10) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(in_channels, 6, kernel_size=5),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=2, stride=2),
            nn.Conv2d(6, 16, kernel_size=5),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=2, stride=2),
        )
        # What is left is what a picture of zeros has.
        with torch.no_grad():
            features = self.features(torch.zeros(1, in_channels, image_size, image_size)).numel()
        self.classifier = nn.Sequential(
            nn.Linear(features, 120),
            nn.ReLU(inplace=True),
            nn.Linear(120, 84),
            nn.ReLU(inplace=True),
            nn.Linear(84, num_classes),
        )

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x)
        x = torch.flatten(x, 1)
        return self.classifier(x)


def visit_order(model: nn.Module) -> list[str]:
    names = {module: name for name, module in model.named_modules()}
    order: list[str] = []
    model.apply(lambda module: order.append(names[module]))
    return order


def freeze(model: nn.Module, keep: list[str]) -> list[str]:
    known = dict(model.named_modules())
    unknown = set(keep) - known.keys()
    if unknown:
        raise ValueError(f"unknown modules: {sorted(unknown)}")
    flags = {module: module.training for module in model.modules()}
    trained = {id(p) for name in keep for p in known[name].parameters()}
    kept = {module for name in keep for module in known[name].modules()}
    for p in model.parameters():
        p.requires_grad_(id(p) in trained)
        if id(p) not in trained:
            p.grad = None
    for module, flag in flags.items():
        if isinstance(module, _BatchNorm) and module not in kept:
            module.eval()
        else:
            module.training = flag
    return [name for name, p in model.named_parameters() if p.requires_grad]


def replace_head(model: nn.Module, num_classes: int) -> nn.Module:
    *_, (parent, name, old) = [(None, None, None)] + [
        (model.get_submodule(path.rpartition(".")[0]), path.rpartition(".")[2], module)
        for path, module in model.named_modules()
        if isinstance(module, nn.Linear)
    ]
    if old is None:
        raise ValueError("the model has no nn.Linear")
    kwargs = {"device": old.weight.device, "dtype": old.weight.dtype}
    parent.add_module(name, nn.Linear(old.in_features, num_classes, bias=old.bias is not None, **kwargs))
    return model


def load_matching(model: nn.Module, state: dict[str, Tensor], prefix: str = ""):
    own = model.state_dict()
    renamed = {key.removeprefix(prefix): (key, value) for key, value in state.items()}
    fits = {n: v for n, (_, v) in renamed.items() if n in own and own[n].shape == v.shape}
    result = model.load_state_dict(fits, strict=False)
    missing = [name for name in own if name in set(result.missing_keys) or name not in fits]
    return [name for name in own if name in fits], missing, [k for n, (k, _) in renamed.items() if n not in fits]
