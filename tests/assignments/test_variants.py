"""The wrong and the honest variants of `optimizers` are what they say they are.

Every variant goes through one probe of its exercise, and so does the reference. The probe is float64, twelve steps from
a fresh state, gradients over eight decades with both signs, an eps that shows, betas far apart; for the classes three
parameters of which two share a shape, two groups with options of their own, steps without a gradient, and a checkpoint
in mid-run.
"""

from __future__ import annotations

import contextlib
import copy
import importlib.util
import math
import re
import sys
import tomllib
import types
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the notebook's own name

from autograder.course.notebook.variants import variant_text
from autograder.engines.hidden.diagnosis import load_misconceptions, same_answers

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions" / "optimizers"
EXERCISES = (
    "gradient_descent",
    "sgd_step",
    "momentum_step",
    "nesterov_step",
    "adagrad_step",
    "rmsprop_step",
    "adadelta_step",
    "adam_step",
    "Momentum",
    "Adam",
    "compare_optimizers",
)
CLASSES = ("Momentum", "Adam")
STEPS, BOTH_ADAM, BOTH_MOMENTUM = EXERCISES[1:8], ("adam_step", "Adam"), ("momentum_step", "Momentum")
NESTEROV = ("nesterov_step", "Momentum")

#: What course.md lists: id and the exercises of its row. Generic ids: where a wrong variant makes sense.
IDS: dict[str, tuple[str, ...]] = {
    "adam-no-bias-correction": BOTH_ADAM,
    "adam-corrects-m-only": BOTH_ADAM,
    "adam-corrects-v-only": BOTH_ADAM,
    "adam-swapped-betas": BOTH_ADAM,
    "adam-beta1-for-both": BOTH_ADAM,
    "adam-t-off-by-one": BOTH_ADAM,
    "adam-t-frozen": BOTH_ADAM,
    "adam-eps-inside-sqrt": BOTH_ADAM,
    "adam-eps-unscaled": BOTH_ADAM,
    "adam-stores-corrected": BOTH_ADAM,
    "adam-no-sqrt": BOTH_ADAM,
    "adam-abs-grad": BOTH_ADAM,
    "adam-uses-grad": BOTH_ADAM,
    "adam-stale-m": BOTH_ADAM,
    "adam-missing-one-minus-beta": BOTH_ADAM,
    "adam-decoupled-decay": ("Adam",),
    "adam-beta-times-t": BOTH_ADAM,
    "group-options-ignored": CLASSES,
    "step-count-per-group": ("Adam",),
    "momentum-negative-velocity": ("momentum_step",),
    "shared-state": CLASSES,
    "first-group-only": CLASSES,
    "edits-grad": CLASSES,
    "state-reset": CLASSES,
    "crashes-on-none-grad": CLASSES,
    "momentum-ema": BOTH_MOMENTUM,
    "momentum-reset": BOTH_MOMENTUM,
    "momentum-ascends": BOTH_MOMENTUM,
    "momentum-lr-in-velocity": ("momentum_step",),
    "momentum-lr-twice": BOTH_MOMENTUM,
    "momentum-is-nesterov": BOTH_MOMENTUM,
    "nesterov-is-momentum": NESTEROV,
    "nesterov-old-velocity": NESTEROV,
    "nesterov-drops-grad": NESTEROV,
    "adagrad-no-sqrt": ("adagrad_step",),
    "adagrad-abs-sum": ("adagrad_step",),
    "adagrad-stale-sum": ("adagrad_step",),
    "adagrad-global-norm": ("adagrad_step",),
    "adagrad-eps-inside-sqrt": ("adagrad_step",),
    "adagrad-is-rmsprop": ("adagrad_step",),
    "rmsprop-no-sqrt": ("rmsprop_step",),
    "rmsprop-alpha-swapped": ("rmsprop_step",),
    "rmsprop-eps-inside-sqrt": ("rmsprop_step",),
    "rmsprop-is-adagrad": ("rmsprop_step",),
    "rmsprop-bias-corrected": ("rmsprop_step",),
    "rmsprop-centered": ("rmsprop_step",),
    "adadelta-no-delta-rms": ("adadelta_step",),
    "adadelta-delta-too-early": ("adadelta_step",),
    "adadelta-stores-scaled-delta": ("adadelta_step",),
    "descent-missing-start": ("gradient_descent",),
    "descent-ascends": ("gradient_descent",),
    "descent-accumulates-grad": ("gradient_descent",),
    "in-place": ("gradient_descent", *STEPS),
    "dtype-lost": ("gradient_descent", *STEPS, "compare_optimizers"),
    "accumulates-over-calls": ("momentum_step", "adam_step"),
    "graph-lost": (),
    "device-lost": (),
    "not-implemented": (),
}
CONVENTIONS = {
    "adam-eps-inside-sqrt",
    "adam-eps-unscaled",
    "momentum-lr-in-velocity",
    "momentum-negative-velocity",
    "adagrad-eps-inside-sqrt",
    "rmsprop-eps-inside-sqrt",
}
#: Pairs that are one and the same algebra, so that only one of the two can be named.
SAME_ALGEBRA = {
    ("nesterov-old-velocity", "nesterov_step"): "nesterov-is-momentum",
    ("nesterov-old-velocity", "Momentum"): "nesterov-is-momentum",
    ("state-reset", "Momentum"): "momentum-reset",
}
HONEST = sorted(path.stem for path in (SOLUTIONS / "honest").glob("*.py"))
WRONG = [(identifier, exercise) for identifier, exercises in IDS.items() for exercise in exercises]

