"""Modules across the boundary: plans, the trusted stand-in of a module beside the student's code, rebuilding.

What a module *is* in the worker is only a claim. What counts is what it computes: `rebuild` makes a trusted
module out of a claim and a state, and `autograder.checks.confirmed` compares the two.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from autograder.faults import StudentCrashed
from autograder.wire.values import Handle

if TYPE_CHECKING:
    import torch
    from torch import nn

__all__ = [
    "Claim",
    "ClaimError",
    "Generator",
    "Layout",
    "Model",
    "Plan",
    "again",
    "batchnorm1d",
    "build_plan",
    "conv2d",
    "drawn_state",
    "dropout",
    "flatten",
    "handles_for",
    "initial_state",
    "linear",
    "maxpool2d",
    "modulelist",
    "outline",
    "raising",
    "read_claim",
    "rebuild",
    "relu",
    "routed",
    "sequential",
    "sigmoid",
    "softmax",
    "stand_ins",
    "tanh",
    "tied",
]

Plan = dict[str, Any]
#: Shape and dtype by name, as a state dict has them.
Layout = Mapping[str, "tuple[tuple[int, ...], torch.dtype]"]

_MAX_NODES = 256
_MAX_DEPTH = 12
_MAX_TEXT = 200
_MAX_SIZE = 4096
_MAX_ENTRIES = 4096
#: A check draws values for what a layout claims: more than this would not fit on the wire.
_MAX_ELEMENTS = 4 << 20
_MAX_RESULT_DEPTH = 24


# -- plans -------------------------------------------------------------------------------------------------


def _plan(kind: str, children: Sequence[tuple[str, Plan]] = (), **config: Any) -> Plan:
    return {"kind": kind, "config": config, "children": list(children)}


def _named(plans: tuple[Plan, ...], named: Mapping[str, Plan]) -> list[tuple[str, Plan]]:
    return [*((str(i), plan) for i, plan in enumerate(plans)), *named.items()]


def linear(in_features: int, out_features: int, *, bias: bool = True) -> Plan:
    """Plan an nn.Linear."""
    return _plan("linear", in_features=in_features, out_features=out_features, bias=bias)


def conv2d(in_channels: int, out_channels: int, kernel_size: int, *, stride: int = 1, padding: int = 0) -> Plan:
    """Plan an nn.Conv2d with a square kernel."""
    return _plan(
        "conv2d",
        in_channels=in_channels,
        out_channels=out_channels,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
    )


def batchnorm1d(num_features: int) -> Plan:
    """Plan an nn.BatchNorm1d."""
    return _plan("batchnorm1d", num_features=num_features)


def dropout(p: float) -> Plan:
    """Plan an nn.Dropout."""
    return _plan("dropout", p=p)


def maxpool2d(kernel_size: int) -> Plan:
    """Plan an nn.MaxPool2d."""
    return _plan("maxpool2d", kernel_size=kernel_size)


def flatten() -> Plan:
    """Plan an nn.Flatten."""
    return _plan("flatten")


def relu() -> Plan:
    """Plan an nn.ReLU."""
    return _plan("relu")


def tanh() -> Plan:
    """Plan an nn.Tanh."""
    return _plan("tanh")


def sigmoid() -> Plan:
    """Plan an nn.Sigmoid."""
    return _plan("sigmoid")


def softmax(dim: int) -> Plan:
    """Plan an nn.Softmax."""
    return _plan("softmax", dim=dim)


def sequential(*plans: Plan, **named: Plan) -> Plan:
    """Plan an nn.Sequential: children called 0, 1, …, or by the names of keywords."""
    return _plan("sequential", _named(plans, named))


def modulelist(*plans: Plan) -> Plan:
    """Plan an nn.ModuleList, which has no forward pass."""
    return _plan("modulelist", _named(plans, {}))


def routed(order: Sequence[str], **named: Plan) -> Plan:
    """Plan a module of its own class: children registered as given, run in `order`, some twice or never."""
    return _plan("routed", _named((), named), order=tuple(order))


def raising() -> Plan:
    """Plan a layer whose forward pass raises ValueError."""
    return _plan("raising")


def again(of: str) -> Plan:
    """Plan the very module that was built before under the qualified name `of`."""
    return _plan("again", of=of)


def tied(in_features: int, out_features: int, of: str, *, bias: bool = True) -> Plan:
    """Plan another nn.Linear whose weight is the parameter of the module `of`."""
    return _plan("tied", in_features=in_features, out_features=out_features, bias=bias, of=of)


def build_plan(plan: Plan) -> nn.Module:
    """Build a plan in the judge, with initial values that depend on nothing and disturb no random state."""
    import torch

    from autograder.sandbox.worker.plans import build

    # torch.manual_seed would reach for every device, and note a stack trace for those that are not there.
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(0)
        return build(plan)


def initial_state(plan: Plan, seed: int = 0, dtype: torch.dtype | None = None) -> dict[str, torch.Tensor]:
    """Draw a plan's state dict, the same for the same plan and seed; see `drawn_state`."""
    module = build_plan(plan)
    digest = hashlib.sha256(f"{seed}\0{plan!r}".encode()).digest()
    layout = {name: (tuple(value.shape), value.dtype) for name, value in module.state_dict().items()}
    state = drawn_state(layout, int.from_bytes(digest[:8], "big") >> 1, dtype)
    # What is shared stands there under several names, but has one value.
    module.to(next((v.dtype for v in state.values() if v.is_floating_point()), None))
    module.load_state_dict(state)
    return {name: value.clone() for name, value in module.state_dict().items()}


