"""Modules from plain data and back: what a check describes is built here, what a notebook built is described.

A plan is a dict `{"kind", "config", "children"}` of strings, numbers and pairs `(name, plan)`. Every kind comes
from the closed table below; no name is ever looked up. The judge builds its own models with the same code.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

__all__ = ["MAX_CLAIM_DEPTH", "MAX_CLAIM_NODES", "Raising", "Routed", "build", "describe"]

Plan = Mapping[str, Any]

MAX_CLAIM_NODES = 256
MAX_CLAIM_DEPTH = 12
_MAX_NAME = 200


class Raising(nn.Module):
    """A layer whose forward pass fails, to see what code leaves behind after an exception."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Raise ValueError."""
        raise ValueError(f"this layer fails on purpose, its input has shape {tuple(x.shape)}")


class Routed(nn.Module):
    """Children that run in another order than they were registered in; some run twice or never."""

    def __init__(self, order: tuple[str, ...], children: Mapping[str, nn.Module]) -> None:
        super().__init__()
        self.order = order
        for name, child in children.items():
            self.add_module(name, child)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Send x through the children named in `order`."""
        for name in self.order:
            x = self.get_submodule(name)(x)
        return x


@dataclass(frozen=True, slots=True)
class _Kind:
    """A layer of torch: how to make one, and which of its attributes are needed to make another like it."""

    type: type[nn.Module]
    make: Callable[..., nn.Module]
    fields: tuple[str, ...] = ()


def _bias(module: nn.Module) -> bool:
    return module._parameters.get("bias") is not None  # noqa: SLF001 - an attribute may be shadowed


_LAYERS = {
    "linear": _Kind(nn.Linear, nn.Linear, ("in_features", "out_features", "bias")),
    "conv2d": _Kind(
        nn.Conv2d,
        nn.Conv2d,
        ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "bias"),
    ),
    "batchnorm1d": _Kind(nn.BatchNorm1d, nn.BatchNorm1d, ("num_features", "eps", "momentum")),
    "batchnorm2d": _Kind(nn.BatchNorm2d, nn.BatchNorm2d, ("num_features", "eps", "momentum")),
    "layernorm": _Kind(nn.LayerNorm, nn.LayerNorm, ("normalized_shape", "eps")),
    "maxpool2d": _Kind(nn.MaxPool2d, nn.MaxPool2d, ("kernel_size", "stride", "padding", "ceil_mode")),
    "avgpool2d": _Kind(nn.AvgPool2d, nn.AvgPool2d, ("kernel_size", "stride", "padding", "ceil_mode")),
    "dropout": _Kind(nn.Dropout, nn.Dropout, ("p",)),
    "flatten": _Kind(nn.Flatten, nn.Flatten, ("start_dim", "end_dim")),
    "softmax": _Kind(nn.Softmax, nn.Softmax, ("dim",)),
    "logsoftmax": _Kind(nn.LogSoftmax, nn.LogSoftmax, ("dim",)),
    "leakyrelu": _Kind(nn.LeakyReLU, nn.LeakyReLU, ("negative_slope",)),
    "elu": _Kind(nn.ELU, nn.ELU, ("alpha",)),
    "gelu": _Kind(nn.GELU, nn.GELU),
    "silu": _Kind(nn.SiLU, nn.SiLU),
    "relu": _Kind(nn.ReLU, nn.ReLU),
    "tanh": _Kind(nn.Tanh, nn.Tanh),
    "sigmoid": _Kind(nn.Sigmoid, nn.Sigmoid),
    "identity": _Kind(nn.Identity, nn.Identity),
    "mseloss": _Kind(nn.MSELoss, nn.MSELoss, ("reduction",)),
    "l1loss": _Kind(nn.L1Loss, nn.L1Loss, ("reduction",)),
    "smoothl1loss": _Kind(nn.SmoothL1Loss, nn.SmoothL1Loss, ("reduction", "beta")),
    "huberloss": _Kind(nn.HuberLoss, nn.HuberLoss, ("reduction", "delta")),
    "bceloss": _Kind(nn.BCELoss, nn.BCELoss, ("reduction",)),
    "bcewithlogitsloss": _Kind(nn.BCEWithLogitsLoss, nn.BCEWithLogitsLoss, ("reduction",)),
    "nllloss": _Kind(nn.NLLLoss, nn.NLLLoss, ("ignore_index", "reduction")),
    "kldivloss": _Kind(nn.KLDivLoss, nn.KLDivLoss, ("reduction", "log_target")),
    "crossentropyloss": _Kind(
        nn.CrossEntropyLoss, nn.CrossEntropyLoss, ("ignore_index", "reduction", "label_smoothing")
    ),
}
_KIND_OF = {kind.type: name for name, kind in _LAYERS.items()}
_CONTAINERS: dict[type[nn.Module], str] = {nn.Sequential: "sequential", nn.ModuleList: "modulelist"}


# -- plan to module ----------------------------------------------------------------------------------------


def build(plan: Plan, layers: str = "") -> nn.Module:
    """Build the module that a plan describes; initial values are torch's own, from the global generator.

    Args:
        plan: what to build.
        layers: the text of `own_layers`, needed where a class of torch is forbidden. It is no module here: code that
            computes what an exercise forbids is in a worker only while a check needs it.

    Raises:
        KeyError: if a kind is not in the table.
        TypeError, ValueError, RuntimeError: if torch refuses a configuration.
    """
    return _build(plan, "", {}, functools.cache(functools.partial(_own_layer, layers)))


def _build(plan: Plan, path: str, built: dict[str, nn.Module], own_layer: Callable[[], Any]) -> nn.Module:
    kind, config = plan["kind"], plan["config"]
    if kind == "again":
        return built[config["of"]]
    children: dict[str, nn.Module] = {}
    for name, child in plan["children"]:
        children[name] = _build(child, f"{path}.{name}" if path else name, built, own_layer)
    module: nn.Module
    if kind == "sequential":
        module = nn.Sequential()
        for name, made in children.items():
            module.add_module(name, made)
    elif kind == "modulelist":
        module = nn.ModuleList(children.values())
    elif kind == "routed":
        module = Routed(tuple(config["order"]), children)
    elif kind == "raising":
        module = Raising()
    elif kind == "tied":
        module = nn.Linear(config["in_features"], config["out_features"], bias=config["bias"])
        module.weight = built[config["of"]].weight  # type: ignore[assignment]
    else:
        module = _layer(kind, config, own_layer)
    built[path] = module
    return module


def _own_layer(layers: str) -> Any:
    """Return the function that makes layers of our own."""
    names: dict[str, Any] = {"__name__": "layers"}
    exec(layers, names)  # noqa: S102 - our own module, from the judge
    return names["own_layer"]


def _layer(kind: str, config: Mapping[str, Any], own_layer: Callable[[], Any]) -> nn.Module:
    """Make a layer of torch, or one like it where an assignment forbids torch's own."""
    from autograder.sandbox.worker.forbid import FORBIDDEN_CLASSES

    if id(_LAYERS[kind].type) not in FORBIDDEN_CLASSES:
        return _LAYERS[kind].make(**config)
    made: nn.Module = own_layer()(kind, _LAYERS[kind].type, dict(config))
    _KIND_OF[type(made)] = kind
    return made


