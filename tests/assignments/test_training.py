"""The assignment `training`: its checks pass what is right, fail what is wrong, and say which idea it was."""

from __future__ import annotations

import inspect
import re
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
import pytest
from course_fixture import Classroom, make_classroom
from rehearsal import Rehearsal, answered, verdicts_of_files

from autograder.authoring.verify.pairs import _tried
from autograder.checks.student import LocalTransport, Student, StudentError
from autograder.course.assignment import load_assignment
from autograder.course.notebook.compose import cleared, compose_source
from autograder.course.notebook.read import load_template
from autograder.engines.hidden.diagnosis import load_misconceptions
from autograder.verdict import Status

ROOT = Path(__file__).parents[2]
SECRET = ROOT / "solutions" / "training"
EXERCISES = tuple(e.id for e in load_assignment(ROOT, "training").coded)

#: What the course lists: the ids of each exercise.
IDS: dict[str, str] = {
    "steps_per_epoch": "steps-rounded-down steps-one-too-many steps-are-samples steps-ignore-drop-last steps-float",
    "polynomial_data": "data-noise-as-variance data-noise-on-inputs data-all-powers data-power-of-sum "
    "data-targets-flat data-bias-forgotten data-features-raised data-column-of-ones",
    "split": "split-ignores-rate split-rounds split-rounds-up split-not-shuffled split-breaks-pairs "
    "split-with-replacement split-overlaps split-test-first split-order-of-results split-loses-last",
    "minibatches": "batches-drop-last-always batches-never-drop batches-not-shuffled batches-always-shuffled "
    "batches-with-replacement batches-same-every-time batches-evenly-split batches-from-one",
    "accuracy": "accuracy-along-samples accuracy-broadcasts accuracy-counts accuracy-percent accuracy-threshold "
    "accuracy-is-error accuracy-tensor",
    "train_epoch": "epoch-keeps-gradients epoch-clears-before-step epoch-average-of-averages epoch-counts-twice "
    "epoch-loss-after-step epoch-in-evaluation-mode epoch-last-batch-only epoch-divides-by-batches "
    "epoch-divides-twice epoch-sums-for-optimizer epoch-returns-tensor epoch-calls-step-of-updater",
    "evaluate": "evaluate-in-training-mode evaluate-stays-in-evaluation evaluate-always-trains-after "
    "evaluate-flattens-flags evaluate-average-of-averages evaluate-last-batch-only evaluate-learns "
    "evaluate-not-restored-on-error",
    "accumulated_gradient": "accumulate-unweighted accumulate-sums accumulate-last-only "
    "accumulate-divides-by-samples accumulate-touches-grad accumulate-includes-old",
    "lr_at": "schedule-starts-at-one schedule-continuous schedule-every-epoch schedule-counts-warmup "
    "schedule-warmup-from-zero schedule-no-warmup schedule-subtracts schedule-decays-early",
    "fit": "fit-new-optimizer-each-epoch fit-epochs-grow fit-evaluates-before fit-evaluates-in-training-mode "
    "fit-average-of-averages fit-trains-on-test fit-keeps-gradients fit-stays-in-evaluation fit-running-loss",
    "compare_starts": "starts-seeded-once starts-share-a-model starts-after-update starts-activation-at-end "
    "starts-keep-gradients",
    "snapshot": "snapshot-aliases snapshot-parameters-only snapshot-keeps-graph snapshot-shallow-copy",
}
#: Ideas that are wrong in any exercise in which they are possible.
EVERYWHERE: dict[str, tuple[str, ...]] = {
    "in-place": ("split", "accuracy", "train_epoch", "evaluate", "fit", "accumulated_gradient"),
    "dtype-lost": ("split", "accumulated_gradient", "snapshot"),
    "accumulates-over-calls": ("minibatches", "accuracy", "evaluate", "fit"),
    "device-lost": (),
    "not-implemented": (),
}
#: Two ideas that are one and the same: the tensors of a state_dict are detached already.
TWINS = {"snapshot-shallow-copy": "snapshot-aliases"}
#: Reasonable conventions other than ours, which cost the check that pins ours.
CONVENTIONS = {"split-rounds", "split-rounds-up", "schedule-warmup-from-zero"}
#: What the public examples do not show: what is left behind, and what a second call does.
SILENT = {
    "in-place",
    "dtype-lost",
    "accumulates-over-calls",
    "batches-evenly-split",
    "evaluate-not-restored-on-error",
    "epoch-in-evaluation-mode",
    "snapshot-keeps-graph",
}
#: Other ways to write an idea than those of the variants, as a student might; `right` is the reference.
IN_OTHER_WORDS: dict[str, tuple[str, str]] = {
    "steps-float": ("steps_per_epoch", "return float(right(n, batch_size, drop_last))"),
    "data-targets-flat": ("polynomial_data", "x, y = right(n, weights, bias, degree, noise)\nreturn x, y.squeeze()"),
    "data-bias-forgotten": (
        "polynomial_data",
        (
            "e = torch.randn(n, generator=generator)\nx = torch.randn(n, len(weights), generator=generator)\n"
            "return x, (sum(w * x[:, j] ** degree for j, w in enumerate(weights)) + noise * e).view(-1, 1)"
        ),
    ),
    "split-loses-last": (
        "split",
        (
            "i = torch.randperm(len(x), generator=generator)\nk = int(len(x) * rate)\n"
            "return x[i[:k]], y[i[:k]], x[i[k + 1:]], y[i[k + 1:]]"
        ),
    ),
    "split-rounds-up": (
        "split",
        (
            "import math\ni = torch.randperm(len(x), generator=generator)\nk = math.ceil(len(x) * rate)\n"
            "return x[i[:k]], y[i[:k]], x[i[k:]], y[i[k:]]"
        ),
    ),
    "split-with-replacement": (
        "split",
        (
            "k = int(len(x) * rate)\na = torch.randint(0, len(x), (k,), generator=generator)\n"
            "b = torch.randint(0, len(x), (len(x) - k,), generator=generator)\nreturn x[a], y[a], x[b], y[b]"
        ),
    ),
    "batches-always-shuffled": ("minibatches", "return right(n, batch_size, True, drop_last, generator)"),
    "batches-with-replacement": (
        "minibatches",
        (
            "if not shuffle:\n    return right(n, batch_size, False, drop_last)\n"
            "sizes = [len(b) for b in right(n, batch_size, False, drop_last)]\n"
            "return [torch.randint(n, (size,), generator=generator) for size in sizes]"
        ),
    ),
    "accuracy-tensor": ("accuracy", "return (scores.max(1).indices == labels.flatten()).float().mean()"),
    "accuracy-along-samples": ("accuracy", "return (torch.argmax(scores, 0) == labels.view(-1)).float().mean().item()"),
    "epoch-average-of-averages": (
        "train_epoch",
        (
            "found = [right(model, [batch], loss_fn, updater) for batch in batches]\n"
            "return tuple(sum(column) / len(found) for column in zip(*found))"
        ),
    ),
    "evaluate-always-trains-after": (
        "evaluate",
        "model.eval()\nfound = right(model, batches, loss_fn)\nmodel.train()\nreturn found",
    ),
    "accumulate-includes-old": (
        "accumulated_gradient",
        (
            "n = sum(len(x) for x, _ in batches)\nfor x, y in batches:\n"
            "    (loss_fn(model(x), y) * len(x) / n).backward()\n"
            "return {name: p.grad for name, p in model.named_parameters() if p.requires_grad}"
        ),
    ),
    "schedule-continuous": (
        "lr_at",
        (
            "import math\nif epoch < warmup:\n    return right(epoch, base, step_size, gamma, warmup)\n"
            "return base * math.exp(math.log(gamma) * (epoch - warmup) / step_size)"
        ),
    ),
    "schedule-decays-early": (
        "lr_at",
        (
            "if epoch < warmup:\n    return right(epoch, base, step_size, gamma, warmup)\n"
            "return right(epoch + 1, base, step_size, gamma, warmup)"
        ),
    ),
    "fit-stays-in-evaluation": (
        "fit",
        "found = right(model, train, test, loss_fn, epochs, lr, momentum)\nmodel.eval()\nreturn found",
    ),
    "snapshot-aliases": ("snapshot", "import copy\nreturn copy.copy(model.state_dict())"),
}