def drawn_state(layout: Layout, seed: int, dtype: torch.dtype | None = None) -> dict[str, torch.Tensor]:
    """Draw values for a state dict, entry by entry: layouts that differ in their prefixes only get the same values.

    Weights have a standard deviation of 1/√fan_in and biases one of ½, so that neither is lost in the other.
    Statistics of batch normalisation are stirred: in evaluation mode a layer with fresh ones would do nothing.

    Args:
        layout: shape and dtype by name, see `Model.layout`.
        seed: of the values.
        dtype: of what is of a floating-point dtype in the layout; default float64.
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
    # A scale around one is what a normalisation's weight is; a bias has no fan.
    return 1.0 + 0.3 * drawn if last == "weight" else 0.5 * drawn


# -- claims ------------------------------------------------------------------------------------------------


class ClaimError(ValueError):
    """A claimed structure that cannot be rebuilt; the message is public."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What the worker says that a module is: its kind from a closed list or "unknown", and its children.

    A claim may help to say what is wrong with an answer. It never proves that an answer is right.
    """

    name: str = ""
    kind: str = "unknown"
    #: The name of its class, as the worker has it: any text.
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
    """Read what a worker said of a module; whatever is not of the right form is "unknown".

    Never raises: any value at all may come from a worker.
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

    Nothing is allocated by a claimed size: the layers are built without memory, and take over the tensors of
    `state` only if every name and shape agrees.

    Args:
        claim: a tree of sequentials and known layers.
        state: name → tensor, as `state_dict()` has them.

    Raises:
        ClaimError: if a layer is of no known kind, if a configuration is out of bounds, or if the state is
            another model's.
    """
    import torch

    from autograder.sandbox.worker.plans import build

    plan = _plan_of(claim, set(), "")
    with torch.device("meta"):
        try:
            module = build(plan)
        except (TypeError, ValueError, RuntimeError, KeyError):
            raise ClaimError("A layer has a configuration that torch refuses.") from None
    due = module.state_dict()
    if due.keys() != state.keys() or any(state[k].shape != v.shape for k, v in due.items()):
        raise ClaimError("The layers and the parameters do not belong to each other.")
    module.load_state_dict({k: v.detach().clone() for k, v in state.items()}, assign=True)
    for (_, part), node in zip(module.named_modules(), _distinct(claim), strict=False):
        part.training = node.training
    return module


def _distinct(claim: Claim) -> Iterator[Claim]:
    return (node for node in claim.walk() if node.kind != "again")


def _plan_of(claim: Claim, known: set[str], path: str) -> Plan:
    if claim.cut:
        raise ClaimError("The model has more layers than can be looked at.")
    if claim.kind == "again":
        of = claim.config.get("of")
        if not isinstance(of, str) or of not in known:
            raise ClaimError("A layer stands in two places in a way that cannot be followed.")
        return again(of)
    if claim.kind == "sequential":
        children = []
        for child in claim.children:
            below = f"{path}.{child.name}" if path else child.name
            children.append((child.name, _plan_of(child, known, below)))
        known.add(path)
        if len({name for name, _ in children}) != len(children):
            raise ClaimError("Two layers have one name.")
        return _plan("sequential", children)
    if claim.kind not in _FIELDS:
        raise ClaimError(f"A layer of class {claim.label or 'unknown'} is none of torch's own.")
    if claim.children:
        raise ClaimError("A layer of torch's own has further layers inside.")
    known.add(path)
    config = {name: _setting(name, claim.config.get(name)) for name in _FIELDS[claim.kind]}
    if "padding" in config and any(
        p > k // 2 for p, k in zip(_pair(config["padding"]), _pair(config["kernel_size"]), strict=True)
    ):
        # A layer never makes its input larger than this, so that no chain of layers can fill the memory.
        raise ClaimError("A layer has more padding than half its kernel.")
    return _plan(claim.kind, **config)


def _pair(value: int | tuple[int, ...]) -> tuple[int, ...]:
    if isinstance(value, int):
        return (value, value)
    if len(value) != 2:  # noqa: PLR2004 - two dimensions
        raise ClaimError("A layer has a configuration that is out of bounds.")
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
    raise ClaimError("A layer has a configuration that is out of bounds.")


# -- stand-ins ---------------------------------------------------------------------------------------------


class Owner(Protocol):
    """The `Student` whose process a module lives in."""

    def ask(self, operation: dict[str, Any]) -> Any:
        """Carry out one operation and return its answer."""

    def record(self, *entry: Any) -> None:
        """Append an answer to the transcript."""


class Model:
    """A module beside the student's code. Every answer is of the right form or ends in `StudentCrashed`.

    The transcript holds values without the names of parameters and submodules: those are the student's own, and a
    wrong idea shows in the numbers.
    """

    def __init__(self, owner: Owner, identifier: int, claim: Claim | None = None) -> None:
        self._owner = owner
        self._id = identifier
        self._claim = claim

    def __repr__(self) -> str:
        return f"<Model {self._id}>"

    @property
    def handle(self) -> Handle:
        """What stands for the module on the wire."""
        return Handle(self._id)

    @property
    def claim(self) -> Claim:
        """What the worker says that this module is, as it was when it came here; never evidence."""
        if self._claim is None:
            self._claim = self.look()
        return self._claim

    def look(self) -> Claim:
        """Return what the worker says of it now."""
        return read_claim(self._owner.ask({"op": "model_claim", "model": self._id}))

    def same_as(self, other: Model) -> bool:
        """Whether the worker calls both the same object."""
        return self._id == other._id

    def is_a(self, name: str) -> bool:
        """Whether it claims to be of the notebook's class `name`, of "nn.Sequential" or of "nn.ModuleList"."""
        return self._flag("model_is", name=name)

    def state(self) -> dict[str, torch.Tensor]:
        """Return a copy of its state dict."""
        return self._tensors("model_state")

    def layout(self) -> dict[str, tuple[tuple[int, ...], torch.dtype]]:
        """Return shape and dtype of each entry of the state dict."""
        import torch

        answer = self._ask("model_layout")
        found = {}
        for name, entry in self._mapping(answer).items():
            if not isinstance(entry, tuple) or len(entry) != 2:  # noqa: PLR2004 - a pair
                raise _wrong()
            shape, dtype = entry
            if not isinstance(shape, tuple) or not all(type(n) is int and n >= 0 for n in shape):
                raise _wrong()
            if math.prod(shape) > _MAX_ELEMENTS:
                raise _wrong()
            if not isinstance(dtype, torch.dtype):
                raise _wrong()
            found[name] = (shape, dtype)
        self._owner.record("model_layout", list(found.values()))
        return found

    def grads(self) -> dict[str, torch.Tensor | None]:
        """Return every parameter's `.grad`."""
        return self._tensors("model_grads")

    def flags(self) -> dict[str, bool]:
        """Return every submodule's training flag by qualified name; the module's own is ""."""
        return self._flags("model_flags")

    def requires_grad(self) -> dict[str, bool]:
        """Return which parameters require a gradient."""
        return self._flags("model_requires_grad")

    def identities(self) -> dict[str, bool]:
        """Return for each parameter whether it is the object that had this name when the module came here."""
        return self._flags("model_identities")

    def hooks(self) -> int:
        """Return how many hooks and replaced forward methods there are on it and on all below it."""
        return self._count("model_hooks")

    def add_hook(self, name: str = "") -> None:
        """Register a hook that does nothing on the submodule of that qualified name: somebody else's."""
        self._ask("model_add_hook", name=name)

    def length(self) -> int:
        """Return len(module)."""
        return self._count("model_length")

    def set_flags(self, flags: Mapping[str, bool]) -> None:
        """Set training flags by qualified name, one by one."""
        self._ask("model_set_flags", flags=dict(flags))

    def set_requires_grad(self, flags: Mapping[str, bool]) -> None:
        """Set which parameters require a gradient."""
        self._ask("model_set_requires_grad", flags=dict(flags))

    def set_grads(self, grads: Mapping[str, torch.Tensor | None]) -> None:
        """Set parameters' `.grad`."""
        self._ask("model_set_grads", grads=dict(grads))

    def add_grads(self, grads: Mapping[str, torch.Tensor]) -> None:
        """Add to parameters' `.grad` in place, as a second backward pass does."""
        self._ask("model_add_grads", grads=dict(grads))

    def load(self, state: Mapping[str, torch.Tensor]) -> None:
        """Bring the module to the dtype of this state, and load it."""
        self._ask("model_load", state=dict(state))

    def train(self, mode: bool = True) -> None:  # noqa: FBT001, FBT002 - torch's signature
        """Call its `train`."""
        self._ask("model_train", mode=mode)

    def to(self, dtype: torch.dtype) -> None:
        """Call its `to`."""
        self._ask("model_to", dtype=dtype)

    def forward(self, x: torch.Tensor) -> Any:
        """Return module(x), in the mode in which it is."""
        answer = self._ask("model_forward", x=x)
        self._owner.record("model_forward", answer)
        return answer

    def backward(
        self, x: torch.Tensor, upstream: torch.Tensor
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor | None], torch.Tensor | None]:
        """Return output, gradient of each parameter and of x, given that of the output; no `.grad` is touched."""
        import torch

        answer = self._ask("model_backward", x=x, upstream=upstream)
        if not isinstance(answer, tuple) or len(answer) != 3 or not isinstance(answer[0], torch.Tensor):  # noqa: PLR2004
            raise _wrong()
        output, grads, of_input = answer
        checked = {name: _tensor_or_none(g) for name, g in self._mapping(grads).items()}
        self._owner.record("model_backward", output, list(checked.values()), of_input)
        return output, checked, _tensor_or_none(of_input)

    def item(self, index: int | slice) -> Any:
        """Return module[index]: a `Model` where that is a module, else what came."""
        plain = (index.start, index.stop, index.step) if isinstance(index, slice) else index
        return self._result("model_item", index=plain)

    def items(self) -> list[Any]:
        """Return what iterating over it gives."""
        found = self._result("model_items")
        if not isinstance(found, list):
            raise _wrong()
        return found

    def append(self, child: Model) -> None:
        """Call its `append`."""
        self._ask("model_append", child=child._id)

    # -- reading answers -----------------------------------------------------------------------------------

    def _ask(self, op: str, **fields: Any) -> Any:
        return self._owner.ask({"op": op, "model": self._id, **fields})

    def _result(self, op: str, **fields: Any) -> Any:
        answer = self._ask(op, **fields)
        if not isinstance(answer, tuple) or len(answer) != 2:  # noqa: PLR2004 - value and claims
            raise _wrong()
        found = stand_ins(answer[0], answer[1], self._owner)
        self._owner.record(op, outline(found))
        return found

    def _mapping(self, answer: object) -> dict[str, Any]:
        if not isinstance(answer, dict) or len(answer) > _MAX_ENTRIES or not all(type(k) is str for k in answer):
            raise _wrong()
        return answer

    def _tensors(self, op: str) -> dict[str, Any]:
        answer = self._mapping(self._ask(op))
        found = {name: _tensor_or_none(value) for name, value in answer.items()}
        if op == "model_state" and any(v is None for v in found.values()):
            raise _wrong()
        self._owner.record(op, list(found.values()))
        return found

    def _flags(self, op: str) -> dict[str, bool]:
        answer = self._mapping(self._ask(op))
        if not all(type(v) is bool for v in answer.values()):
            raise _wrong()
        self._owner.record(op, list(answer.values()))
        return answer

    def _flag(self, op: str, **fields: Any) -> bool:
        answer = self._ask(op, **fields)
        if type(answer) is not bool:
            raise _wrong()
        self._owner.record(op, answer)
        return answer

    def _count(self, op: str) -> int:
        answer = self._ask(op)
        if type(answer) is not int:
            raise _wrong()
        self._owner.record(op, answer)
        return answer


