"""The assignment `xavier`: its checks pass what is right, fail what is wrong, and say which idea it was.

What is drawn at random is judged by statistics, so other draws of the same idea must be named as well.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
import torch
from course_fixture import Classroom, make_classroom
from rehearsal import Rehearsal, Verdict, answered

from autograder.course.assignment import load_assignment
from autograder.engines.hidden.diagnosis import load_module
from autograder.verdict import Status

ROOT = Path(__file__).parents[2]
SECRET = ROOT / "solutions" / "xavier"
SEEDS = (1,)

UNIFORM, NORMAL = ("xavier_uniform_",), ("xavier_normal_",)
BOTH = UNIFORM + NORMAL
MEASURES = ("forward_variances", "backward_variances")
#: What course.md lists: id and the exercises of its row. Generic ids: where a wrong variant makes sense.
IDS: dict[str, tuple[str, ...]] = {
    "fans-swapped": ("fans",),
    "fans-no-kernel": ("fans",),
    "xavier-fan-in": BOTH,
    "xavier-fan-out": BOTH,
    "xavier-he": BOTH,
    "xavier-std-as-bound": UNIFORM,
    "xavier-bound-as-std": NORMAL,
    "xavier-sqrt3": UNIFORM,
    "xavier-root-of-six-alone": BOTH,
    "xavier-variance-as-std": ("xavier_normal_",),
    "xavier-one-sided": UNIFORM,
    "xavier-gain-ignored": BOTH,
    "xavier-gain-squared": BOTH,
    "xavier-normal-for-uniform": UNIFORM,
    "xavier-uniform-for-normal": NORMAL,
    "xavier-not-in-place": BOTH,
    "xavier-untouched": BOTH,
    "xavier-reseeds": BOTH,
    "xavier-ignores-generator": BOTH,
    "init-bias-untouched": ("init_xavier",),
    "init-skips-nested": ("init_xavier",),
    "init-skips-conv": ("init_xavier",),
    "init-rebinds": ("init_xavier",),
    "init-touches-norm": ("init_xavier",),
    "variances-unbiased": MEASURES,
    "variances-per-unit": MEASURES,
    "rows-columns-compared": ("rows_identical",),
    "variances-of-input": MEASURES,
    "variances-of-activation": MEASURES,
    "backward-of-weights": ("backward_variances",),
    "in-place": ("rows_identical", "glorot_ratio"),
    "dtype-lost": (*BOTH, "init_xavier", "zero_init", *MEASURES),
    "accumulates-over-calls": MEASURES,
    "device-lost": (),
    "not-implemented": (),
}
CONVENTION = "variances-unbiased"
HONEST = sorted(path.stem for path in (SECRET / "honest").glob("*.py"))
EXERCISES = tuple(e.id for e in load_assignment(ROOT, "xavier").coded)


with_seed = partial(answered, "xavier")


@cache
def verdicts(seed: int) -> dict[tuple[str, str], Verdict]:
    """Judge every variant and honest solution in every exercise that it has a form of, by (name, exercise)."""

    def judge(rehearsal: Rehearsal) -> dict[tuple[str, str], Verdict]:
        found = {}
        for folder in ("honest", "misconceptions"):
            for path in sorted((SECRET / folder).glob("*.py")):
                for exercise in rehearsal.defined_by(path):
                    found[path.stem, exercise] = rehearsal.verdict(exercise, rehearsal.own(path))
        return found

    answer: dict[tuple[str, str], Verdict] = with_seed(seed, judge)
    return answer


def wrong(identifier: str) -> Any:
    """Load a misconception."""
    return load_module(SECRET / "misconceptions" / f"{identifier.replace('-', '_')}.py")


# -- the files ---------------------------------------------------------------------------------------------


def test_every_id_has_a_file_and_covers_its_row() -> None:
    """The misconceptions are those that the course lists, with the exercises of their rows."""
    names = {path.stem.replace("_", "-") for path in (SECRET / "misconceptions").glob("*.py")}
    found = {i: {e for e in EXERCISES if hasattr(wrong(i), e)} for i in names}
    assert found == {i: set(e) for i, e in IDS.items()}


@pytest.mark.parametrize("identifier", IDS)
def test_a_misconception_says_in_one_sentence_what_the_student_did(identifier: str) -> None:
    """One sentence in the second person, a hint that teaches; only a † idea says where it is usual."""
    module = wrong(identifier)
    title = " ".join((module.__doc__ or "").split())
    assert title.endswith(".")
    assert not re.search(r"[.!?] [A-Z]", title)
    assert re.search(r"\b[Yy]our?\b", title)
    assert module.HINT.strip().endswith((".", ")"))
    assert getattr(module, "CONVENTION", False) is (identifier == CONVENTION)
    assert bool(getattr(module, "USUAL_IN", "")) is (identifier == CONVENTION)


def test_every_exercise_has_four_honest_forms() -> None:
    """Right work in several styles is the guard against false rejections."""
    texts = [path.read_text(encoding="utf-8") for path in (SECRET / "honest").glob("*.py")]
    styles = {e: sum(re.search(rf"^def {e}\(", t, re.MULTILINE) is not None for t in texts) for e in EXERCISES}
    assert min(styles.values()) >= 4, styles


# -- through the checks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_honest_work_passes_every_check(seed: int) -> None:
    """In every style, and with every way to draw."""
    lost = {key: v.messages for key, v in verdicts(seed).items() if key[0] in HONEST and v.failed}
    assert lost == {}


def test_wrong_ideas_fail_and_are_named() -> None:
    """Each variant fails, and is diagnosed as itself; a † idea fails nothing but what pins the convention."""
    found = {key: v for key, v in verdicts(SEEDS[0]).items() if key[0] not in HONEST}
    assert not [key for key, v in found.items() if not v.failed]
    assert {key: v.diagnosis for key, v in found.items()} == {key: key[0].replace("_", "-") for key in found}
    for exercise in MEASURES:
        verdict = found["variances_unbiased", exercise]
        assert set(verdict.failed) <= verdict.conventions


def otherwise_drawn(bound: float = 1.0, sigma: float = 1.0) -> dict[str, Any]:
    """Return both functions, with these factors and drawn as no variant draws: from last to first."""

    def total(weight: torch.Tensor) -> int:
        return (weight.shape[0] + weight.shape[1]) * weight[0, 0].numel()

    def fill(weight: torch.Tensor, numbers: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            return weight.copy_(numbers.flip(0).reshape(weight.shape))

    def uniform(weight: torch.Tensor, gain: float = 1.0, generator: torch.Generator | None = None) -> torch.Tensor:
        numbers = 2 * torch.rand(weight.numel(), generator=generator, dtype=torch.float64) - 1
        return fill(weight, numbers * bound * gain * math.sqrt(6 / total(weight)))

    def normal(weight: torch.Tensor, gain: float = 1.0, generator: torch.Generator | None = None) -> torch.Tensor:
        numbers = torch.randn(weight.numel(), generator=generator, dtype=torch.float64)
        return fill(weight, numbers * sigma * gain * math.sqrt(2 / total(weight)))

    return {"xavier_uniform_": uniform, "xavier_normal_": normal}


def test_a_wrong_idea_is_named_though_its_numbers_are_other_ones() -> None:
    """Statistics recognise an idea even if no number agrees with the variant's; an unknown factor gets no name."""
    cases = {
        ("xavier_uniform_", 1.0, 1.0): None,
        ("xavier_normal_", 1.0, 1.0): None,
        ("xavier_uniform_", math.sqrt(1 / 2), 1.0): "xavier-sqrt3",
        ("xavier_uniform_", math.sqrt(1 / 3), 1.0): "xavier-std-as-bound",
        ("xavier_normal_", 1.0, math.sqrt(3)): "xavier-bound-as-std",
        ("xavier_uniform_", 1.1, 1.0): None,
        ("xavier_normal_", 1.0, 1.1): None,
    }

    def judge(rehearsal: Rehearsal) -> dict[Any, Verdict]:
        around = rehearsal.own(rehearsal.assignment.solution_path)
        return {case: rehearsal.verdict(case[0], {**around, **otherwise_drawn(*case[1:])}) for case in cases}

    found = with_seed(3, judge)
    assert {case: v.diagnosis for case, v in found.items()} == cases
    assert {case for case, v in found.items() if not v.failed} == {c for c in cases if c[1:] == (1.0, 1.0)}


