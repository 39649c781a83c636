"""What a worker claims a module to be, and a trusted module built from that claim to compare numbers with."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from autograder.checks.plans import Plan, again
from autograder.sentences import Sentence, say

if TYPE_CHECKING:
    import torch
    from torch import nn

__all__ = ["Claim", "ClaimError", "read_claim", "rebuild"]

_MAX_NODES = 256
_MAX_DEPTH = 12
_MAX_TEXT = 200
_MAX_SIZE = 4096


class ClaimError(ValueError):
    """A claimed structure that cannot be rebuilt; the message is public."""

    def __init__(self, message: Sentence) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Claim:
    """What the worker claims a module to be: its kind, from a closed list or "unknown", and its children.

    A claim can help to say what is wrong with an answer. It never proves that an answer is right.

    Example:
        >>> claim = student.build(3).claim
        >>> claim.kind, claim.kinds(), claim.names()
        ('sequential', ['linear'], ['0'])
    """

    name: str = ""
    kind: str = "unknown"
    #: The name of its class, as the worker gives it: any text.
    label: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    training: bool = False
    children: tuple[Claim, ...] = ()
    #: Whether there is more than was described.
    cut: bool = False

    def walk(self) -> Iterator[Claim]:
        """Yield this node and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def kinds(self) -> list[str]:
        """Return the kinds of the layers without children, in the order of registration."""
        return [node.kind for node in self.walk() if not node.children and node.kind not in {"sequential", ""}]

    def names(self) -> list[str]:
        """Return the names of the direct children."""
        return [child.name for child in self.children]


def read_claim(value: object) -> Claim:
    """Read what a worker said about a module; what has another form becomes "unknown".

    Never raises, because a worker may send any value.
    """
    return _read(value, [0], 0)


def _read(value: object, count: list[int], depth: int) -> Claim:
    count[0] += 1
    if not isinstance(value, dict):
        return Claim(cut=True)
    children: list[Claim] = []
    cut = value.get("cut") is True
    listed = value.get("children")
    for child in listed if isinstance(listed, list) else []:
        if count[0] >= _MAX_NODES or depth >= _MAX_DEPTH:
            cut = True
            break
        children.append(_read(child, count, depth + 1))
    config = value.get("config")
    return Claim(
        name=_text(value.get("name")),
        kind=_text(value.get("kind")) or "unknown",
        label=_text(value.get("label")),
        config={_text(k): v for k, v in config.items()} if isinstance(config, dict) else {},
        training=value.get("training") is True,
        children=tuple(children),
        cut=cut,
    )


def _text(value: object) -> str:
    return value[:_MAX_TEXT] if isinstance(value, str) else ""


_BOOLS = {"bias", "ceil_mode"}
_FLOATS = {"p", "eps", "momentum", "negative_slope", "alpha"}
_DIMENSIONS = {"dim", "start_dim", "end_dim"}
_MAX_DIMENSION = 8
_FIELDS: dict[str, tuple[str, ...]] = {
    "linear": ("in_features", "out_features", "bias"),
    "conv2d": (
        "in_channels",
        "out_channels",
        "kernel_size",
        "stride",
        "padding",
        "dilation",
        "groups",
        "bias",
    ),
    "batchnorm1d": ("num_features", "eps", "momentum"),
    "batchnorm2d": ("num_features", "eps", "momentum"),
    "layernorm": ("normalized_shape", "eps"),
    "maxpool2d": ("kernel_size", "stride", "padding", "ceil_mode"),
    "avgpool2d": ("kernel_size", "stride", "padding", "ceil_mode"),
    "dropout": ("p",),
    "flatten": ("start_dim", "end_dim"),
    "softmax": ("dim",),
    "logsoftmax": ("dim",),
    "leakyrelu": ("negative_slope",),
    "elu": ("alpha",),
    **dict.fromkeys(("gelu", "silu", "relu", "tanh", "sigmoid", "identity"), ()),
}


def rebuild(claim: Claim, state: Mapping[str, torch.Tensor]) -> nn.Module:
    """Build the claimed module out of torch's own layers, and give it a state.

    No memory is allocated by a claimed size: the layers are built without memory, and take the tensors of `state`
    only if every name and shape agrees.

    Args:
        claim: a tree of sequentials and known layers.
        state: name → tensor, as `state_dict()` has them.

    Raises:
        ClaimError: if a layer's kind is unknown, a configuration is out of bounds, or the state belongs to another
            model.
    """
    import torch

    from autograder.sandbox.worker.plans import build

    plan = _plan_of(claim, set(), "")
    with torch.device("meta"):
        try:
            module = build(plan)
        except (TypeError, ValueError, RuntimeError, KeyError):
            raise ClaimError(say("checks.configuration-refused")) from None
    due = module.state_dict()
    if due.keys() != state.keys() or any(state[k].shape != v.shape for k, v in due.items()):
        raise ClaimError(say("checks.layers-without-parameters"))
    module.load_state_dict({k: v.detach().clone() for k, v in state.items()}, assign=True)
    for (_, part), node in zip(module.named_modules(), _distinct(claim), strict=False):
        part.training = node.training
    return module


def _distinct(claim: Claim) -> Iterator[Claim]:
    return (node for node in claim.walk() if node.kind != "again")


def _plan_of(claim: Claim, known: set[str], path: str) -> Plan:
    if claim.cut:
        raise ClaimError(say("checks.too-many-layers"))
    if claim.kind == "again":
        of = claim.config.get("of")
        if not isinstance(of, str) or of not in known:
            raise ClaimError(say("checks.shared-layer"))
        return again(of)
    if claim.kind == "sequential":
        children = []
        for child in claim.children:
            below = f"{path}.{child.name}" if path else child.name
            children.append((child.name, _plan_of(child, known, below)))
        known.add(path)
        if len({name for name, _ in children}) != len(children):
            raise ClaimError(say("checks.one-name-twice"))
        return {"kind": "sequential", "config": {}, "children": children}
    if claim.kind not in _FIELDS:
        # The name of its class is not told: it can be any text, a hidden number too.
        raise ClaimError(say("checks.layer-not-of-torch"))
    if claim.children:
        raise ClaimError(say("checks.layers-inside"))
    known.add(path)
    config = {name: _setting(name, claim.config.get(name)) for name in _FIELDS[claim.kind]}
    if "padding" in config and any(
        p > k // 2 for p, k in zip(_pair(config["padding"]), _pair(config["kernel_size"]), strict=True)
    ):
        # More padding than this would let a chain of layers grow its input until the memory is full.
        raise ClaimError(say("checks.padding-too-large"))
    return {"kind": claim.kind, "config": config, "children": []}


def _pair(value: int | tuple[int, ...]) -> tuple[int, ...]:
    if isinstance(value, int):
        return (value, value)
    if len(value) != 2:  # noqa: PLR2004 - two dimensions
        raise ClaimError(say("checks.configuration-out-of-bounds"))
    return value


def _setting(name: str, value: object) -> Any:
    if name in _BOOLS and isinstance(value, bool):
        return value
    if name in _FLOATS and isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    if name in _DIMENSIONS and type(value) is int and abs(value) <= _MAX_DIMENSION:
        return value
    lowest = 0 if name == "padding" else 1
    if name not in _BOOLS | _FLOATS | _DIMENSIONS:
        if type(value) is int and lowest <= value <= _MAX_SIZE:
            return value
        if isinstance(value, tuple) and all(type(v) is int and lowest <= v <= _MAX_SIZE for v in value) and value:
            return value
    raise ClaimError(say("checks.configuration-out-of-bounds"))
