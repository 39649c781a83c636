"""The helpers that hidden checks are written with; see docs/authoring-checks.md.

Everything raised here carries a sentence that a student reads, so nothing here may show a hidden value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NoReturn

from autograder.checks.claims import ClaimError, rebuild
from autograder.checks.forms import Form, note
from autograder.checks.models import Model
from autograder.checks.numerics.compare import compare
from autograder.checks.numerics.laws import Deviation, Law, deviation, recognised
from autograder.checks.plans import Layout, drawn_state
from autograder.sandbox.faults import StudentError
from autograder.sandbox.wire.formulas import formula
from autograder.sandbox.wire.trees import alike
from autograder.sandbox.wire.values import claims, copy_claims
from autograder.sandbox.worker.gradients import pulled_back
from autograder.sentences import Sentence, say, together
from autograder.verdict import ACCUMULATES, IN_PLACE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch
    from torch import nn

    from autograder.checks.student import Student

__all__ = [
    "CheckFailure",
    "close",
    "compare_work",
    "confirmed",
    "current_device",
    "elsewhere",
    "expect_model",
    "fail",
    "follows",
    "formula",
    "has_graph",
    "inputs_unchanged",
    "raises",
    "repeatable",
    "same_numbers",
    "uses_its_model",
]

#: Where the code under test computes, set by the grader.
current_device: ContextVar[str] = ContextVar("current_device", default="cpu")


#: For one law: the sentences with a ratio, those without one, and the sentence that the answer is no tensor.
_WITH_RATIOS, _PLAIN_TEXTS, _NO_TENSOR = 4, 3, 1
#: The sentences of `ClaimError`, and that the layers do not fit.
_REFUSALS = 10
#: What is said of the other statistics, without a ratio.
_STATISTICS = {
    "finite": "checks.law-finite",
    "points": "checks.law-points",
    "share": "checks.law-share",
    "mean": "checks.law-mean",
    "repeats": "checks.law-repeats",
    "independence": "checks.law-independence",
}
_RATIOS = (0.1, 0.25, 0.33, 0.5, 0.58, 0.67, 0.75, 1.33, 1.5, 1.73, 2.0, 3.0, 4.0)
#: A model of another layout is run for the diagnosis if its state is at most this many times as large as the right one.
_MOST_TIMES = 4
#: Exceptions that code raises on purpose for wrong arguments.
_BY_PURPOSE = ("ValueError", "TypeError", "RuntimeError", "AssertionError", "Exception", "IndexError", "KeyError")
#: Two runs of the same code may differ by this many roundings; state that outlives a call changes far more.
_REPEAT_OPS = 64


class CheckFailure(AssertionError):
    """A check that did not pass: `message` is public, `diagnosis` is a misconception id or None.

    `forms` are the ways to say it, the most detailed first. Without forms, the message is told only if it stands in the
    check's file.

    Example:
        >>> raise CheckFailure("The sign of the step is wrong.", "descent-ascends")
        Traceback (most recent call last):
            ...
        autograder.checks.assertions.CheckFailure: The sign of the step is wrong.
    """

    def __init__(self, message: str, diagnosis: str | None = None, forms: Sequence[Form] = ()) -> None:
        super().__init__(message)
        # An author's sentence gets its id later, from its check.
        self.message = message if isinstance(message, Sentence) else Sentence(message)
        self.diagnosis = diagnosis
        self.forms = tuple(forms)


def fail(message: str, diagnosis: str | None = None, *, alternatives: int = 0) -> NoReturn:
    """Fail with a sentence for the student.

    Args:
        message: a fixed sentence; a sentence with values in it needs `alternatives`.
        diagnosis: a misconception id, or None.
        alternatives: how many different sentences can be told here, over all answers of a student's code.

    Raises:
        CheckFailure: always.

    Example:
        >>> if student.double(4) != 8:
        ...     fail("Four is not doubled.")
    """
    raise CheckFailure(message, diagnosis, [Form(Sentence(message), alternatives)] if alternatives else ())


def _failed(said: Sentence, diagnosis: str | None = None, *, alternatives: int = 1, what: str = "") -> CheckFailure:
    """Return a failure that can be said in one form only."""
    return CheckFailure(said, diagnosis, [Form(said, alternatives, what)])


def close(
    actual: Any,
    expected: Any,
    what: str = "",
    *,
    dtype: torch.dtype | None = None,
    ops: int = 64,
    levels: tuple[str, ...] = (),
    anywhere: bool = False,
    ratios: Mapping[str, float] | None = None,
) -> None:
    """Require that an answer is the expected one; `autograder.checks.numerics.compare` says how they are compared.

    Args:
        actual: tensors, numbers, or lists, tuples and dicts of them, from `student`.
        expected: the same from `reference`, tensors in float64.
        what: what is compared, as it stands in the message: "the new velocity".
        dtype: which dtype the answer's floating-point tensors must have; default float64.
        ops: for float32, how many roundings in a row are allowed.
        levels: what the entries of nested lists are, outermost first: `("step", "parameter")`.
        anywhere: the answer may be on any device, because the arguments (numbers or arrays) were on none.
        ratios: by name, factors that a wrong idea puts on all numbers, besides ¼, ⅓, ½, 2, 3, 4 and −1:
            `{"1 − μ": 1 - momentum}`. The name is told if all numbers are off by that factor.

    Raises:
        CheckFailure: if they differ.

    Example:
        >>> x = draw.normal(3, 2)
        >>> close(student.double(x), reference.double(x), "the double")
        >>> close(student.double(x), 3 * x, "the triple")
        Traceback (most recent call last):
            ...
        autograder.checks.assertions.CheckFailure: ...
    """
    note(what or "the result")
    device = None if anywhere else current_device.get()
    found = compare(actual, expected, what=what, dtype=dtype, ops=ops, device=device, levels=levels, ratios=ratios)
    if found is not None:
        raise CheckFailure(found.message, found.diagnosis, found.forms)


def inputs_unchanged(student: Student) -> None:
    """Require that the last call did not change its tensor arguments.

    Raises:
        CheckFailure: with the diagnosis `in-place`.

    Example:
        >>> student.double(torch.ones(2))
        tensor([2., 2.])
        >>> inputs_unchanged(student)
        >>> student.scale_(torch.ones(2), 3.0)
        tensor([3., 3.])
        >>> inputs_unchanged(student)
        Traceback (most recent call last):
            ...
        autograder.checks.assertions.CheckFailure: The call changed its input x in place.
    """
    note("")
    changed = student.tools.changed_inputs()
    if changed:
        message = say("checks.changed-inputs", names=tuple(changed))
        count = student.tools.input_count()
        first = Form(say("checks.changed-inputs", names=(changed[0],)), count)
        forms = (Form(message, 2**count), first, Form(say("checks.changed-an-input"), 1))
        raise CheckFailure(message, IN_PLACE, forms)


def repeatable(student: Student, name: str, *args: Any, **kwargs: Any) -> Any:
    """Call a function twice with the same arguments, require the same answer, and return it.

    Raises:
        CheckFailure: with the diagnosis `accumulates-over-calls`.

    Example:
        >>> x = draw.normal(3)
        >>> close(repeatable(student, "double", x), 2 * x, "the double")
    """
    note("")
    first = getattr(student, name)(*args, **kwargs)
    second = getattr(student, name)(*args, **kwargs)
    if not _agree(first, second):
        raise _failed(say("checks.not-repeatable"), ACCUMULATES)
    return first


def follows(sample: Any, law: Law, what: str, ideas: Mapping[str, Law | tuple[Law, ...]] | None = None) -> None:
    """Require that random numbers are independent draws from a law, see `autograder.checks.numerics.laws`.

    Args:
        sample: a tensor from `student`.
        law: the law that it must follow.
        what: what is tested, as it stands in the message: "the weights".
        ideas: by misconception id, the laws that numbers follow under that idea.

    Raises:
        CheckFailure: with the diagnosis of the only idea whose law the numbers follow.

    Example:
        >>> sample = student.noise(4096, student.tools.generator(3))
        >>> follows(sample, uniform(0, 1), "the noise")
        >>> follows(sample, uniform(-1, 1), "the noise", {"noise-one-sided": uniform(0, 1)})
        Traceback (most recent call last):
            ...
        autograder.checks.assertions.CheckFailure: The variance of the noise is 0.2... times the expected one.
    """
    import torch

    note(what)
    if not isinstance(sample, torch.Tensor):
        said = say("checks.kind", what=what, expected="a tensor")
        raise _failed(said, alternatives=_NO_TENSOR + 1, what=what)
    found = deviation(sample, law)
    if found is not None:
        # The idea is told once for the exercise, not for each check.
        idea = recognised(sample, ideas or {})
        bare = say("checks.law", what=what)
        # An arbitrary ratio could spell something out.
        told = _deviating(Deviation(found.statistic, _rounded(found.ratio)), law, what)
        plain = _without_ratio(found, law, what)
        ratios, others = len(_RATIOS), _PLAIN_TEXTS + _NO_TENSOR
        forms = [
            Form(told, _WITH_RATIOS * ratios + others, what),
            Form(told if found.statistic == "variance" else plain, ratios + _WITH_RATIOS - 1 + others, what),
            Form(plain, _WITH_RATIOS + 1 + others, what),
            Form(bare, _NO_TENSOR + 1, what),
        ]
        raise CheckFailure(_deviating(found, law, what), idea, forms)


def _deviating(found: Deviation, law: Law, what: str) -> Sentence:
    """Say in which statistic the numbers differ; the ratios show nothing that is hidden."""
    ratio = found.ratio
    match found.statistic:
        case "share":
            return say("checks.law-share-ratio", what=what, ratio=f"{ratio:.3g}")
        case "mean":
            return say("checks.law-mean-ratio", what=what, ratio=f"{abs(ratio):.2g}")
        case "variance":
            return say("checks.law-variance-ratio", what=what, ratio=f"{ratio:.3g}")
        case "range":
            unit = "the bound" if law.kind == "uniform" else "the standard deviation"
            return say("checks.law-range-ratio", what=what, ratio=f"{ratio:.3g}", unit=unit, law=law.kind)
        case "repeats":
            return say("checks.law-repeats-ratio", what=what, share=f"{ratio:.0%}")
    return _without_ratio(found, law, what)


def _without_ratio(found: Deviation, law: Law, what: str) -> Sentence:
    match found.statistic:
        case "variance":
            return say("checks.law-variance-large" if found.ratio > 1 else "checks.law-variance-small", what=what)
        case "range":
            return say("checks.law-range", what=what, law=law.kind)
        case "shape":
            return say("checks.law-shape", what=what, law=law.kind)
    return say(_STATISTICS[found.statistic], what=what)


def _rounded(ratio: float) -> float:
    """Return the nearest of a few ratios."""
    if not math.isfinite(ratio):
        return ratio
    return min(_RATIOS, key=lambda r: abs(math.log(r) - math.log(max(abs(ratio), 1e-9))))


def raises(student: Student, name: str, *args: Any, error: str = "ValueError", **kwargs: Any) -> None:
    """Call a function, and require that it raises the named exception.

    Raises:
        CheckFailure: if it returns, or raises another built-in exception in a line of its own.
        StudentError: if there is no such function, or something else went wrong.

    Example:
        >>> raises(student, "positive_root", -1.0, error="ValueError")
    """
    note("")
    try:
        getattr(student, name)(*args, **kwargs)
    except StudentError as raised:
        if raised.fault.type == error:
            return
        if raised.not_implemented or raised.missing or not raised.own or raised.fault.type not in _BY_PURPOSE:
            raise
        message = say("checks.raises-another", expected=error, found=raised.fault.type)
        bare = say("checks.raises-any-other", expected=error)
        forms = [Form(message, 2 * len(_BY_PURPOSE)), Form(bare, 2)]
        raise CheckFailure(message, None, forms) from None
    raise _failed(say("checks.raises-nothing", expected=error))


def uses_its_model(student: Student, name: str, models: Sequence[Model], *args: Any, **kwargs: Any) -> None:
    """Call a function with models of other parameters, and require that it does not give them all the same answer.

    For checks of what a function leaves as it was: an answer that is made up leaves everything, too. The answers stay
    out of the transcript.

    Raises:
        CheckFailure: if all answers are the same.

    Example:
        >>> models = [student.tools.model(linear(2, 1), initial_state(linear(2, 1), seed)) for seed in (1, 2)]
        >>> uses_its_model(student, "apply", models, torch.ones(3, 2, dtype=torch.float64))
    """
    note("")
    with student.tools.unrecorded():
        first, *others = [getattr(student, name)(model, *args, **kwargs) for model in models]
    if all(_agree(first, other) for other in others):
        raise _failed(say("checks.model-not-used"))


def has_graph(tensor: torch.Tensor) -> bool:
    """Whether an answer had an autograd graph in the worker, as the worker says.

    Example:
        >>> has_graph(student.double(torch.ones(2, requires_grad=True)))
        True
    """
    return bool(tensor.requires_grad or claims(tensor)["requires_grad"])


def elsewhere(tensor: torch.Tensor) -> bool:
    """Whether an answer is on another device than its inputs, as the worker says; False if the device is unknown.

    Example:
        >>> elsewhere(student.double(torch.ones(2)))
        False
    """
    return claims(tensor)["device"] not in {None, current_device.get()}


def expect_model(answer: Any, what: str = "the result") -> Model:
    """Require that an answer is a module, and return it.

    Raises:
        CheckFailure: if it is anything else.

    Example:
        >>> model = expect_model(student.build(3), "the network")
        >>> model.layout()["0.weight"]
        ((1, 3), torch.float32)
    """
    note(what)
    if not isinstance(answer, Model):
        raise _failed(say("checks.kind", what=what, expected="an nn.Module"), what=what)
    return answer


def same_numbers(  # noqa: PLR0913 - settings of one comparison, by name
    mine: Any,
    due: Model,
    x: torch.Tensor | tuple[Any, ...],
    values: int | Callable[[Layout], dict[str, torch.Tensor]],
    *,
    modes: Sequence[str] = ("evaluation", "training"),
    gradients: bool = True,
    by_name: bool = False,
    dtype: torch.dtype | None = None,
    ops: int = 64,
) -> None:
    """Require that two models compute the same; their parameters may have different names.

    The same values are loaded into both, entry by entry. For one upstream gradient, the outputs and the gradients of
    all parameters and of the input are compared.

    Args:
        mine: an answer of `student`.
        due: the model of `reference`.
        x: the input, or a tuple of several.
        values: a seed for `drawn_state`, or a function that makes a state dict of a layout.
        modes: which modes are compared; if Dropout draws, seed both sides first.
        gradients: whether the gradients are compared too.
        by_name: match entries by name instead of by order; then the exercise must ask for these names.
        dtype: of the student's numbers; default float64.
        ops: see `close`.

    Raises:
        CheckFailure: if `mine` is no model, has other parameters, or computes something else.

    Example:
        >>> same_numbers(student.build(3), reference.build(3), draw.normal(5, 3), values=1)
    """
    import torch

    def state_for(layout: Layout) -> dict[str, torch.Tensor]:
        state = drawn_state(layout, values) if isinstance(values, int) else values(layout)
        return {k: v.to(dtype or v.dtype) if v.is_floating_point() else v for k, v in state.items()}

    model = expect_model(mine)
    layout, wanted = model.layout(), due.layout()
    if by_name:
        _require_names(layout, wanted)
        layout = {name: layout[name] for name in wanted}
    if [shape for shape, _ in layout.values()] != [shape for shape, _ in wanted.values()]:
        bare = say("checks.other-parameters")
        counted = say("checks.other-parameters-counted", found=len(layout), expected=len(wanted))
        first = _first_other(layout, wanted)
        forms = [
            Form(
                together(counted if len(layout) <= 2 * len(wanted) else bare, first),
                (2 * len(wanted) + 2) * (len(wanted) + 1),
            ),
            Form(together(bare, first), len(wanted) + 1),
            Form(bare, 1),
        ]
        if _size(layout) <= _MOST_TIMES * _size(wanted):
            model.observe(state_for(layout), x)
        raise CheckFailure(forms[0].text, None, forms)
    model.load(state_for(layout))
    due.load(state_for(wanted))
    # In evaluation mode the model draws nothing and remembers nothing.
    due.train(False)
    inputs = x if isinstance(x, tuple) else (x,)
    shape = due.forward(*inputs).shape
    upstream = torch.randn(shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    for mode in modes:
        for side in (model, due):
            side.train(mode == "training")
        if not gradients:
            close(
                model.forward(*inputs),
                due.forward(*inputs),
                say("checks.output-in-mode", mode=mode),
                dtype=dtype,
                ops=ops,
            )
            continue
        found = model.backward(x, upstream.to(dtype or torch.float64))
        compare_work(found, due.backward(x, upstream), mode, by_name=by_name, dtype=dtype, ops=ops)
    states = [side.state() for side in (model, due)]
    kept = [[state[name] for name in wanted] if by_name else list(state.values()) for state in states]
    close(kept[0], kept[1], say("checks.remembered"), dtype=dtype, ops=ops)


def _first_other(layout: Layout, wanted: Layout) -> Sentence:
    """Name the first entry of a model's state that has another shape; the name is the reference's."""
    found = [shape for shape, _ in layout.values()]
    for i, (name, (shape, _)) in enumerate(wanted.items()):
        if i >= len(found) or found[i] != shape:
            return say("checks.first-other", number=i + 1, count=len(wanted), name=name)
    return say("checks.more-follows")


def _require_names(layout: Layout, wanted: Layout) -> None:
    """Require that a model's entries have the names and shapes that are asked for."""
    missing = [name for name in wanted if name not in layout]
    if missing or len(layout) != len(wanted):
        bare = say("checks.other-names")
        full = say("checks.missing-name", name=repr(missing[0])) if missing else bare
        raise CheckFailure(full, None, [Form(full, len(wanted) + 1), Form(bare, 1)])
    for name, (shape, _) in wanted.items():
        if layout[name][0] != shape:
            told = say("checks.other-shape", name=repr(name), expected=str(tuple(shape)))
            raise _failed(told, alternatives=len(wanted))