def test_an_earlier_mistake_is_not_paid_for_twice() -> None:
    """A student who builds on own wrong functions loses only the points of these functions' exercises."""
    earlier = ("xavier-he", "xavier-one-sided", "xavier-normal-for-uniform", "xavier-reseeds")

    def model_by(own: Callable[..., Any]) -> Callable[..., Any]:
        def init_xavier(model: Any, gain: float = 1.0) -> Any:
            for module in model.modules():
                if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)):
                    own(module.weight, gain)
                    if module.bias is not None:
                        module.bias.data.zero_()
            return model

        return init_xavier

    counted = wrong("fans-no-kernel").fans

    def xavier_normal_(weight: Any, gain: float = 1.0, generator: Any = None) -> Any:
        weight.data.normal_(0, gain * math.sqrt(2 / sum(counted(weight))), generator=generator)
        return weight

    def judge(rehearsal: Rehearsal) -> dict[str, Verdict]:
        around = rehearsal.own(rehearsal.assignment.solution_path)
        found = {}
        for identifier in earlier:
            own = wrong(identifier).xavier_uniform_
            own.__globals__["fans"] = around["fans"]
            names = {**around, "xavier_uniform_": own, "init_xavier": model_by(own)}
            found[identifier] = rehearsal.verdict("init_xavier", names)
        found["he, alone"] = rehearsal.verdict(
            "init_xavier", {**around, "init_xavier": model_by(wrong("xavier-he").xavier_uniform_)}
        )
        found["fans"] = rehearsal.verdict(
            "xavier_normal_", {**around, "fans": counted, "xavier_normal_": xavier_normal_}
        )
        found["fans, alone"] = rehearsal.verdict("xavier_normal_", {**around, "xavier_normal_": xavier_normal_})
        return found

    found = with_seed(4, judge)
    assert {name: v.failed for name, v in found.items() if v.failed and "alone" not in name} == {}
    # Beside right functions the same work is wrong.
    assert "linear_weights_are_xavier" in found["he, alone"].failed
    assert found["fans, alone"].failed == ("fills_a_kernel",)


