"""`--to csv`: it has every id and a person's points, and no cell is a formula."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from class_of_records import ODD, export, make_class
from gradebooks import gradebook
from tiny_course import TinyCourse

from autograder.errors import UsageError


def rows_of(path: Path) -> dict[str, dict[str, str]]:
    """Return the lines by student."""
    with path.open(newline="", encoding="utf-8") as file:
        return {row["student"].removeprefix("'"): row for row in csv.DictReader(file, strict=True)}


def test_scores_manual_points_and_penalties_are_in_it(sqlite_course: TinyCourse, tmp_path: Path) -> None:
    """The penalty is a part of all points, also of the manual ones."""
    report = export(make_class(sqlite_course), "csv", tmp_path / "grades.csv")
    rows = rows_of(report.path)
    points = ("score", "late_penalty", "final_score", "max_score", "test_double", "test_Counter", "q_why")
    assert [rows["ada"][k] for k in points] == ["2", "0", "2", "6", "0.25", "1.25", "0.5"]
    # A tenth of 1.75 points; when the gradebook was written it was a tenth of 1.25.
    assert [rows["bob"][k] for k in points] == ["1.75", "0.175", "1.575", "6", "0.25", "1", "0.5"]
    assert [rows["rejected"][k] for k in points] == ["0", "0", "0", "6", "0", "0", "0"]
    assert [rows["ungraded"][k] for k in points] == [""] * len(points)
    assert [rows["zoë"][k] for k in ("q_why", "waiting", "score")] == ["", "q_why", "1.25"]
    assert (rows["bob"]["submitted"], rows["bob"]["status"]) == ("2026-03-02 12:00:00 UTC", "graded")
    assert (rows["ada"]["last_name"], rows["ada"]["email"]) == ("'=Lovelace, Countess", "ada@x.org")
    assert report.students == 3 + len(ODD)
    assert any("10 of 14 still wait" in note for note in report.notes)
    assert any("without new points: ungraded" in note for note in report.notes)


def test_every_id_comes_through_and_no_cell_is_a_formula(sqlite_course: TinyCourse, tmp_path: Path) -> None:
    """Commas, quotes, signs and other scripts, letter by letter; an apostrophe goes before a formula."""
    made = make_class(sqlite_course)
    with gradebook(made) as opened:
        opened.add_student('s"q')
        opened.db.commit()
    path = export(made, "csv", tmp_path / "grades.csv").path
    rows = rows_of(path)
    assert set(ODD) <= set(rows)
    assert rows["=1+1"]["student"] == "'=1+1"
    assert rows["007"]["student"] == "007"
    for row in rows.values():
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


def test_before_grading_there_is_nothing_to_export(sqlite_course: TinyCourse, tmp_path: Path) -> None:
    """The message says what to do first; the options are checked before."""
    with pytest.raises(UsageError, match="run `autograder grade tiny` first"):
        export(sqlite_course, "csv", tmp_path / "x.csv")
    with pytest.raises(UsageError, match="--to 'xml': there are csv, canvas"):
        export(sqlite_course, "xml", tmp_path / "x.csv")
    with pytest.raises(UsageError, match=r"--template FILE\. In Canvas"):
        export(sqlite_course, "canvas", tmp_path / "x.csv")
    with pytest.raises(UsageError, match="for canvas and moodle only"):
        export(sqlite_course, "junit", tmp_path / "x.xml", template=tmp_path)
