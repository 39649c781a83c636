"""Structured formats: another program's reader reads them, or they fit the documented schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import junitparser
import pytest
from class_of_records import ODD, export, make_class
from gradebook_courses import copy_of
from hypothesis import given
from hypothesis import strategies as st
from tiny_course import TinyCourse

from autograder.feedback.export.gradescope import file_name

VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
#: The output format of https://gradescope-autograders.readthedocs.io/en/latest/specs/, without further keys.
GRADESCOPE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": FORMAT,
        "test_output_format": FORMAT,
        "test_name_format": FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "leaderboard": {"type": "array"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "name_format": FORMAT,
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": VISIBILITY,
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
    "required": ["score", "tests"],
}


@pytest.fixture(scope="module")
def graded(released: Path, tmp_path_factory: pytest.TempPathFactory) -> TinyCourse:
    """Make the class once; exports only read."""
    return make_class(copy_of(released, tmp_path_factory.mktemp("class") / "course"))


def test_gradescope_gets_a_file_per_student_by_its_schema(graded: TinyCourse, tmp_path: Path) -> None:
    """Scores of checks and of a person add up to the raw score; `score` is the raw score minus the penalty."""
    export(graded, "gradescope", tmp_path)
    found = {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in tmp_path.glob("*.json")}
    assert set(found) == {"ada", "bob", "rejected", *ODD}
    for data in found.values():
        jsonschema.validate(data, GRADESCOPE)
        assert all(test["visibility"] == "visible" for test in data["tests"])
    bob = found["bob"]
    assert (bob["score"], bob["extra_data"]["raw_score"], bob["extra_data"]["late_penalty"]) == (1.575, 1.75, 0.175)
    assert sum(test["score"] for test in bob["tests"]) == pytest.approx(1.75)
    assert sum(test["max_score"] for test in bob["tests"]) == pytest.approx(6, abs=1e-3)
    assert "Handed in 1 d after your deadline" in bob["output"]
    assert "\x1b" not in json.dumps(bob)
    assert bob["tests"][-1] | {"score": 0.5, "output": "Graded by hand."} == bob["tests"][-1]
    assert found["zoë"]["tests"][-1]["output"] == "Waits for your instructor."
    assert found["rejected"]["score"] == 0
    assert "=no & good <rejected>" in found["rejected"]["output"]


@given(st.text(st.characters(codec="utf-8")))
def test_any_id_has_a_file_name_in_the_folder(student: str) -> None:
    """Also an id that only a gradebook can hold."""
    name = file_name(student)
    assert Path(name).name == name
    assert not name.startswith("..")
    assert "\0" not in name
    assert len(name.encode()) <= 255


def test_junit_is_read_by_another_program(graded: TinyCourse, tmp_path: Path) -> None:
    """A suite per student; failures are the student's, errors the grader's, points are properties."""
    path = export(graded, "junit", tmp_path / "junit.xml").path
    suites = {suite.name: suite for suite in junitparser.JUnitXml.fromfile(str(path))}
    assert {"ada", "bob", "rejected", "ungraded", *ODD} == set(suites)
    bob = suites["bob"]
    assert (bob.tests, bob.failures, bob.errors, bob.skipped) == (8, 5, 0, 1)
    assert {p.name: p.value for p in bob.properties()} == {
        "status": "graded",
        "score": "1.75",
        "late_penalty": "0.175",
        "final_score": "1.575",
        "max_score": "6",
        "points.test_double": "0.25",
        "points.test_Counter": "1",
        "points.q_why": "0.5",
        "waiting": "",
        "diagnosis.double": "off-by-one",
    }
    outcomes = {(c.classname, c.name): [(type(r).__name__, r.type) for r in c.result] for c in bob}
    assert outcomes["double", "is_passed"] == []
    assert outcomes["double", "is_skipped"] == [("Skipped", None)]
    assert outcomes["double", "is_timeout"] == [("Failure", "timeout")]
    assert suites["rejected"].failures == 1
    assert (suites["ungraded"].errors, suites["ungraded"].failures) == (1, 0)
    assert [p.value for p in suites["ungraded"].properties()] == ["ungraded"]


def test_exports_of_the_same_class_are_the_same(graded: TinyCourse, tmp_path: Path) -> None:
    """Two runs give the same bytes, so a difference between two exports is a difference of grades."""
    for to in ("csv", "junit"):
        first = export(graded, to, tmp_path / "first").path.read_bytes()
        assert export(graded, to, tmp_path / "second").path.read_bytes() == first
