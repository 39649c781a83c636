"""Layers for the models of a check where torch's own are forbidden: the same numbers, by formulas.

They call nothing that an assignment would forbid, and they keep no part of the class that was taken away.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

__all__ = ["own_layer"]


def _linear(self: Any, x: torch.Tensor) -> torch.Tensor:
    return _plus(torch.matmul(x, self.weight.mT), self.bias)


def _plus(x: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
    return x if bias is None else x + bias


def _two(value: Any) -> tuple[int, int]:
    return value if isinstance(value, tuple) else (value, value)


def _padded(x: torch.Tensor, padding: tuple[int, int], value: float) -> torch.Tensor:
    rows, columns = x.shape[-2:]
    down, right = padding
    wide = x.new_full((*x.shape[:-2], rows + 2 * down, columns + 2 * right), value)
    wide[..., down : down + rows, right : right + columns] = x
    return wide


def _windows(self: Any, x: torch.Tensor, value: float = 0.0, dilation: Any = 1) -> Any:
    """Yield, for each place in the kernel, the place and what lies under it: a tensor (N, C, H′, W′)."""
    size, stride, (down, right) = (_two(v) for v in (self.kernel_size, self.stride, dilation))
    x = _padded(x, _two(self.padding), value)
    rows, columns = (
        (n - d * (k - 1) - 1) // s + 1 for n, k, s, d in zip(x.shape[-2:], size, stride, (down, right), strict=True)
    )
    for i in range(size[0]):
        for j in range(size[1]):
            low, left = i * down, j * right
            yield (
                (i, j),
                x[
                    ...,
                    low : low + (rows - 1) * stride[0] + 1 : stride[0],
                    left : left + (columns - 1) * stride[1] + 1 : stride[1],
                ],
            )


def _conv2d(self: Any, x: torch.Tensor) -> torch.Tensor:
    groups = self.groups
    weight = self.weight.reshape(groups, -1, *self.weight.shape[1:])
    total: Any = 0
    for (i, j), part in _windows(self, x, dilation=self.dilation):
        grouped = part.reshape(len(x), groups, -1, *part.shape[-2:])
        total = total + (grouped[:, :, None] * weight[None, :, :, :, i, j, None, None]).sum(3)
    total = total.reshape(len(x), -1, *total.shape[-2:])
    return _plus(total, None if self.bias is None else self.bias[:, None, None])


def _batch_norm(self: Any, x: torch.Tensor) -> Any:
    others = [d for d in range(x.dim()) if d != 1]
    along = [1, -1] + [1] * (x.dim() - 2)
    mean, variance = self.running_mean, self.running_var
    if self.training:
        mean, variance = x.mean(others), x.var(others, correction=0)
        with torch.no_grad():
            n = x.numel() // x.shape[1]
            self.num_batches_tracked += 1
            self.running_mean += self.momentum * (mean - self.running_mean)
            self.running_var += self.momentum * (variance * n / (n - 1) - self.running_var)
    scaled = (x - mean.reshape(along)) / (variance.reshape(along) + self.eps) ** 0.5
    return scaled * self.weight.reshape(along) + self.bias.reshape(along)


def _layer_norm(self: Any, x: torch.Tensor) -> Any:
    last = list(range(-len(self.normalized_shape), 0))
    centred = x - x.mean(last, keepdim=True)
    return centred / (centred.square().mean(last, keepdim=True) + self.eps) ** 0.5 * self.weight + self.bias


def _dropout(self: Any, x: torch.Tensor) -> torch.Tensor:
    if not self.training:
        return x
    kept = torch.rand_like(x) >= self.p
    return torch.where(kept, x / (1 - self.p) if self.p < 1 else x, torch.zeros_like(x))


def _max_pool(self: Any, x: torch.Tensor) -> torch.Tensor:
    return torch.stack([part for _, part in _windows(self, x, -math.inf)]).amax(0)


def _avg_pool(self: Any, x: torch.Tensor) -> torch.Tensor:
    return torch.stack([part for _, part in _windows(self, x)]).mean(0)


def _softmax(self: Any, x: torch.Tensor) -> torch.Tensor:
    return _log_softmax(self, x).exp()


def _log_softmax(self: Any, x: torch.Tensor) -> torch.Tensor:
    shifted = x - x.detach().amax(self.dim, keepdim=True)
    return shifted - shifted.exp().sum(self.dim, keepdim=True).log()


def _logistic(x: torch.Tensor) -> torch.Tensor:
    """Return 1/(1 + e^−x), finite with its gradient for every x."""
    small = torch.exp(-torch.where(x >= 0, x, -x))
    return torch.where(x >= 0, 1 / (1 + small), small / (1 + small))


def _elu(self: Any, x: torch.Tensor) -> torch.Tensor:
    return torch.where(x > 0, x, self.alpha * torch.expm1(torch.where(x > 0, torch.zeros_like(x), x)))


def _reduced(self: Any, losses: torch.Tensor) -> torch.Tensor:
    return {"mean": losses.mean(), "sum": losses.sum(), "none": losses}[self.reduction]


def _cross_entropy(self: Any, scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    self.dim = 1
    return _reduced(self, -_log_softmax(self, scores).gather(1, labels[:, None]).squeeze(1))


#: For each kind the forward pass, and the attributes besides those of the configuration.
_FORWARDS: dict[str, Callable[..., Any]] = {
    "linear": _linear,
    "conv2d": _conv2d,
    "batchnorm1d": _batch_norm,
    "batchnorm2d": _batch_norm,
    "layernorm": _layer_norm,
    "maxpool2d": _max_pool,
    "avgpool2d": _avg_pool,
    "dropout": _dropout,
    "flatten": lambda _, x: x.reshape(len(x), -1),
    "softmax": _softmax,
    "logsoftmax": _log_softmax,
    "leakyrelu": lambda self, x: torch.where(x > 0, x, self.negative_slope * x),
    "elu": _elu,
    "gelu": lambda _, x: x * (1 + torch.erf(x / math.sqrt(2))) / 2,
    "silu": lambda _, x: x * _logistic(x),
    "relu": lambda _, x: torch.where(x > 0, x, torch.zeros_like(x)),
    "tanh": lambda _, x: 2 * _logistic(2 * x) - 1,
    "sigmoid": lambda _, x: _logistic(x),
    "identity": lambda _, x: x,
    "mseloss": lambda self, a, b: _reduced(self, (a - b) ** 2),
    "l1loss": lambda self, a, b: _reduced(self, (a - b).abs()),
    "crossentropyloss": _cross_entropy,
    "nllloss": lambda self, a, y: _reduced(self, -a.gather(1, y[:, None]).squeeze(1)),
}
_DEFAULTS: dict[str, dict[str, Any]] = {
    "linear": {"bias": True},
    "conv2d": {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": True},
    "batchnorm1d": {"eps": 1e-5, "momentum": 0.1},
    "batchnorm2d": {"eps": 1e-5, "momentum": 0.1},
    "layernorm": {"eps": 1e-5},
    "maxpool2d": {"stride": None, "padding": 0},
    "avgpool2d": {"stride": None, "padding": 0},
    "elu": {"alpha": 1.0},
    "leakyrelu": {"negative_slope": 0.01},
    **{kind: {"reduction": "mean"} for kind in ("mseloss", "l1loss", "crossentropyloss", "nllloss")},
}


def own_layer(kind: str, torchs: type[nn.Module], config: dict[str, Any]) -> nn.Module:
    """Make a layer that computes what torch's class computes.

    Args:
        kind: as in a plan.
        torchs: the class that is forbidden.
        config: as in a plan.

    Raises:
        ValueError: if there is no formula for it.
    """
    if kind not in _FORWARDS:
        raise ValueError(f"a check cannot build {torchs.__name__} where it is forbidden")
    made: dict[str, Any] = {"forward": _FORWARDS[kind], "__init__": nn.Module.__init__, "extra_repr": lambda _: ""}
    layer: Any = type(torchs.__name__, (torchs,), {"__module__": torchs.__module__, **made})()
    settings = {**_DEFAULTS.get(kind, {}), **config}
    for name, value in settings.items():
        if name != "bias":
            setattr(layer, name, value)
    if settings.get("stride", 0) is None:
        layer.stride = layer.kernel_size
    _give_parameters(kind, layer, settings)
    return layer  # type: ignore[no-any-return]


def _give_parameters(kind: str, layer: Any, settings: dict[str, Any]) -> None:
    """Register a layer's parameters and buffers; the values of a plan are loaded afterwards."""
    if kind == "linear":
        shape: tuple[int, ...] = (layer.out_features, layer.in_features)
    elif kind == "conv2d":
        shape = (layer.out_channels, layer.in_channels // layer.groups, *_two(layer.kernel_size))
    elif kind.startswith("batchnorm"):
        shape = (layer.num_features,)
        for name, value in (("running_mean", torch.zeros(shape)), ("running_var", torch.ones(shape))):
            layer.register_buffer(name, value)
        layer.register_buffer("num_batches_tracked", torch.tensor(0))
        layer.track_running_stats = layer.affine = True
    elif kind == "layernorm":
        sizes = layer.normalized_shape
        shape = layer.normalized_shape = sizes if isinstance(sizes, tuple) else (sizes,)
    else:
        return
    layer.weight = nn.Parameter(torch.empty(shape))
    bias = shape if kind == "layernorm" else shape[:1]
    layer.register_parameter("bias", nn.Parameter(torch.empty(bias)) if settings.get("bias", True) else None)
