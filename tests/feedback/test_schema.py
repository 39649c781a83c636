"""The published schema describes what `Grade.to_json` writes; what earlier and later graders write is read."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import grade, hostile_grade

from autograder.batch.results import read_grade
from autograder.feedback.schema import declared_schema, result_schema, validate
from autograder.sentences import Sentence, say
from autograder.verdict import SCHEMA_MINOR, SCHEMA_VERSION, Grade, Lateness, Outcome, Status, StudentFault

#: Files as they were written before there was a `schema_minor`.
EARLIER = sorted(Path(__file__).with_name("earlier_results").glob("*.json"))
LATE = Lateness("2026-11-30T22:59:00+00:00", None, 0.0, Fraction(0), "score", Fraction(0))


def test_the_schema_is_one() -> None:
    """It is valid JSON schema, draft 2020-12."""
    jsonschema.Draft202012Validator.check_schema(result_schema())


@given(st.text())
def test_results_are_valid_and_come_back(text: str) -> None:
    """Any grade is valid, also after a trip through a file, and is read back as it was."""
    sample = hostile_grade(text)
    data = json.loads(json.dumps(sample.to_json()))
    validate(data)
    assert Grade.from_json(data) == sample


def test_what_a_result_depends_on_is_optional() -> None:
    """The digests are read back; anything else in their place is ignored."""
    sample = replace(hostile_grade("x"), depends={"": "ab", "adam_step": "cd.ef"})
    data = sample.to_json()
    validate(data)
    assert Grade.from_json(data) == sample
    odd: Any
    for odd in (1, None, [], {"": 1}):
        assert not Grade.from_json({**data, "depends": odd}).depends
        with pytest.raises(jsonschema.ValidationError):
            validate({**data, "depends": odd or 1})


def test_a_fault_in_our_words_comes_back_with_its_id() -> None:
    """An exception's text is the student's, or a sentence of ours that a file holds with its values."""
    sample = hostile_grade("x")
    (first, *others) = sample.exercises
    ours = StudentFault("ProcessEnded", say("sandbox.cell-ended-with-code", code=3))
    data = replace(sample, exercises=(replace(first, fault=ours), *others)).to_json()
    validate(data)
    found = Grade.from_json(data).exercises[0].fault
    assert found == ours
    assert isinstance(found.message, Sentence)
    assert found.message.values == {"code": 3}
    theirs = replace(sample, exercises=(replace(first, fault=StudentFault("X", "text")), *others)).to_json()
    assert "message_id" not in theirs["exercises"][0]["fault"]


@pytest.mark.parametrize("status", list(Status))
def test_every_status_is_valid(status: Status) -> None:
    """Rejected and ungraded results have no exercises, and are valid."""
    validate(grade(status=status, reason="why").to_json())


def _objects(data: Any) -> list[dict[str, Any]]:
    """Return every object in a result, the result itself first."""
    found: list[dict[str, Any]] = []
    if isinstance(data, dict):
        found.append(data)
        for value in data.values():
            found += _objects(value)
    elif isinstance(data, list):
        for value in data:
            found += _objects(value)
    return found


def full() -> dict[str, Any]:
    """Return a result with every key that there is."""
    return replace(hostile_grade("x"), depends={"": "ab"}, late=LATE).to_json()


def test_the_published_schema_is_the_declared_one() -> None:
    """Run `make schema` to write the file again after the classes of `autograder.verdict` have changed."""
    assert result_schema() == declared_schema()


def test_every_key_of_a_result_is_declared_and_required() -> None:
    """A missing key is an error anywhere, and each key is declared, so the schema always matches the code."""
    assert len(_objects(full())) == 10 + len(Outcome)
    optional = {"schema_minor", "depends", "late", ""}
    later = {"headline", "diagnoses", "unexplained", "picture", "alike", "changed", "question", "worked"}
    for place, described in enumerate(_objects(full())):
        # A fault has its line's text; an exercise may have that of its cell.
        for key in set(described) - optional - later - ({"source"} if "checks" in described else set()):
            data = full()
            del _objects(data)[place][key]
            with pytest.raises(jsonschema.ValidationError):
                validate(data)
    for key in optional - {""}:
        validate({k: v for k, v in full().items() if k != key})
    closed = json.loads(
        json.dumps(result_schema()).replace('"additionalProperties": true', '"additionalProperties": false')
    )
    jsonschema.validate(full(), closed)


def test_unknown_keys_are_allowed_and_ignored() -> None:
    """A key that a later version adds to any object is valid and is not read."""
    read = Grade.from_json(full())
    for place in range(len(_objects(full()))):
        data = full()
        if "" in _objects(data)[place]:
            continue  # the digests by exercise, whose keys are data
        _objects(data)[place]["surprise"] = {"of": ["a", "later", "version"]}
        validate(data)
        assert Grade.from_json(data) == read


def test_the_version_stands_first() -> None:
    """A reader sees at once which format it has, and which keys may be there."""
    data = grade().to_json()
    assert list(data.items())[:2] == [("schema", SCHEMA_VERSION), ("schema_minor", SCHEMA_MINOR)]


@pytest.mark.parametrize("path", EARLIER, ids=lambda path: path.stem)
def test_earlier_results_are_read_and_written_as_they_were(path: Path) -> None:
    """A file of an earlier version is read; written again, only its `schema_minor` is new."""
    text = path.read_text(encoding="utf-8")
    earlier = read_grade(json.loads(text))
    assert earlier is not None
    again = earlier.to_json()
    del again["schema_minor"]
    assert json.dumps(again, indent=1) + "\n" == text


def test_results_without_the_keys_that_came_later_are_read() -> None:
    """The first version wrote no digests, reviews and examples; its results are still valid."""
    data = full()
    for key in ("schema_minor", "fingerprint", "depends", "notes", "seconds", "late"):
        del data[key]
    for exercise in data["exercises"]:
        for key in ("review", "diagnosis_title", "evidence", "hint", "example", "fault"):
            del exercise[key]
        for one in exercise["checks"]:
            del one["title"], one["convention"]
    read = read_grade(data)
    assert read is not None
    assert read.score == hostile_grade("x").score
    assert [c.outcome for c in read.exercises[0].checks] == list(Outcome)


@pytest.mark.parametrize("key", sorted(set(full()) - {"schema", "schema_minor", "depends"}))
@pytest.mark.parametrize("value", [None, 1, -2.5, True, "text", [1], {"a": 1}], ids=repr)
def test_a_value_of_another_type_is_no_result(key: str, value: object) -> None:
    """Nothing is converted, and no value of another type gets into a grade."""
    accepted: set[type] = {type(full()[key])}
    accepted |= {int} if accepted == {float} else set()
    accepted |= {type(None)} if key in {"reason", "late"} else set()
    if type(value) not in accepted or isinstance(value, list | dict):
        assert read_grade(full() | {key: value}) is None


@pytest.mark.parametrize(
    ("place", "key"), [(p, k) for p, found in enumerate(_objects(full())) for k in found if "" not in found and p]
)
def test_a_value_of_another_type_is_no_result_further_down(place: int, key: str) -> None:
    """This also holds in an exercise, a check, an example, a fault and the lateness."""
    data = full()
    _objects(data)[place][key] = {"a": {}}
    assert read_grade(data) is None


@pytest.mark.parametrize("data", [{}, {"schema": 1}, full() | {"exercises": [None]}, full() | {"status": "passed"}])
def test_what_is_no_result_is_not_read(data: dict[str, Any]) -> None:
    """Examples are an empty object, an incomplete one, and one with another status."""
    assert read_grade(data) is None


def test_results_without_a_key_that_was_always_there_are_not_read() -> None:
    """No grader wrote them, so nobody gets or loses points by them."""
    for place, key in ((0, "reason"), (0, "exercises"), (0, "seed"), (1, "checks"), (1, "notes"), (2, "message")):
        data = full()
        objects = [data, data["exercises"][0], data["exercises"][0]["checks"][0]]
        del objects[place][key]
        assert read_grade(data) is None, key


def test_lone_surrogates_survive() -> None:
    """Half a character, which a student's exception may hold, is written and comes back."""
    sample = hostile_grade("a\ud800b")
    assert Grade.from_json(json.loads(json.dumps(sample.to_json()))) == sample


def test_results_are_declared_without_pydantic() -> None:
    """A process that only makes results does not load it; reading or writing the first one does."""
    program = "import sys, autograder.verdict\nassert 'pydantic' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)


def test_lateness_is_optional() -> None:
    """A result may have none; if it has one, all its keys are there."""
    data = grade(late=LATE).to_json()
    validate(data)
    for key in list(data["late"]):
        without = {k: v for k, v in data["late"].items() if k != key}
        for wrong in (without, None):
            with pytest.raises(jsonschema.ValidationError):
                validate(data | {"late": wrong})
