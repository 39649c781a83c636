"""Files from other systems are filled in, and those systems can still read them."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from class_of_records import ODD, export, make_class
from gradebook_courses import copy_of
from tiny_course import TinyCourse

from autograder.errors import UsageError

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Essay (11),Tiny (12),Current Score,Final Score
,,,,,Manual Posting,,,
    Points Possible,,,,,10,6,(read only),(read only)
"Lovelace, Ada",4711,,lady,Monday,9,1,90,80
"=cmd()",2,=evil,bob,Monday,8,,80,70
"O'Neill, X",3,"o'neill, x",on@x.org,"Monday and Tuesday",7,,70,60
Zoë,4,,zoë,,,5.5,,
Twin One,5,twin,007,,,,,
Twin Two,6,twin2,007,,,,,
"Student, Test",7,,f00,Monday,,3,,
"""
MOODLE = """\
Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum Grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
Participant 101,"Ada, Countess",,ada@x.org,"Submitted for grading",,100.00,Yes,"Sunday, 1 March 2026, 11:00 AM",-,
Participant 102,=evil(),bob,bob@x.org,"Submitted, 1 day late",3.00,100.00,Yes,-,-,old
Participant 103,"Nobody Known",n,n@x.org,"No submission",7.00,100.00,Yes,-,-,kept
Participant 007,"The Number",,b@x.org,-,,100.00,Yes,-,-,
"""


@pytest.fixture(scope="module")
def graded(released: Path, tmp_path_factory: pytest.TempPathFactory) -> TinyCourse:
    """Make the class once; exports only read."""
    return make_class(copy_of(released, tmp_path_factory.mktemp("class") / "course"))


def filled(graded: TinyCourse, to: str, tmp_path: Path, text: str, **options: object) -> list[list[str]]:
    """Return the filled file's lines."""
    template, output = tmp_path / "downloaded.csv", tmp_path / "filled.csv"
    template.write_bytes(text.encode("utf-8-sig"))
    export(graded, to, output, template=template, **options)
    assert template.read_bytes() == text.encode("utf-8-sig")
    return list(csv.reader(io.StringIO(output.read_text(encoding="utf-8")), strict=True))


def test_canvas_gets_the_assignments_column_and_only_rows_with_points(graded: TinyCourse, tmp_path: Path) -> None:
    """Students are found by ID, SIS ids or login; students who share a login get nothing, and are named."""
    lines = filled(graded, "canvas", tmp_path, CANVAS)
    assert lines == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Tiny (12)"],
        ["    Points Possible", "", "", "", "", "6"],
        ["Lovelace, Ada", "4711", "", "lady", "Monday", "2"],
        ["'=cmd()", "2", "'=evil", "bob", "Monday", "1.575"],
        ["O'Neill, X", "3", "o'neill, x", "on@x.org", "Monday and Tuesday", "1.25"],
        ["Zoë", "4", "", "zoë", "", "1.25"],
    ]
    report = export(graded, "canvas", tmp_path / "again.csv", template=tmp_path / "downloaded.csv")
    absent, doubtful = report.findings
    assert "No row in" in absent
    assert "王小明" in absent
    assert re.search(r"More than one row.*: 007\.", doubtful)


def test_canvas_reads_what_is_written(graded: TinyCourse, tmp_path: Path) -> None:
    """By the rules of its importer: where names and ids stand, where `Section` ends them, whose row is whose."""
    header, *rows = filled(graded, "canvas", tmp_path, CANVAS)
    assert len(header) > 3
    assert "Student" in header[0]
    assert "ID" in header[1]
    assert re.search(r"SIS\s+User\s+ID", header[2])
    assert re.search(r"SIS\s+Login\s+ID", header[3])
    assert "Section" in header[4]
    students = [row for row in rows if "Points Possible" not in row[0]]
    assert all(row[1].isdigit() for row in students)
    # An empty cell would delete an existing score.
    assert all(re.fullmatch(r"\d+(\.\d+)?", row[5]) for row in students)


