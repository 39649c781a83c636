"""What a check wants built: plain data out of a closed list of layers, and values for their parameters."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from torch import nn

__all__ = [
    "Layout",
    "Plan",
    "again",
    "avgpool2d",
    "batchnorm1d",
    "batchnorm2d",
    "build_plan",
    "conv2d",
    "drawn_state",
    "dropout",
    "elu",
    "flatten",
    "gelu",
    "identity",
    "initial_state",
    "layernorm",
    "leakyrelu",
    "linear",
    "logsoftmax",
    "maxpool2d",
    "modulelist",
    "plan_of",
    "raising",
    "relu",
    "routed",
    "sequential",
    "sigmoid",
    "silu",
    "softmax",
    "tanh",
    "tied",
]

Plan = dict[str, Any]
#: Shape and dtype by name, as a state dict has them.
Layout = Mapping[str, "tuple[tuple[int, ...], torch.dtype]"]


def _plan(kind: str, children: Sequence[tuple[str, Plan]] = (), **config: Any) -> Plan:
    return {"kind": kind, "config": config, "children": list(children)}


def _named(plans: tuple[Plan, ...], named: Mapping[str, Plan]) -> list[tuple[str, Plan]]:
    return [*((str(i), plan) for i, plan in enumerate(plans)), *named.items()]


def linear(in_features: int, out_features: int, *, bias: bool = True) -> Plan:
    """Plan an nn.Linear.

    Example:
        >>> student.tools.model(linear(3, 2, bias=False)).layout()
        {'weight': ((2, 3), torch.float64)}
    """
    return _plan("linear", in_features=in_features, out_features=out_features, bias=bias)


def conv2d(in_channels: int, out_channels: int, kernel_size: int, *, stride: int = 1, padding: int = 0) -> Plan:
    """Plan an nn.Conv2d with a square kernel.

    Example:
        >>> student.tools.model(conv2d(1, 4, 3, padding=1)).forward(draw.normal(2, 1, 8, 8)).shape
        torch.Size([2, 4, 8, 8])
    """
    return _plan(
        "conv2d",
        in_channels=in_channels,
        out_channels=out_channels,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
    )


def batchnorm1d(num_features: int) -> Plan:
    """Plan an nn.BatchNorm1d.

    Example:
        >>> list(initial_state(batchnorm1d(3)))
        ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked']
    """
    return _plan("batchnorm1d", num_features=num_features)


def dropout(p: float) -> Plan:
    """Plan an nn.Dropout.

    Example:
        >>> model = student.tools.model(dropout(0.5))
        >>> model.train(False)
        >>> model.forward(torch.ones(3))
        tensor([1., 1., 1.])
    """
    return _plan("dropout", p=p)


def maxpool2d(kernel_size: int) -> Plan:
    """Plan an nn.MaxPool2d.

    Example:
        >>> student.tools.model(maxpool2d(2)).forward(draw.normal(1, 1, 4, 6)).shape
        torch.Size([1, 1, 2, 3])
    """
    return _plan("maxpool2d", kernel_size=kernel_size)


def batchnorm2d(num_features: int) -> Plan:
    """Plan an nn.BatchNorm2d.

    Example:
        >>> student.tools.model(batchnorm2d(3)).forward(draw.normal(2, 3, 4, 4)).shape
        torch.Size([2, 3, 4, 4])
    """
    return _plan("batchnorm2d", num_features=num_features)


def layernorm(*normalized_shape: int) -> Plan:
    """Plan an nn.LayerNorm over the last dimensions, which have these sizes.

    Example:
        >>> list(initial_state(layernorm(4)))
        ['weight', 'bias']
    """
    return _plan("layernorm", normalized_shape=tuple(normalized_shape))


def avgpool2d(kernel_size: int) -> Plan:
    """Plan an nn.AvgPool2d.

    Example:
        >>> student.tools.model(avgpool2d(2)).forward(draw.normal(1, 1, 4, 6)).shape
        torch.Size([1, 1, 2, 3])
    """
    return _plan("avgpool2d", kernel_size=kernel_size)


def identity() -> Plan:
    """Plan an nn.Identity.

    Example:
        >>> student.tools.model(identity()).forward(torch.ones(2))
        tensor([1., 1.])
    """
    return _plan("identity")


def leakyrelu(negative_slope: float = 0.01) -> Plan:
    """Plan an nn.LeakyReLU.

    Example:
        >>> student.tools.model(leakyrelu(0.5)).forward(torch.tensor([-1.0, 2.0]))
        tensor([-0.5000,  2.0000])
    """
    return _plan("leakyrelu", negative_slope=negative_slope)


def elu(alpha: float = 1.0) -> Plan:
    """Plan an nn.ELU.

    Example:
        >>> student.tools.model(elu()).forward(torch.tensor([0.0, 2.0]))
        tensor([0., 2.])
    """
    return _plan("elu", alpha=alpha)


def gelu() -> Plan:
    """Plan an nn.GELU.

    Example:
        >>> student.tools.model(gelu()).forward(torch.zeros(2))
        tensor([0., 0.])
    """
    return _plan("gelu")


def silu() -> Plan:
    """Plan an nn.SiLU.

    Example:
        >>> student.tools.model(silu()).forward(torch.zeros(2))
        tensor([0., 0.])
    """
    return _plan("silu")


def flatten() -> Plan:
    """Plan an nn.Flatten.

    Example:
        >>> student.tools.model(flatten()).forward(draw.normal(2, 3, 4)).shape
        torch.Size([2, 12])
    """
    return _plan("flatten")


def relu() -> Plan:
    """Plan an nn.ReLU.

    Example:
        >>> student.tools.model(relu()).forward(torch.tensor([-1.0, 2.0]))
        tensor([0., 2.])
    """
    return _plan("relu")


def tanh() -> Plan:
    """Plan an nn.Tanh.

    Example:
        >>> student.tools.model(tanh()).forward(torch.zeros(2))
        tensor([0., 0.])
    """
    return _plan("tanh")


def sigmoid() -> Plan:
    """Plan an nn.Sigmoid.

    Example:
        >>> student.tools.model(sigmoid()).forward(torch.zeros(2))
        tensor([0.5000, 0.5000])
    """
    return _plan("sigmoid")


def softmax(dim: int) -> Plan:
    """Plan an nn.Softmax.

    Example:
        >>> student.tools.model(softmax(1)).forward(torch.zeros(1, 2))
        tensor([[0.5000, 0.5000]])
    """
    return _plan("softmax", dim=dim)


def logsoftmax(dim: int) -> Plan:
    """Plan an nn.LogSoftmax.

    Example:
        >>> student.tools.model(logsoftmax(1)).forward(torch.zeros(1, 2))
        tensor([[-0.6931, -0.6931]])
    """
    return _plan("logsoftmax", dim=dim)


def sequential(*plans: Plan, **named: Plan) -> Plan:
    """Plan an nn.Sequential: children called 0, 1, …, or by the names of keywords.

    Example:
        >>> plan = sequential(linear(3, 4), relu(), head=linear(4, 1))
        >>> student.tools.model(plan).claim.names()
        ['0', '1', 'head']
    """
    return _plan("sequential", _named(plans, named))


def modulelist(*plans: Plan) -> Plan:
    """Plan an nn.ModuleList, which has no forward pass.

    Example:
        >>> student.tools.model(modulelist(linear(2, 2), relu())).length()
        2
    """
    return _plan("modulelist", _named(plans, {}))


def routed(order: Sequence[str], **named: Plan) -> Plan:
    """Plan a module of its own class: children registered as given, run in `order`, some twice or never.

    Example:
        >>> plan = routed(("b", "a", "b"), a=linear(2, 2), b=relu())
        >>> student.tools.model(plan).forward(draw.normal(3, 2)).shape
        torch.Size([3, 2])
    """
    return _plan("routed", _named((), named), order=tuple(order))


def raising() -> Plan:
    """Plan a layer whose forward pass raises ValueError.

    Example:
        >>> student.tools.model(raising()).forward(torch.ones(1))
        Traceback (most recent call last):
            ...
        autograder.sandbox.faults.StudentError: ValueError: ...
    """
    return _plan("raising")


def again(of: str) -> Plan:
    """Plan the same module once more: the one that was built before under the qualified name `of`.

    Example:
        >>> list(initial_state(sequential(linear(2, 2), again("0"))))
        ['0.weight', '0.bias', '1.weight', '1.bias']
    """
    return _plan("again", of=of)


def tied(in_features: int, out_features: int, of: str, *, bias: bool = True) -> Plan:
    """Plan an nn.Linear that shares its weight with the module `of`.

    Example:
        >>> state = initial_state(sequential(linear(2, 2), tied(2, 2, "0")))
        >>> torch.equal(state["0.weight"], state["1.weight"])
        True
    """
    return _plan("tied", in_features=in_features, out_features=out_features, bias=bias, of=of)


def plan_of(module: nn.Module) -> Plan:
    """Return a plan of a module like this one: its layers, not the values of its parameters.

    Raises:
        TypeError: if a plan cannot describe all of it.
    """
    from autograder.sandbox.worker.plans import describe

    try:
        plan = _plan_of(describe(module))
        alike = build_plan(plan).state_dict().keys() == module.state_dict().keys()
    except (KeyError, TypeError, ValueError):
        alike = False
    if not alike:
        raise TypeError(
            f"{type(module).__name__} cannot be an argument as it is: pass a layer or loss of torch without a class of "
            "your own, or a plan built by student.tools.model(…)"
        )
    return plan


def _plan_of(node: Mapping[str, Any]) -> Plan:
    children = [(child["name"], _plan_of(child)) for child in node["children"]]
    return {"kind": node["kind"], "config": dict(node["config"]), "children": children}


def build_plan(plan: Plan) -> nn.Module:
    """Build a plan in the judge, always with the same initial values; no random state changes."""
    import torch

    from autograder.sandbox.worker.plans import build

    # torch.manual_seed would seed every device too, and store a stack trace for each that is not there.
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(0)
        return build(plan)


#: States that were drawn before: the checks of an exercise ask for the same few again and again.
_STATES: dict[tuple[str, torch.dtype | None], dict[str, torch.Tensor]] = {}
_MOST_STATES = 64


def initial_state(plan: Plan, seed: int = 0, dtype: torch.dtype | None = None) -> dict[str, torch.Tensor]:
    """Draw a plan's state dict, the same for the same plan and seed; see `drawn_state`.

    Example:
        >>> {name: tuple(value.shape) for name, value in initial_state(linear(3, 2), seed=1).items()}
        {'weight': (2, 3), 'bias': (2,)}
    """
    text = f"{seed}\0{plan!r}"
    known = _STATES.get((text, dtype))
    if known is None:
        if len(_STATES) >= _MOST_STATES:
            _STATES.clear()
        known = _STATES[text, dtype] = _initial_state(plan, text, dtype)
    return {name: value.clone() for name, value in known.items()}


def _initial_state(plan: Plan, text: str, dtype: torch.dtype | None) -> dict[str, torch.Tensor]:
    module = build_plan(plan)
    digest = hashlib.sha256(text.encode()).digest()
    layout = {name: (tuple(value.shape), value.dtype) for name, value in module.state_dict().items()}
    state = drawn_state(layout, int.from_bytes(digest[:8], "big") >> 1, dtype)
    # A shared parameter stands there under several names, but has one value.
    module.to(next((v.dtype for v in state.values() if v.is_floating_point()), None))
    module.load_state_dict(state)
    return {name: value.clone() for name, value in module.state_dict().items()}


def drawn_state(layout: Layout, seed: int, dtype: torch.dtype | None = None) -> dict[str, torch.Tensor]:
    """Draw values for a state dict, entry by entry; layouts that differ only in their prefixes get the same values.

    Weights have a standard deviation of 1/√fan_in and biases of ½, so that both show in the output. Statistics of batch
    normalisation are drawn too, because in evaluation mode a layer with initial statistics would do nothing.

    Args:
        layout: shape and dtype by name, see `Model.layout`.
        seed: the seed of the values.
        dtype: the dtype of the floating-point entries; default float64.

    Example:
        >>> layout = student.build(3).layout()
        >>> drawn_state(layout, seed=1)["0.weight"].shape
        torch.Size([1, 3])
    """
    import torch

    source = torch.Generator().manual_seed(seed)
    state = {}
    for name, (shape, old) in layout.items():
        value = _drawn(name, shape, old, source)
        state[name] = value.to(dtype) if dtype is not None and value.is_floating_point() else value
    return state


def _drawn(name: str, shape: tuple[int, ...], dtype: torch.dtype, source: torch.Generator) -> torch.Tensor:
    import torch

    last = name.rpartition(".")[2]
    if not dtype.is_floating_point:
        return torch.randint(1, 9, shape, generator=source).to(dtype)
    if last == "running_var":
        return 0.5 + 1.5 * torch.rand(shape, generator=source, dtype=torch.float64)
    drawn = torch.randn(shape, generator=source, dtype=torch.float64)
    if len(shape) > 1:
        return drawn / math.sqrt(max(1, math.prod(shape[1:])))
    # The weight of a normalisation is a scale around one; a bias has no fan_in.
    return 1.0 + 0.3 * drawn if last == "weight" else 0.5 * drawn