Namespace = Mapping[str, Any]


# -- loading -----------------------------------------------------------------------------------------------


def load(path: Path) -> types.ModuleType:
    """Execute a variant as its cell would be, with the setup cell's names and the reference's other functions."""
    spec = importlib.util.spec_from_file_location(f"variant_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        # Dataclasses look their module up there.
        patch.setitem(sys.modules, spec.name, module)
        text = variant_text(path) if path.name != "solution.py" else ""
        exec(compile(text or path.read_text(encoding="utf-8"), path, "exec"), vars(module))
    surroundings: dict[str, Any] = {"math": math, "torch": torch, "F": F, "np": np, "display": repr}
    if path.name != "solution.py":
        surroundings |= {name: reference()[name] for name in EXERCISES}
    for source in getattr(module, "EXTRA_CELLS", []):
        if not source.startswith("%"):
            with warnings.catch_warnings(), contextlib.suppress(ZeroDivisionError):
                warnings.simplefilter("ignore")
                exec(source, surroundings)
    for name, value in surroundings.items():
        vars(module).setdefault(name, value)
    return module


def wrong(identifier: str) -> types.ModuleType:
    """Load the misconception of that id."""
    return load(SOLUTIONS / "misconceptions" / f"{identifier.replace('-', '_')}.py")


def reference() -> Namespace:
    """Load the reference."""
    return vars(load(SOLUTIONS / "solution.py"))


# -- probes ------------------------------------------------------------------------------------------------


class Probe:
    """Everything that one implementation of an exercise answers on one set of inputs."""

    def __init__(self, *, dtype: torch.dtype = torch.float64, shape: tuple[int, ...] = (4,), seed: int = 1) -> None:
        self.dtype = dtype
        self.shape = shape
        self._generator = torch.Generator().manual_seed(seed)

    def normal(self, *shape: int) -> torch.Tensor:
        """Draw from the standard normal distribution."""
        return torch.randn(shape, generator=self._generator, dtype=torch.float64).to(self.dtype)

    def gradient(self, *shape: int) -> torch.Tensor:
        """Draw from 1e-7 to 10, even on a logarithmic scale, with both signs."""
        exponent = torch.rand(shape, generator=self._generator, dtype=torch.float64) * 8 - 7
        sign = torch.randint(0, 2, shape, generator=self._generator) * 2 - 1
        return (sign * 10**exponent).to(self.dtype)

    def answers(self, names: Namespace, exercise: str, *, eps: float = 1e-3) -> Any:
        """Drive `names[exercise]`; an exception is an answer too."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                if exercise in CLASSES:
                    return [self._optimizer(names[exercise], exercise, eps, look) for look in (False, True)]
                if exercise == "gradient_descent":
                    return self._descent(names[exercise])
                if exercise == "compare_optimizers":
                    return self._comparison(names[exercise])
                return self._steps(names[exercise], exercise, eps)
            except (TypeError, RuntimeError) as error:
                return type(error).__name__

    def _descent(self, function: Callable[..., Any]) -> Any:
        def bowl(x: torch.Tensor) -> torch.Tensor:
            return (torch.arange(1, x.numel() + 1, dtype=x.dtype).reshape(x.shape) * x**2).sum() + torch.cos(x).sum()

        start = self.normal(*self.shape)
        required = start.clone().requires_grad_()
        found = [function(bowl, start, 0.05, steps) for steps in (6, 0, 6)]
        return [f.detach() for f in (*found, start, function(bowl, required, 0.05, 3))]

    def _comparison(self, function: Callable[..., Any]) -> Any:
        curvature, x0 = self.normal(*self.shape).abs() + 0.5, self.normal(*self.shape)
        return [function(curvature, x0, 0.05, 12), function(curvature, x0, 0.05, 0), curvature, x0]

    def _steps(self, function: Callable[..., Any], exercise: str, eps: float) -> Any:
        p = self.normal(*self.shape)
        state = [
            torch.zeros_like(p) for _ in range({"sgd_step": 0, "adadelta_step": 2, "adam_step": 2}.get(exercise, 1))
        ]
        path = []
        for t in range(1, 13):
            g = self.gradient(*self.shape)
            rates: tuple[float, ...] = {
                "sgd_step": (0.1,),
                "momentum_step": (0.1, 0.8),
                "nesterov_step": (0.1, 0.8),
                "adagrad_step": (0.1, eps),
                "rmsprop_step": (0.1, 0.7, eps),
                "adadelta_step": (0.5, 0.7, eps),
                "adam_step": (t, 0.1, 0.8, 0.93, eps),
            }[exercise]
            before = [p, g, *state]
            given = [x.clone() for x in before]
            given[0].requires_grad_(t % 2 == 0 and exercise != "sgd_step" and self._takes_graphs(function))
            again = [x.clone() for x in before]
            results = [function(*given, *rates), function(*again, *rates)]
            first, second = (r if isinstance(r, tuple) else (r,) for r in results)
            p, *state = (x.detach() for x in first)
            path.append([p, *state, *(x.detach() for x in (*second, *given))])
        return path

    @staticmethod
    def _takes_graphs(function: Callable[..., Any]) -> bool:
        # A variant that writes into its inputs cannot do so to a leaf that requires a gradient.
        return "in_place" not in function.__module__

    def _optimizer(self, cls: type[Any], exercise: str, eps: float, look_ahead: bool) -> Any:  # noqa: FBT001
        shapes = ((3,), (3,), (2, 2), ())
        params = [torch.nn.Parameter(self.normal(*shape)) for shape in shapes]
        options: tuple[dict[str, Any], dict[str, Any]] = ({"lr": 0.1}, {"lr": 0.03})
        if exercise == "Momentum":
            common: dict[str, Any] = {"momentum": 0.8, "nesterov": look_ahead, "lr": 0.5}
        else:
            common = {"betas": (0.8, 0.93), "eps": eps}
            if look_ahead:
                options = ({"lr": 0.1, "weight_decay": 0.3}, {"lr": 0.03, "weight_decay": 0.1})

        def build(values: list[torch.nn.Parameter]) -> Any:
            return cls([{"params": values[:1], **options[0]}, {"params": values[1:], **options[1]}], **common)

        optimizer = build(params)
        path: list[Any] = []
        for t in range(12):
            for i, p in enumerate(params):
                p.grad = None if (t, i) in {(0, 1), (4, 0), (4, 2)} else self.gradient(*p.shape)
            optimizer.step()
            path.append(([p.detach().clone() for p in params], [p.grad for p in params]))
            if t == 6 and exercise == "Adam":
                saved = copy.deepcopy(optimizer.state_dict())
                params = [torch.nn.Parameter(p.detach().clone()) for p in params]
                optimizer = build(params)
                optimizer.load_state_dict(saved)
        return path


def tensors(value: Any) -> list[torch.Tensor]:
    """List the tensors inside a probe's answers."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        return [t for key in sorted(value) for t in tensors(value[key])]
    return [t for entry in value for t in tensors(entry)] if isinstance(value, (list, tuple)) else []


# -- the files ---------------------------------------------------------------------------------------------


def test_every_id_has_a_file_and_every_file_an_id() -> None:
    """The misconceptions are exactly those that the course lists."""
    found = {path.stem.replace("_", "-") for path in (SOLUTIONS / "misconceptions").glob("*.py")}
    assert found == set(IDS)


@pytest.mark.parametrize("identifier", IDS)
def test_a_misconception_says_in_one_sentence_what_the_student_did(identifier: str) -> None:
    """The docstring is one sentence in the second person that ends in a period, and a hint teaches."""
    module = wrong(identifier)
    title = " ".join((module.__doc__ or "").split())
    assert title.endswith(".")
    assert not re.search(r"[.!?] [A-Z]", title)
    assert re.search(r"\b[Yy]our?\b", title)
    assert module.HINT.strip().endswith((".", ")"))


@pytest.mark.parametrize("identifier", IDS)
def test_only_conventions_say_where_they_are_usual(identifier: str) -> None:
    """A † misconception is marked as a convention and names who uses it; no other is."""
    module = wrong(identifier)
    assert getattr(module, "CONVENTION", False) is (identifier in CONVENTIONS)
    assert bool(getattr(module, "USUAL_IN", "")) is (identifier in CONVENTIONS)


@pytest.mark.parametrize("identifier", IDS)
def test_a_misconception_covers_the_exercises_of_its_row(identifier: str) -> None:
    """A file defines the wrong function for exactly the exercises that the course names, with their signatures."""
    module = wrong(identifier)
    own = [e for e in EXERCISES if getattr(vars(module)[e], "__module__", "") == module.__name__]
    assert tuple(own) == tuple(e for e in EXERCISES if e in IDS[identifier])


def test_there_are_honest_variants_of_every_exercise() -> None:
    """At least sixteen styles, and at least three of them for each exercise."""
    assert len(HONEST) >= 16
    styles = {e: [s for s in HONEST if defines(s, e)] for e in EXERCISES}
    assert {e: found for e, found in styles.items() if len(found) < 3} == {}


def defines(style: str, exercise: str) -> bool:
    """Whether that honest variant has its own form of the exercise."""
    text = (SOLUTIONS / "honest" / f"{style}.py").read_text(encoding="utf-8")
    return re.search(rf"^(def|class) {exercise}\b", text, re.MULTILINE) is not None


GOOD = [(style, exercise) for style in HONEST for exercise in EXERCISES if defines(style, exercise)]


# -- the numbers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("identifier", "exercise"), WRONG)
def test_a_wrong_variant_differs_from_the_reference(identifier: str, exercise: str) -> None:
    """The probe tells every wrong variant from the reference."""
    mine = Probe().answers(vars(wrong(identifier)), exercise)
    assert not same_answers(mine, Probe().answers(reference(), exercise))


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_probe_tells_all_wrong_variants_of_an_exercise_apart(exercise: str) -> None:
    """No two misconceptions of an exercise answer alike, except those declared as the same."""
    found = {i: Probe().answers(vars(wrong(i)), exercise) for i, exercises in IDS.items() if exercise in exercises}
    alike = {(a, b) for a in found for b in found if a < b and same_answers(found[a], found[b])}
    due = {tuple(sorted((i, twin))) for (i, e), twin in SAME_ALGEBRA.items() if e == exercise}
    assert alike == due


def test_variants_of_the_same_algebra_name_their_twin() -> None:
    """If two ideas are one, EQUALS says which of them is named."""
    declared = {(i, e): twin for i in IDS for e, twin in getattr(wrong(i), "EQUALS", {}).items()}
    assert declared == SAME_ALGEBRA


@pytest.mark.parametrize(
    ("identifier", "exercise"),
    [(i, e) for i, e in WRONG if i in CONVENTIONS - {"momentum-lr-in-velocity", "momentum-negative-velocity"}],
)
def test_where_eps_is_added_does_not_matter_without_eps(identifier: str, exercise: str) -> None:
    """With eps=0 a † variant agrees with the reference, so other checks need not pin the convention."""
    mine = Probe().answers(vars(wrong(identifier)), exercise, eps=0.0)
    assert same_answers(mine, Probe().answers(reference(), exercise, eps=0.0))


def test_a_velocity_with_the_rate_inside_walks_the_same_path() -> None:
    """At a constant rate the † variant of momentum differs in its velocity only."""
    mine = Probe().answers(vars(wrong("momentum-lr-in-velocity")), "momentum_step")
    due = Probe().answers(reference(), "momentum_step")
    assert same_answers([row[0] for row in mine], [row[0] for row in due])
    assert not same_answers([row[1] for row in mine], [row[1] for row in due])


@pytest.mark.parametrize("shape", [(4,), (), (2, 3)], ids=["vector", "scalar", "matrix"])
@pytest.mark.parametrize(("style", "exercise"), GOOD)
def test_an_honest_variant_agrees_with_the_reference(style: str, exercise: str, shape: tuple[int, ...]) -> None:
    """Honest work agrees to 1e-9 in float64, leaves its inputs alone, and answers alike when asked again."""
    mine = Probe(shape=shape).answers(vars(load(SOLUTIONS / "honest" / f"{style}.py")), exercise)
    due = Probe(shape=shape).answers(reference(), exercise)
    assert not isinstance(mine, str), mine
    assert same_answers(mine, due)


@pytest.mark.parametrize(("style", "exercise"), GOOD)
def test_an_honest_variant_keeps_float32(style: str, exercise: str) -> None:
    """Honest work stays in float32, within a few hundred roundings of the reference in float32."""
    probe, twin = Probe(dtype=torch.float32), Probe(dtype=torch.float32)
    mine = tensors(probe.answers(vars(load(SOLUTIONS / "honest" / f"{style}.py")), exercise))
    due = tensors(twin.answers(reference(), exercise))
    assert len(mine) == len(due) > 0
    for found, expected in zip(mine, due, strict=True):
        assert found.dtype == torch.float32
        bound = 512 * torch.finfo(torch.float32).eps * float(expected.abs().max())
        assert float((found - expected).abs().max()) <= bound


@pytest.mark.parametrize(
    ("path", "exercise"),
    [
        *((f"honest/{style}.py", exercise) for style, exercise in GOOD if exercise in CLASSES),
        *((f"misconceptions/{i.replace('-', '_')}.py", e) for i, e in WRONG if e in CLASSES),
    ],
)
def test_every_optimizer_calls_the_closure_once(path: str, exercise: str) -> None:
    """step(closure) computes the loss with gradients enabled and returns it, in wrong variants too."""
    w = torch.nn.Parameter(torch.ones(3, dtype=torch.float64))
    optimizer = getattr(load(SOLUTIONS / path), exercise)([w], lr=0.1)
    calls = []

    def closure() -> torch.Tensor:
        calls.append(torch.is_grad_enabled())
        optimizer.zero_grad()
        loss = (w**2).sum()
        (w.grad,) = torch.autograd.grad(loss, w)
        return loss

    loss = optimizer.step(closure)
    assert calls == [True]
    assert float(loss.detach()) == 3.0
    assert optimizer.step() is None


# -- evidence ----------------------------------------------------------------------------------------------


def example(exercise: str) -> str:
    """Return the source of an exercise's public example."""
    text = (ROOT / "assignments" / "optimizers" / "assignment.toml").read_text(encoding="utf-8")
    (found,) = [e["example"] for e in tomllib.loads(text)["exercise"] if e["id"] == exercise]
    return str(found).strip()


def work(source: str, names: Namespace) -> Any:
    """Run an example as a cell: its last line is the value."""
    *lines, last = source.splitlines()
    namespace = dict(names)
    exec("\n".join(lines), namespace)
    return eval(last, namespace)


def with_evidence() -> list[tuple[str, str]]:
    """List the variants whose file defines `evidence`, without executing any: a missing file fails its own test."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (SOLUTIONS / "misconceptions").glob("*.py")}
    return [(i, e) for i, e in WRONG if "\ndef evidence(" in texts.get(i.replace("-", "_"), "")]


@pytest.mark.parametrize(("identifier", "exercise"), with_evidence())
def test_evidence_is_a_sentence_with_numbers(identifier: str, exercise: str) -> None:
    """What a misconception shows as evidence is a sentence with numbers from the public example, or nothing."""
    module = wrong(identifier)
    yours, expected = (work(example(exercise), names) for names in (vars(module), reference()))
    sentence = module.evidence(exercise, yours, expected)
    assert sentence is None or (sentence.endswith(".") and len(re.findall(r"\d", sentence)) > 1)


@pytest.mark.parametrize("exercise", BOTH_ADAM)
def test_evidence_tells_how_long_the_first_step_is(exercise: str) -> None:
    """Without bias correction the first step is √10 times lr at the usual betas."""
    module = wrong("adam-no-bias-correction")
    yours, expected = (work(example(exercise), names) for names in (vars(module), reference()))
    assert "3.16 × lr" in module.evidence(exercise, yours, expected)


@pytest.mark.parametrize("odd", [None, 3.0, (), torch.zeros(0), (None, None), {"a": 1}])
def test_evidence_of_an_odd_answer_is_none(odd: object) -> None:
    """An answer of another form than the exercise's has no evidence, and raises nothing."""
    known = load_misconceptions(SOLUTIONS / "misconceptions", EXERCISES)
    expected = {e: work(example(e), reference()) for e in EXERCISES}
    for misconception in known:
        for exercise in misconception.exercises - {"gradient_descent"}:
            assert misconception.evidence(exercise, odd, expected[exercise]) is None
