"""What is drawn, and which inputs an example changed: from public numbers, within limits, for any answer."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from autograder.checks.student import LocalTransport, Student
from autograder.course.assignment import PictureOf
from autograder.engines.hidden.alike import digest_of
from autograder.engines.hidden.diagnosis import Trace
from autograder.engines.hidden.pictures import picture_of
from autograder.engines.hidden.watched import watched
from autograder.feedback.pictures import picture_view
from autograder.sentences import Sentence
from autograder.verdict import Curve, Picture

PATH, CURVE, HISTOGRAM = (PictureOf.model_validate({"kind": k}) for k in ("path", "curve", "histogram"))
PLACE = "course.descent/assignment.toml:step.picture"
NONE = Sentence()
DUE = torch.tensor([[2.0, 1.0], [1.0, 0.5], [0.5, 0.25]])


def test_a_path_holds_both() -> None:
    """Points of the student's beside the right ones; where both are the same there is nothing to see."""
    found = picture_of(PATH, 2 * DUE, DUE, PLACE)
    assert found is not None
    assert found.curves[0].yours == ((4.0, 2.0), (2.0, 1.0), (1.0, 0.5))
    assert found.curves[0].expected[-1] == (0.5, 0.25)
    assert picture_of(PATH, DUE.clone(), DUE, PLACE) is None


@pytest.mark.parametrize("kind", [PATH, CURVE, HISTOGRAM])
@pytest.mark.parametrize(
    "odd",
    [None, "text", [], [[]], {}, {"": "x"}, torch.zeros(0), torch.zeros(3, 2, 2), torch.zeros(200_000),
     [1, "a", None], torch.full((3, 2), math.nan), [10**400], [True], torch.ones(3, dtype=torch.complex64),
     [torch.ones(2), torch.ones(3)]],
    ids=lambda o: str(o)[:20],
)  # fmt: skip
def test_an_odd_answer_has_no_picture(kind: PictureOf, odd: Any) -> None:
    """For any answer of a student's code, nothing is drawn or raised."""
    assert picture_of(kind, odd, DUE if kind is PATH else torch.linspace(0, 1, 100), PLACE) is None


def test_curves_are_few_and_short() -> None:
    """A dict has a curve for each entry that is wrong, four at most, of 61 points at most."""
    due = {f"loss {i}": torch.linspace(0, 1, 10_000) for i in range(9)}
    found = picture_of(CURVE, {k: v if k == "loss 0" else v + 1 for k, v in due.items()}, due, PLACE)
    assert found is not None
    assert [c.label for c in found.curves] == ["loss 1", "loss 2", "loss 3"]
    assert all(len(c.yours) == len(c.expected) == 61 for c in found.curves)
    assert found.curves[0].yours[0] == (0.0, 1.0)
    assert found.curves[0].yours[-1] == (9999.0, 2.0)


def test_the_texts_of_a_picture_have_the_ids_of_their_places() -> None:
    """Its title and axes stand in `assignment.toml`; the label of a curve is what the example calls it."""
    spec = PictureOf(kind="curve", title="The losses", x="step")
    found = picture_of(spec, {"noisy": torch.ones(3)}, {"noisy": torch.zeros(3)}, PLACE)
    assert found is not None
    texts = (found.title, found.x, found.y, found.curves[0].label)
    assert texts == ("The losses", "step", "", "noisy")
    assert [t.id for t in texts] == [f"{PLACE}.title", f"{PLACE}.x", "", f"{PLACE}.noisy"]


def test_a_path_ends_where_it_is_no_number() -> None:
    """Points after NaN or infinity are not drawn."""
    mine = torch.tensor([[2.0, 1.0], [math.inf, 0.5], [1.0, 1.0]])
    found = picture_of(PATH, mine, DUE, PLACE)
    assert found is not None
    assert found.curves[0].yours == ((2.0, 1.0),)


def test_a_histogram_is_for_another_law() -> None:
    """Two samples of one law have no picture; a sample of another law has one, in shares."""
    source = torch.Generator().manual_seed(1)
    due, same = (torch.rand(64, 64, generator=source) * 2 - 1 for _ in range(2))
    assert picture_of(HISTOGRAM, same, due, PLACE) is None
    found = picture_of(HISTOGRAM, same.abs(), due, PLACE)
    assert found is not None
    assert sum(y for _, y in found.curves[0].yours) == pytest.approx(1)
    assert all(y == 0 for x, y in found.curves[0].yours if x < -0.1)