# -- module to claim ---------------------------------------------------------------------------------------


def describe(module: nn.Module) -> dict[str, Any]:
    """Describe a module by plain data: kinds, configurations, training flags; at most `MAX_CLAIM_NODES` nodes.

    A layer counts as known only if its type is torch's own, not a subclass of it. A module that occurs a second time is
    "again" there.
    """
    return _describe(module, "", "", {}, [0], 0)


def _describe(
    module: Any,
    name: str,
    path: str,
    seen: dict[int, str],
    count: list[int],
    depth: int,
) -> dict[str, Any]:
    count[0] += 1
    label = type(module).__name__[:_MAX_NAME]
    own = vars(module)
    node: dict[str, Any] = {
        "name": name[:_MAX_NAME],
        "kind": "unknown",
        "label": label,
        "config": {},
        "training": own.get("training") is True,
        "children": [],
        "cut": False,
    }
    if id(module) in seen:
        return {**node, "kind": "again", "config": {"of": seen[id(module)]}}
    seen[id(module)] = path
    known = _KIND_OF.get(type(module))
    if known is not None:
        node["kind"] = known
        node["config"] = {f: _setting(module, f) for f in _LAYERS[known].fields}
    else:
        node["kind"] = _CONTAINERS.get(type(module), "unknown")
    for child_name, child in own.get("_modules", {}).items():
        if child is None:
            continue
        if count[0] >= MAX_CLAIM_NODES or depth >= MAX_CLAIM_DEPTH:
            node["cut"] = True
            break
        inner = f"{path}.{child_name}" if path else str(child_name)
        node["children"].append(_describe(child, str(child_name), inner, seen, count, depth + 1))
    return node


def _setting(module: nn.Module, name: str) -> object:
    if name == "bias":
        return _bias(module)
    value = vars(module).get(name)
    if name == "reduction":
        return value if value in {"mean", "sum", "none", "batchmean"} else None
    return _plain(value)


def _plain(value: object) -> object:
    """Return a number or a tuple of numbers; None for anything else."""
    if type(value) in {int, float, bool}:
        return value
    if isinstance(value, tuple) and len(value) <= 4 and all(type(v) is int for v in value):  # noqa: PLR2004 - dimensions
        return tuple(value)
    return None