#: Slips without a name: what is done, and which checks fail with which words. `right` is the reference.
SLIPS: dict[str, tuple[str, str, dict[str, str]]] = {
    "noise times y": (
        "polynomial_data",
        (
            "x, y = right(n, weights, bias, degree, generator=generator)\n"
            "return x, y * (1 + noise * torch.randn(n, 1, generator=generator))"
        ),
        {"noise_is_a_deviation": "larger for some samples"},
    ),
    "noise on the powers": (
        "polynomial_data",
        (
            "x, y = right(n, weights, bias, degree, generator=generator)\n"
            "return x, y + noise * torch.randn(n, len(weights), generator=generator) @ torch.tensor(weights)[:, None]"
        ),
        {"noise_is_a_deviation": "The variance of the noise"},
    ),
    **{
        f"split by {name}": (
            "split",
            f"n = len(x)\nk = int(n * rate)\n{order}\nreturn x[i[:k]], y[i[:k]], x[i[k:]], y[i[k:]]",
            {"draws_at_random": told},
        )
        for name, order, told in (
            ("a rotation", "i = (torch.arange(n) + torch.randint(1, n, (1,), generator=generator)) % n", "a pattern"),
            (
                "a rotation backwards",
                "i = (torch.randint(1, n, (1,), generator=generator) - torch.arange(n)) % n",
                "a pattern",
            ),
            (
                "blocks of two",
                "i = (2 * torch.randperm(n // 2, generator=generator)[:, None] + torch.arange(2)).flatten()",
                "a pattern",
            ),
            (
                "a half that is shuffled",
                "i = torch.cat([torch.randperm(n // 2, generator=generator), torch.arange(n // 2, n)])",
                "one half of the data",
            ),
        )
    },
    **{
        f"batches by {name}": (
            "minibatches",
            (
                "if not shuffle:\n    return right(n, batch_size, False, drop_last)\n"
                f"{order}\nreturn [i[b] for b in right(n, batch_size, False, drop_last)]"
            ),
            {"shuffles": told},
        )
        for name, order, told in (
            (
                "a rotation",
                "i = (torch.arange(n) + torch.randint(1, n + 1, (1,), generator=generator)) % n",
                "at the same distance|The same neighbours",
            ),
            (
                "a rotation backwards",
                "i = (torch.randint(1, n + 1, (1,), generator=generator) - torch.arange(n)) % n",
                "at the same distance|The same neighbours",
            ),
            (
                "a half that is shuffled",
                "i = torch.cat([torch.randperm(n // 2, generator=generator), torch.arange(n // 2, n)])",
                "at the same distance|The same neighbours",
            ),
            (
                "shuffling among thirty neighbours",
                "i = (torch.arange(n) + 30 * torch.rand(n, generator=generator)).argsort()",
                "the small ones come early",
            ),
        )
    },
    "an empty last batch": (
        "minibatches",
        (
            "batches = right(n, batch_size, shuffle, drop_last, generator)\n"
            "return batches if drop_last or n % batch_size else [*batches, torch.arange(0)]"
        ),
        {"full_batches_all_stay": "Without drop_last 24", "batches_of_one_and_of_all": "Four samples in batches of 1"},
    ),
    "tensors in the lists": (
        "fit",
        (
            "history = right(model, train, test, loss_fn, epochs, lr, momentum)\n"
            "return {name: [torch.tensor(loss) for loss in losses] for name, losses in history.items()}"
        ),
        dict.fromkeys(
            ("returns_the_learning_curves", "meets_numbers", "a_single_epoch", "trains_in_float32"), "a tensor"
        ),
    ),
    "a tuple of lists": (
        "fit",
        "return tuple(right(model, train, test, loss_fn, epochs, lr, momentum).values())",
        dict.fromkeys(
            (
                "returns_the_learning_curves",
                "meets_numbers",
                "a_single_epoch",
                "trains_in_float32",
                "does_not_remember_earlier_calls",
            ),
            "A dict is asked for",
        ),
    ),
    "parameters before buffers": (
        "snapshot",
        (
            "both = dict(model.named_parameters()) | dict(model.named_buffers())\n"
            "return {name: value.detach().clone() for name, value in both.items()}"
        ),
        {"has_the_order_of_the_state_dict": "in another order"},
    ),
    "sorted names": (
        "accumulated_gradient",
        "return dict(sorted(right(model, batches, loss_fn).items()))",
        {"has_the_order_of_the_parameters": "in another order"},
    ),
    "names without dots": (
        "accumulated_gradient",
        "return {name.replace('.', '_'): g for name, g in right(model, batches, loss_fn).items()}",
        {"goes_by_the_names": "The names are not those"},
    ),
}


