"""The wrong and the honest variants of `xavier` are what they say they are, whatever they draw."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from local_judge import LocalJudge, with_local_judge

from autograder.assignment import load_assignment
from autograder.diagnosis import load_module
from autograder.verdict import Outcome

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions" / "xavier"
ASSIGNMENT = load_assignment(ROOT, "xavier")
EXERCISES = tuple(e.id for e in ASSIGNMENT.coded)
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
    "variances-of-input": MEASURES,
    "variances-of-activation": MEASURES,
    "backward-of-weights": ("backward_variances",),
    "in-place": ("rows_identical", "glorot_ratio"),
    "dtype-lost": (*BOTH, "init_xavier", "zero_init", *MEASURES),
    "accumulates-over-calls": MEASURES,
    "device-lost": (),
    "not-implemented": (),
}
CONVENTIONS = {"variances-unbiased"}
HONEST = sorted((SOLUTIONS / "honest").glob("*.py"))


def judged(work: Callable[[LocalJudge], None]) -> None:
    """Do something with a judge of the hidden checks."""
    with_local_judge(ASSIGNMENT, work)


# -- the files ---------------------------------------------------------------------------------------------


def test_every_id_has_a_file_and_every_file_an_id() -> None:
    """The misconceptions are exactly those that the course lists."""
    assert {path.stem.replace("_", "-") for path in (SOLUTIONS / "misconceptions").glob("*.py")} == set(IDS)


@pytest.mark.parametrize("identifier", IDS)
def test_a_misconception_says_what_the_student_did_and_where(identifier: str) -> None:
    """One sentence in the second person, a hint, the exercises of its row; only a † idea says where it is usual."""
    module = load_module(SOLUTIONS / "misconceptions" / f"{identifier.replace('-', '_')}.py")
    title = " ".join((module.__doc__ or "").split())
    assert title.endswith(".")
    assert not re.search(r"[.!?] [A-Z]", title)
    assert re.search(r"\b[Yy]our?\b", title)
    assert module.HINT.strip().endswith((".", ")"))
    assert tuple(e for e in EXERCISES if hasattr(module, e)) == tuple(e for e in EXERCISES if e in IDS[identifier])
    assert getattr(module, "CONVENTION", False) is (identifier in CONVENTIONS)
    assert bool(getattr(module, "USUAL_IN", "")) is (identifier in CONVENTIONS)


def test_there_are_four_honest_styles_of_every_exercise() -> None:
    """Each exercise is solved in at least four other ways."""
    texts = [path.read_text(encoding="utf-8") for path in HONEST]
    styles = {e: sum(re.search(rf"^def {e}\(", t, re.MULTILINE) is not None for t in texts) for e in EXERCISES}
    assert min(styles.values()) >= 4, styles


# -- through the checks ------------------------------------------------------------------------------------


def test_every_wrong_variant_is_diagnosed_as_itself() -> None:
    """Each fails a check of its own exercise and is named alone; a † idea fails convention checks only."""

    def work(judge: LocalJudge) -> None:
        judge.prove_reference()
        seen = set()
        for known in judge.misconceptions:
            for exercise in known.exercises:
                found, traces, _ = judge.diagnose(exercise, known.functions())
                failed = {t.check for t in traces if not t.passed}
                assert (found, bool(failed)) == (known.id, True), (known.id, exercise, found, failed)
                pinned = {info.name for _, info in judge.examination.checks[exercise] if info.convention}
                assert not known.convention or failed <= pinned, (known.id, exercise, failed)
                seen.add((known.id, exercise))
        assert seen == {(i, e) for i, exercises in IDS.items() for e in exercises}

    judged(work)


def test_honest_work_passes_every_check() -> None:
    """No honest style fails any check, on several seeds."""

    def work(judge: LocalJudge) -> None:
        for seed in (2, 3):
            judge.seed(seed)
            for path in HONEST:
                functions = judge.honest(path)
                for exercise in functions:
                    traces, endings = judge.run(exercise, functions)
                    lost = [(t.check, e.message) for t, e in zip(traces, endings, strict=True) if not t.passed]
                    assert lost == [], (seed, path.stem, exercise)

    judged(work)


def otherwise_drawn(bound: float, sigma: float) -> dict[str, Any]:
    """Return both functions with these factors on what is due, drawn as no variant draws: float64, transposed."""

    def fill(weight: torch.Tensor, scale: float, numbers: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            return weight.copy_((numbers * scale).reshape(weight.shape[::-1]).permute(*range(weight.dim())[::-1]))

    def total(weight: torch.Tensor) -> int:
        return (weight.shape[0] + weight.shape[1]) * weight[0, 0].numel()

    def uniform(weight: torch.Tensor, gain: float = 1.0, generator: torch.Generator | None = None) -> torch.Tensor:
        numbers = 2 * torch.rand(weight.numel(), generator=generator, dtype=torch.float64) - 1
        return fill(weight, bound * gain * math.sqrt(6 / total(weight)), numbers)

    def normal(weight: torch.Tensor, gain: float = 1.0, generator: torch.Generator | None = None) -> torch.Tensor:
        numbers = torch.randn(weight.numel(), generator=generator, dtype=torch.float64)
        return fill(weight, sigma * gain * math.sqrt(2 / total(weight)), numbers)

    return {"xavier_uniform_": uniform, "xavier_normal_": normal}


def test_a_wrong_idea_is_named_though_its_numbers_are_other_ones() -> None:
    """Statistics tell an idea where no two numbers agree with the variant's; a factor that none has gets no name."""

    def work(judge: LocalJudge) -> None:
        for exercise, (bound, sigma), due in (
            ("xavier_uniform_", (1, 1), None),
            ("xavier_normal_", (1, 1), None),
            ("xavier_uniform_", (math.sqrt(1 / 2), 1), "xavier-sqrt3"),
            ("xavier_uniform_", (math.sqrt(1 / 3), 1), "xavier-std-as-bound"),
            ("xavier_normal_", (1, math.sqrt(3)), "xavier-bound-as-std"),
            ("xavier_uniform_", (1.1, 1), None),
            ("xavier_normal_", (1, 1.1), None),
        ):
            found, traces, _ = judge.diagnose(exercise, otherwise_drawn(bound, sigma))
            assert found == due, (exercise, bound, sigma, found)
            right = bound == sigma == 1
            assert all(t.passed for t in traces) is right

    judged(work)