def test_a_drawing_escapes_and_stays_within_bounds() -> None:
    """Labels become text, huge numbers leave the frame, and words replace what nobody could see."""
    far = tuple((float(i), 10.0 ** (30 * i)) for i in range(9))
    picture = Picture(
        "path",
        Sentence("<b>"),
        Sentence("<i>"),
        Sentence('"&'),
        (Curve(Sentence("<script>"), far, ((0.0, 1.0), (8.0, 2.0))),),
    )
    view = picture_view(picture)
    assert view is not None
    assert view.leaves
    ((label, drawn),) = view.panels
    assert label == "<script>"
    assert "<script>" not in drawn
    assert "<i>" not in drawn
    assert "Yours goes in 9 points" in drawn
    assert "e+" not in drawn.partition(">")[2]
    assert len(drawn) < 20_000


@pytest.mark.parametrize("points", [(), ((math.nan, 1.0),), ((math.inf, 0.0),)])
def test_without_numbers_nothing_is_drawn(points: tuple[tuple[float, float], ...]) -> None:
    """A result that was made by hand draws nothing either."""
    assert picture_view(Picture("path", NONE, NONE, NONE, (Curve(NONE, points, ((0.0, 0.0),)),))) is None


def test_one_point_is_drawn() -> None:
    """A range without width still has a frame."""
    for kind in ("path", "curve", "histogram"):
        assert picture_view(Picture(kind, NONE, NONE, NONE, (Curve(NONE, ((0.0, 0.0),), ((0.0, 0.0),)),))) is not None


# -- changed inputs ----------------------------------------------------------------------------------------

EXAMPLE = """
p, g = torch.tensor([1.0, 2.0]), torch.tensor([0.5, -1.0])
lr = 0.1
step(p, g, lr)
"""


def student(step: Any) -> Student:
    """Return a stand-in for code with this function."""
    return Student(LocalTransport({"step": step, "torch": torch}))


def test_a_changed_input_is_seen_before_and_after() -> None:
    """The answer stays the example's own; of the inputs, only the changed one is shown."""
    watch = watched(EXAMPLE, "step", student(lambda p, g, lr: p - lr * g))
    assert list(watch.before) == ["p", "g"]
    answer, changed = watch.apart(student(lambda p, g, lr: p.sub_(lr * g)).tools.example(watch.source))
    assert torch.allclose(answer, torch.tensor([0.95, 2.1]))
    assert list(changed) == ["p"]
    assert torch.allclose(changed["p"], torch.tensor([0.95, 2.1]))
    answer, changed = watch.apart(student(lambda p, g, lr: p - lr * g).tools.example(watch.source))
    assert not changed


def test_what_the_reference_changes_is_not_watched() -> None:
    """A function that works in place keeps its example as it is."""
    watch = watched(EXAMPLE, "step", student(lambda p, g, lr: p.sub_(lr * g)))
    assert list(watch.before) == ["g"]
    assert watched("step(1)", "step", student(lambda x: x)).source == "step(1)"


@pytest.mark.parametrize("odd", [None, (1,), (1, 2), (1, (2,)), (1, [1, 2])])
def test_an_odd_answer_changes_nothing(odd: Any) -> None:
    """An answer of another form is returned as it came."""
    watch = watched(EXAMPLE, "step", student(lambda p, g, lr: p - lr * g))
    answer, changed = watch.apart(odd)
    assert not changed
    assert answer in (odd, 1)


# -- digests -----------------------------------------------------------------------------------------------


def test_equal_answers_have_equal_digests() -> None:
    """Rounding makes no difference, another number does; exercises that passed do not count."""
    x = torch.linspace(0.1, 1, 7, dtype=torch.float64)

    def digest(value: Any, passed: Any = 1) -> str | None:
        return digest_of([Trace("a", passed=False, answers=(value,)), Trace("b", passed=True, answers=(passed,))])

    assert digest(x) == digest(x * (1 + 1e-12)) == digest(x, passed=2)
    found = {digest(v) for v in (x, 2 * x, x.float()[:3], x[0].item(), "text", 3, None, torch.tensor([1, 2]), math.nan)}
    assert len(found) == 9
    assert digest_of([Trace("b", passed=True, answers=(1,))]) is None