class Generator:
    """A seeded torch.Generator beside the student's code, to be passed as an argument."""

    def __init__(self, owner: Owner, identifier: int) -> None:
        self._owner = owner
        self._id = identifier

    @property
    def handle(self) -> Handle:
        """What stands for the generator on the wire."""
        return Handle(self._id)

    def state(self) -> str:
        """Return a digest of its state: the same before and after means that nothing was drawn from it."""
        answer = self._owner.ask({"op": "generator_state", "model": self._id})
        if not isinstance(answer, str):
            raise _wrong()
        self._owner.record("generator_state", answer)
        return answer


def _wrong() -> StudentCrashed:
    return StudentCrashed("the process answered something else")


def _tensor_or_none(value: object) -> torch.Tensor | None:
    import torch

    if value is not None and not isinstance(value, torch.Tensor):
        raise _wrong()
    return value


def handles_for(value: Any) -> Any:
    """Return arguments with a handle in the place of every stand-in."""
    if isinstance(value, (Model, Generator)):
        return value.handle
    if type(value) in {list, tuple}:
        return type(value)(handles_for(v) for v in value)
    if type(value) is dict:
        return {k: handles_for(v) for k, v in value.items()}
    return value


def stand_ins(value: Any, claims: object, owner: Owner, depth: int = 0) -> Any:
    """Return a result with a `Model` in the place of every handle."""
    if isinstance(value, Handle):
        found = claims.get(value.id) if isinstance(claims, dict) else None
        return Model(owner, value.id, read_claim(found))
    if depth >= _MAX_RESULT_DEPTH:
        return value
    if type(value) in {list, tuple}:
        items = [stand_ins(v, claims, owner, depth + 1) for v in value]
        return value if all(a is b for a, b in zip(items, value, strict=True)) else type(value)(items)
    if type(value) is dict:
        entries = {k: stand_ins(v, claims, owner, depth + 1) for k, v in value.items()}
        return value if all(entries[k] is v for k, v in value.items()) else entries
    return value


def outline(value: Any) -> Any:
    """Return a result as a transcript holds it: a module is one, whatever it claims to be."""
    if isinstance(value, Model):
        return "<module>"
    if type(value) in {list, tuple}:
        return type(value)(outline(v) for v in value)
    if type(value) is dict:
        return {k: outline(v) for k, v in value.items()}
    return value