def _size(layout: Layout) -> int:
    """Return the number of elements of a state."""
    return sum(math.prod(shape) for shape, _ in layout.values())


def compare_work(
    found: tuple[Any, dict[str, Any], Any],
    due: tuple[Any, dict[str, Any], Any],
    mode: str,
    *,
    by_name: bool = False,
    dtype: torch.dtype | None = None,
    ops: int = 64,
) -> None:
    """Compare two answers of `Model.backward`; all gradients are compared on one scale.

    Some gradients are zero in exact arithmetic, for example that of a bias before batch normalisation. Alone, such a
    tensor holds only rounding errors.

    Raises:
        CheckFailure: if they differ.

    Example:
        >>> x, upstream = draw.normal(5, 3), draw.normal(5, 1)
        >>> mine, due = (side.tools.model(sequential(linear(3, 1))) for side in (student, reference))
        >>> compare_work(mine.backward(x, upstream), due.backward(x, upstream), "evaluation")
    """
    close(found[0], due[0], say("checks.output-in-mode", mode=mode), dtype=dtype, ops=ops)
    names = list(due[1])
    if by_name and found[1].keys() != due[1].keys():
        raise _failed(say("checks.others-require-gradients", mode=mode), alternatives=2)
    mine, theirs = (
        [*_listed(side[2]), *([side[1][n] for n in names] if by_name else side[1].values())] for side in (found, due)
    )
    if [g is None for g in mine] != [g is None for g in theirs]:
        raise _failed(say("checks.others-get-gradients", mode=mode), alternatives=2)
    flat, expected = (_flat([g for g in side if g is not None]) for side in (mine, theirs))
    close(flat, expected, say("checks.gradients-in-mode", mode=mode), dtype=dtype, ops=ops)