def test_canvas_with_semicolons_stays_so(graded: TinyCourse, tmp_path: Path) -> None:
    """Canvas writes semicolons if its user's language has decimal commas."""
    text = "Student;ID;SIS Login ID;Section;Tiny (12)\nBob;2;bob;;\n"
    filled(graded, "canvas", tmp_path, text)
    assert (tmp_path / "filled.csv").read_text(encoding="utf-8").splitlines()[1] == "Bob;2;bob;;1.575"


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        (CANVAS.replace("Tiny (12)", "Other (12)"), None, r"0 columns for 'Tiny' or 'tiny'.*'Essay \(11\)', 'Other"),
        (CANVAS.replace("Essay (11)", "tiny (11)"), None, "2 columns for 'Tiny' or 'tiny'"),
        (CANVAS, "Final", "0 columns for 'Final'"),
        (CANVAS.replace(",10,6,", ",10,(read only),"), None, r"lets nobody write the column 'Tiny \(12\)'"),
        ("Name,Points\nbob,1\n", None, "needs the columns ID and Section"),
        ("nothing\n", None, "no header with several columns"),
        ('a,"b\n', None, "is no CSV"),
    ],
)
def test_a_file_that_does_not_fit_canvas_is_named(
    graded: TinyCourse, tmp_path: Path, text: str, column: str | None, said: str
) -> None:
    """Nothing is written, and the message says what to do."""
    with pytest.raises(UsageError, match=said):
        filled(graded, "canvas", tmp_path, text, column=column)
    assert not (tmp_path / "filled.csv").exists()


def test_canvas_columns_can_be_named(graded: TinyCourse, tmp_path: Path) -> None:
    """By title, by number, or as the header says."""
    text = CANVAS.replace("Essay (11)", "tiny (11)")
    for column in ("tiny", "11", "tiny (11)"):
        assert filled(graded, "canvas", tmp_path, text, column=column)[0][-1] == "tiny (11)"


def test_moodle_gets_grades_and_feedback_and_nothing_else_changes(graded: TinyCourse, tmp_path: Path) -> None:
    """Students are found by e-mail address, ID number or participant; other rows stay as they are."""
    header, ada, bob, nobody, seven = filled(graded, "moodle", tmp_path, MOODLE)
    before = list(csv.reader(io.StringIO(MOODLE)))
    assert header == before[0]
    assert nobody == before[3]
    assert ada[:5] + ada[6:10] == before[1][:5] + before[1][6:10]
    assert [row[5] for row in (ada, bob, seven)] == ["2", "1.575", "1.25"]
    assert bob[1] == "'=evil()"
    assert bob[9] == "-"
    assert bob[10].startswith("1.575 of 6 points (1.75 less 0.175 for being late)<br>Handed in 1 d after your deadline")
    assert "<br>Double: 0.25 of 2. One too many.<br>" in bob[10]
    assert seven[10].endswith("Why: waits for your instructor of 1")


def test_moodle_reads_what_is_written(graded: TinyCourse, tmp_path: Path) -> None:
    """Its importer finds three columns by name, and the participant's number after the first word."""
    header, *rows = filled(graded, "moodle", tmp_path, MOODLE)
    assert {"Identifier", "Grade", "Last modified (grade)"} <= set(header)
    assert all(row[0][len("Participant ") :].isdigit() for row in rows)
    assert all(len(row) == len(header) for row in rows)


def test_a_worksheet_in_another_language_needs_the_columns_names(graded: TinyCourse, tmp_path: Path) -> None:
    """Its headers stay as they are; the message lists the columns."""
    german = MOODLE.replace("Grade,", "Bewertung,").replace("Feedback comments", "Feedback als Kommentar")
    german = german.replace("Participant", "Teilnehmer/in").replace("Maximum Bewertung", "Bestwertung")
    with pytest.raises(UsageError, match=r"--column; there are: .*'Bewertung'"):
        filled(graded, "moodle", tmp_path, german)
    lines = filled(graded, "moodle", tmp_path, german, column="Bewertung", feedback_column="Feedback als Kommentar")
    assert lines[0] == next(csv.reader(io.StringIO(german)))
    assert lines[4][5] == "1.25"
    report = export(graded, "moodle", tmp_path / "x.csv", template=tmp_path / "downloaded.csv", column="Bewertung")
    assert any("no feedback was written" in f for f in report.findings)


def test_what_could_not_be_written_to_moodle_is_told(graded: TinyCourse, tmp_path: Path) -> None:
    """Students without a row, and another maximum."""
    filled(graded, "moodle", tmp_path, MOODLE)
    report = export(graded, "moodle", tmp_path / "x.csv", template=tmp_path / "downloaded.csv")
    absent, maximum = report.findings
    assert all(student in absent for student in {"rejected", *ODD} - {"007", "two  spaces"})
    assert "bob" not in absent
    assert maximum == "Moodle's maximum is 100.00 points, the assignment's 6; set it to 6 there."