with_seed = partial(answered, "training")
verdicts = partial(verdicts_of_files, "training", 1)


def test_every_id_has_a_file_for_its_exercises() -> None:
    """The misconceptions are those that the course lists, each for the exercises of its row."""
    due = {e: {*ids.split(), *(i for i, many in EVERYWHERE.items() if e in many)} for e, ids in IDS.items()}
    found: dict[str, set[str]] = {e: set() for e in EXERCISES}
    for folder, name, exercise in verdicts():
        if folder == "misconceptions":
            found[exercise].add(name.replace("_", "-"))
    assert found == due
    files = {path.stem.replace("_", "-") for path in (SECRET / "misconceptions").glob("*.py")}
    assert files == {i for ids in due.values() for i in ids} | set(EVERYWHERE)


def test_a_misconception_says_in_one_sentence_what_the_student_did() -> None:
    """One sentence in the second person, and a hint that teaches; conventions are declared, and so are twins."""
    known = load_misconceptions(SECRET / "misconceptions", EXERCISES)
    for each in known:
        assert each.title.endswith("."), each.id
        assert not re.search(r"[.!?] [A-Z]", each.title), each.id
        assert re.search(r"\b[Yy]our?\b", each.title), each.id
        assert each.hint.strip().endswith((".", "?")), each.id
    assert {each.id for each in known if each.convention} == CONVENTIONS
    assert {each.id: twin for each in known for twin in each.equals.values()} == TWINS