def _listed(of_input: Any) -> Sequence[Any]:
    """Return the gradients of the inputs as a sequence, even if there is one input."""
    return of_input if isinstance(of_input, tuple) else (of_input,)


def _flat(tensors: list[torch.Tensor]) -> torch.Tensor:
    """Join tensors end to end; the result claims the device of the first tensor that is elsewhere, if there is one."""
    import torch

    joined = torch.cat([t.detach().flatten() for t in tensors]) if tensors else torch.zeros(0)
    if tensors:
        copy_claims(next((t for t in tensors if elsewhere(t)), tensors[0]), joined)
    return joined


def confirmed(student: Student, model: Model, x: torch.Tensor, seed: int) -> nn.Module:
    """Require that a module computes what its claimed layers compute; return a trusted module of these layers.

    New values are loaded into both. Outputs and gradients are compared in evaluation mode, with drawn statistics, and
    in training mode; there, the statistics of batch normalisation are compared too.

    Args:
        student: the owner of the module.
        model: a module of layers of torch's own.
        x: an input, float64.
        seed: for the values, and for what Dropout draws.

    Raises:
        CheckFailure: if it cannot be rebuilt, or computes something else.

    Example:
        >>> confirmed(student, student.build(3), draw.normal(5, 3), seed=1)
        Sequential(
          (0): Linear(in_features=3, out_features=1, bias=True)
        )
    """
    import torch

    state = drawn_state(model.layout(), seed)
    try:
        twin = rebuild(model.look(), state)
    except ClaimError as refused:
        raise _failed(refused.message, alternatives=_REFUSALS) from None
    model.load(state)
    for mode in ("evaluation", "training"):
        model.train(mode == "training")
        twin.train(mode == "training")
        if (
            twin.training
            and current_device.get() != "cpu"
            and any(isinstance(m, torch.nn.Dropout) for m in twin.modules())
        ):
            # Another device draws another dropout mask.
            continue
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(seed)
            upstream, due = _worked(twin, x)
        student.tools.seed(seed)
        compare_work(model.backward(x, upstream), due, mode)
    if any(name.endswith("running_mean") for name in state):
        close(model.state(), dict(twin.state_dict()), say("checks.remembered"))
    return twin


