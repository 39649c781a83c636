"""The published schema describes what `Grade.to_json` writes, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import grade, hostile_grade

from autograder.feedback.schema import result_schema, validate
from autograder.verdict import Grade, Lateness, Outcome, Status


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
    """The digests come back where they stand; of anything else in their place nothing is believed."""
    sample = replace(hostile_grade("x"), depends={"": "ab", "adam_step": "cd.ef"})
    data = sample.to_json()
    validate(data)
    assert Grade.from_json(data) == sample
    odd: Any
    for odd in (1, None, [], {"": 1}):
        assert not Grade.from_json({**data, "depends": odd}).depends
        with pytest.raises(jsonschema.ValidationError):
            validate({**data, "depends": odd or 1})


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


def test_the_schema_is_closed() -> None:
    """One field more or one less, anywhere, is an error: the schema cannot fall behind the code."""
    places = len(_objects(hostile_grade("x").to_json()))
    assert places == 4 + len(Outcome)
    for place in range(places):
        data = hostile_grade("x").to_json()
        target = _objects(data)[place]
        target["surprise"] = 1
        with pytest.raises(jsonschema.ValidationError):
            validate(data)
        del target["surprise"]
        for key in list(target):
            value = target.pop(key)
            with pytest.raises(jsonschema.ValidationError):
                validate(data)
            target[key] = value
        validate(data)


def test_lateness_is_optional_and_closed() -> None:
    """A result has it or not; what is there is all that there may be."""
    late = Lateness("2026-11-30T22:59:00+00:00", None, 0.0, Fraction(0), "score", Fraction(0))
    data = grade(late=late).to_json()
    validate(data)
    for key in list(data["late"]):
        without = {k: v for k, v in data["late"].items() if k != key}
        for wrong in (without, data["late"] | {"surprise": 1}, None):
            with pytest.raises(jsonschema.ValidationError):
                validate(data | {"late": wrong})