def test_an_earlier_mistake_is_not_paid_for_twice() -> None:
    """Who builds on wrong functions of their own loses those exercises' points alone."""

    def work(judge: LocalJudge) -> None:
        wrong = {known.id: known.functions() for known in judge.misconceptions}

        def init_xavier(model: Any, gain: float = 1.0) -> Any:
            for module in model.modules():
                if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)):
                    own(module.weight, gain)
                    if module.bias is not None:
                        module.bias.data.zero_()
            return model

        for identifier in (
            "xavier-he",
            "xavier-sqrt3",
            "xavier-one-sided",
            "xavier-normal-for-uniform",
            "xavier-reseeds",
        ):
            own = wrong[identifier]["xavier_uniform_"]
            traces, endings = judge.run("init_xavier", {"xavier_uniform_": own, "init_xavier": init_xavier})
            assert [e.message for e in endings if e.outcome is not Outcome.PASSED] == [], identifier
            assert all(t.passed for t in traces)

        counted = wrong["fans-no-kernel"]["fans"]

        def xavier_normal_(weight: Any, gain: float = 1.0, generator: Any = None) -> Any:
            weight.data.normal_(0, gain * math.sqrt(2 / sum(counted(weight))), generator=generator)
            return weight

        traces, _ = judge.run("xavier_normal_", {"fans": counted, "xavier_normal_": xavier_normal_})
        assert all(t.passed for t in traces)
        # Without wrong fans of their own the same weights are wrong.
        traces, _ = judge.run("xavier_normal_", {"xavier_normal_": xavier_normal_})
        assert [t.check for t in traces if not t.passed] == ["fills_a_kernel"]

    judged(work)