def test_honest_work_passes_every_check() -> None:
    """In every style; and each exercise has at least four."""
    honest = {key: v for key, v in verdicts().items() if key[0] == "honest"}
    assert {key: v.messages for key, v in honest.items() if v.failed} == {}
    assert min(sum(e == exercise for _, _, e in honest) for exercise in EXERCISES) >= 4


def test_wrong_ideas_fail_and_are_named() -> None:
    """Each variant fails, and is diagnosed as itself; a convention costs what pins ours and nothing else."""
    wrong = {key[1:]: v for key, v in verdicts().items() if key[0] == "misconceptions"}
    assert not [key for key, v in wrong.items() if not v.failed]
    ids = {key: key[0].replace("_", "-") for key in wrong}
    assert {key: v.diagnosis for key, v in wrong.items()} == {key: TWINS.get(i, i) for key, i in ids.items()}
    assert not [key for key, v in wrong.items() if ids[key] in CONVENTIONS and set(v.failed) - v.conventions]


def written(rehearsal: Rehearsal, exercise: str, body: str) -> dict[str, Any]:
    """Return a notebook in which the exercise has this body, and `right` is the reference."""
    names: dict[str, Any] = {**rehearsal.stubs(), **rehearsal.grader.reference}
    names["right"] = names[exercise]
    head = inspect.signature(names[exercise])
    exec(f"def {exercise}{head}:\n    " + body.replace("\n", "\n    "), names)
    return names


def test_ideas_are_named_in_other_words() -> None:
    """Only what a function does counts, not how it is written, nor which numbers it drew."""

    def judge(rehearsal: Rehearsal) -> dict[str, str | None]:
        found = {}
        for identifier, (exercise, body) in IN_OTHER_WORDS.items():
            found[identifier] = rehearsal.verdict(exercise, written(rehearsal, exercise, body)).diagnosis
        return found

    assert with_seed(2, judge) == {i: i for i in IN_OTHER_WORDS}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_slips_without_a_name_are_told_as_what_they_are(seed: int) -> None:
    """They get no false name, and fail the checks that see them, no others."""

    def judge(rehearsal: Rehearsal) -> None:
        for what, (exercise, body, told) in SLIPS.items():
            found = rehearsal.verdict(exercise, written(rehearsal, exercise, body))
            assert found.diagnosis is None, what
            assert set(found.failed) == set(told), (what, found.failed)
            for name, said in zip(found.failed, found.messages, strict=True):
                assert re.search(told[name], said), (what, said)

    with_seed(seed, judge)


def test_every_sample_counts_in_the_accuracy() -> None:
    """A loop that leaves out the first or the last one fails every check that compares numbers."""
    bodies = (
        "return right(scores[:-1], labels[:-1]) * (len(scores) - 1) / len(scores) if len(scores) > 1 else 0.0",
        "return right(scores[1:], labels[1:]) * (len(scores) - 1) / len(scores) if len(scores) > 1 else 0.0",
    )

    def judge(rehearsal: Rehearsal) -> None:
        for body in bodies:
            found = rehearsal.verdict("accuracy", written(rehearsal, "accuracy", body))
            passed = {info.name for info in rehearsal.checks("accuracy")} - set(found.failed)
            assert passed == {"leaves_its_inputs_alone"}

    for seed in (1, 2, 3):
        with_seed(seed, judge)


def test_stubs_fail_every_check() -> None:
    """The untouched template has no points, and is told that it is a stub."""

    def judge(rehearsal: Rehearsal) -> None:
        stubs = rehearsal.stubs()
        for exercise in EXERCISES:
            found = rehearsal.verdict(exercise, stubs)
            assert len(found.failed) == len(rehearsal.checks(exercise))
            assert found.diagnosis == "not-implemented"

    with_seed(1, judge)