def test_a_stub_is_not_implemented() -> None:
    """The untouched template earns nothing in any exercise."""

    def judge(rehearsal: Rehearsal) -> dict[str, Verdict]:
        names = rehearsal.stubs()
        return {e: rehearsal.verdict(e, names) for e in EXERCISES}

    assert {v.diagnosis for v in with_seed(5, judge).values()} == {"not-implemented"}


def refuse(weight: Any) -> None:
    """Have no fans at all."""
    raise ValueError(f"no fans for {tuple(weight.shape)}")


def first(*given: Any, **_: Any) -> Any:
    """Return what was given."""
    return given[0]


def always(answer: Any) -> Callable[..., Any]:
    """Return a function that always answers the same."""
    return lambda *_, **__: answer


#: Functions that change nothing, or always return the same.
IDLE: dict[str, list[Callable[..., Any]]] = {
    "fans": [refuse, always((3, 2)), first],
    "xavier_uniform_": [first, always(None)],
    "xavier_normal_": [first, always(None)],
    "init_xavier": [first, always(None)],
    "zero_init": [first, always(None)],
    "rows_identical": [always(True), always(False)],
    "forward_variances": [always([]), always([0.0] * 4), always([1.0] * 4)],
    "backward_variances": [always([]), always([0.0] * 4), always([1.0] * 4)],
    "glorot_ratio": [always(1.0), sorted],
}


def test_doing_nothing_earns_nothing() -> None:
    """No check passes for work that does nothing, although it breaks no rule."""

    def judge(rehearsal: Rehearsal) -> list[tuple[str, int, set[str]]]:
        around = rehearsal.own(rehearsal.assignment.solution_path)
        passed = []
        for exercise, idle in IDLE.items():
            names = {info.name for _, info in rehearsal.grader.examination.checks[exercise]}
            for i, function in enumerate(idle):
                verdict = rehearsal.verdict(exercise, {**around, exercise: function})
                passed.append((exercise, i, names - set(verdict.failed)))
        return passed

    assert [found for found in with_seed(6, judge) if found[2]] == []


# -- the whole way -----------------------------------------------------------------------------------------


@pytest.mark.sandbox
@pytest.mark.full
def test_a_class_is_graded_through_the_sandbox(tmp_path: Path) -> None:
    """Reference and honest work get all points without torch.nn.init, the template none; ideas are named."""
    room: Classroom = make_classroom(tmp_path / "course", "xavier")
    room.hand_in("reference", room.solved())
    room.hand_in("template", room.template)
    room.hand_in("honest", room.solved("honest/prints_and_plots", "honest/recursion"))
    room.hand_in("wrong", room.solved("misconceptions/xavier_fan_in", "misconceptions/variances_unbiased"))
    room.hand_in("ready", room.edited("xavier_normal_", "xavier_normal_ = torch.nn.init.xavier_normal_"))
    grades = room.grades(jobs=1)
    assert {g.status for g in grades.values()} == {Status.GRADED}
    scores = {name: float(g.score) for name, g in grades.items()}
    assert (scores["reference"], scores["honest"], scores["template"], scores["ready"]) == (25.0, 25.0, 0.0, 21.0)
    named = {e.id: e.diagnosis for e in grades["wrong"].exercises if e.diagnosis}
    assert named == {**dict.fromkeys(BOTH, "xavier-fan-in"), **dict.fromkeys(MEASURES, "variances-unbiased")}
    assert {e.id for e in grades["wrong"].exercises if e.score != e.max_score} == set(named)
    assert "0.6 times the expected one" in room.feedback("wrong")