def _worked(module: nn.Module, x: torch.Tensor) -> tuple[torch.Tensor, tuple[Any, dict[str, Any], Any]]:
    """Return an upstream gradient, and for a trusted module what `Model.backward` returns."""
    import torch

    given = x.detach().clone().requires_grad_()
    named = dict(module.named_parameters())
    try:
        output = module(given)
        source = torch.Generator().manual_seed(1)
        upstream = torch.randn(output.shape, generator=source, dtype=torch.float64)
        found = pulled_back([output], [given, *named.values()], [upstream])
    except (RuntimeError, ValueError, IndexError, TypeError):
        raise _failed(say("checks.layers-do-not-fit"), alternatives=_REFUSALS) from None
    return upstream, (output.detach(), dict(zip(named, found[1:], strict=True)), found[0])


def _agree(first: Any, second: Any) -> bool:
    """Whether two answers of one implementation are the same; a device may add up in another order."""
    return alike(first, second, _agree_in_value)


def _agree_in_value(first: Any, second: Any) -> bool:
    import numpy as np
    import torch

    if isinstance(first, torch.Tensor) and isinstance(second, torch.Tensor):
        return _agree_in_numbers(first.detach(), second.detach())
    if type(first) is not type(second):
        return False
    if isinstance(first, Model):
        return first.same_as(second) or first.claim == second.claim
    if isinstance(first, np.ndarray):
        return _agree_in_numbers(torch.from_numpy(first.copy()), torch.from_numpy(second.copy()))
    if isinstance(first, (float, np.floating)):
        return _agree_in_numbers(*(torch.tensor(float(v), dtype=torch.float64) for v in (first, second)))
    return bool(first == second)


def _agree_in_numbers(first: torch.Tensor, second: torch.Tensor) -> bool:
    import torch

    if first.shape != second.shape or first.dtype != second.dtype:
        return False
    if not (first.is_floating_point() or first.is_complex()):
        return torch.equal(first, second)
    magnitudes = first[torch.isfinite(first)].abs()
    scale = float(magnitudes.max()) if magnitudes.numel() else 0.0
    slack = _REPEAT_OPS * torch.finfo(first.dtype).eps * scale
    return torch.allclose(first, second, rtol=0.0, atol=slack, equal_nan=True)