def test_numbers_made_up_are_no_evaluation() -> None:
    """A pair of numbers leaves the model as it was, and is no measurement of it."""

    def judge(rehearsal: Rehearsal) -> None:
        names = {**rehearsal.stubs(), "evaluate": lambda *_: (1.0, 0.5)}
        assert len(rehearsal.verdict("evaluate", names).failed) == len(rehearsal.checks("evaluate"))

    with_seed(1, judge)


def test_examples_show_wrong_ideas_and_evidence_is_a_sentence() -> None:
    """A wrong idea shows another value than the expected one; its evidence has numbers or truth values, or is none."""
    from autograder.engines.hidden.examples import compare_example, run_example, sources_of

    assignment = load_assignment(ROOT, "training")

    def judge(rehearsal: Rehearsal) -> tuple[set[str], set[str]]:
        alike, told = set(), set()
        odd_answers: list[Any] = [None, "text", (), [], {"a": 1}]
        reference = rehearsal.grader.examiner.new_reference()
        for known in load_misconceptions(SECRET / "misconceptions", EXERCISES):
            for exercise in known.exercises:
                source = assignment.exercise(exercise).example
                assert source is not None
                student = Student(LocalTransport(rehearsal.own(known.path)))
                asked = sources_of(assignment.exercise(exercise), rehearsal.grader.examiner.new_reference)[0]
                if compare_example(source, run_example(asked, student), reference)[0].agrees:
                    alike.add(known.id)
                expected = reference.tools.example(source)
                for odd in odd_answers:
                    assert known.evidence(exercise, odd, expected) is None, known.id
                try:
                    yours = Student(LocalTransport(rehearsal.own(known.path))).tools.example(source)
                except StudentError:
                    continue
                found = known.evidence(exercise, yours, expected)
                if found is not None:
                    told.add(known.id)
                    assert found.endswith("."), found
                    assert len(re.findall(r"\d|nan|inf|True|False", found)) > 1, found
        return alike, told

    alike, told = with_seed(1, judge)
    assert alike <= SILENT
    assert len(told) >= 50


def test_the_source_is_composed_and_cleared_back() -> None:
    """Template and reference fit; what nbgrader clears is the template. Forty-three points, four of them by hand."""
    assignment = load_assignment(ROOT, "training")
    source = compose_source(assignment)
    nbformat.validate(source)
    assert [c.source for c in cleared(source).cells] == [c.source for c in load_template(assignment).cells]
    assert [int(e.points) for e in assignment.exercises] == [1, 3, 3, 3, 2, 6, 4, 3, 3, 5, 4, 2, 4]


@pytest.mark.sandbox
@pytest.mark.full
@pytest.mark.timeout(900)  # pictures are drawn several times
def test_a_class_is_graded_through_the_sandbox(tmp_path: Path) -> None:
    """Reference and honest work get all points, the template none; ideas are named; loaders are refused."""
    room: Classroom = make_classroom(tmp_path / "course", "training")
    loader = "    return list(torch.utils.data.DataLoader(range(n), batch_size, shuffle=shuffle, drop_last=drop_last))"
    room.hand_in("reference", room.solved())
    room.hand_in("template", room.template)
    room.hand_in("honest", room.solved("honest/one_from_the_other"))
    room.hand_in("wrong", room.solved("misconceptions/epoch_divides_twice", "misconceptions/split_breaks_pairs"))
    head = "def minibatches(n, batch_size, shuffle=True, drop_last=False, generator=None):"
    room.hand_in("ready", room.edited("minibatches", f"{head}\n{loader}"))
    grades = room.grades(jobs=1)
    assert {g.status for g in grades.values()} == {Status.GRADED}
    scores = {name: float(g.score) for name, g in grades.items()}
    assert (scores["reference"], scores["honest"], scores["template"], scores["ready"]) == (39.0, 39.0, 0.0, 36.0)
    named = {e.id: e.diagnosis for e in grades["wrong"].exercises if e.diagnosis}
    assert named == {"train_epoch": "epoch-divides-twice", "split": "split-breaks-pairs"}


@pytest.mark.full
def test_no_pair_of_evaluate_has_a_false_name() -> None:
    """A pair that gives the very same answers as another pair may have that one's name, which is true too."""

    def kinds(rehearsal: Rehearsal) -> set[str]:
        rehearsal.remember("evaluate")
        return {kind for _, kind, _ in _tried(rehearsal, "evaluate")}

    found = answered("training", 2, kinds)
    assert "misleading" not in found
    assert found >= {"unique", "third"}
