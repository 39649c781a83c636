"""The demo's class, graded for real: right work has full marks, every known mistake is named as itself."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from autograder.authoring.demo import DemoReport, run_demo
from autograder.batch import SilentProgress
from autograder.feedback.schema import validate
from autograder.verdict import Status

pytestmark = [pytest.mark.sandbox, pytest.mark.full]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoReport:
    """The whole demo, run once."""
    (report,) = run_demo(tmp_path_factory.mktemp("demo") / "course", jobs=2, progress=SilentProgress())
    return report


def results(demo: DemoReport) -> Path:
    """Return the folder of results."""
    return demo.course.results_dir / "optimizers"


def test_every_verdict_is_as_it_should_be(demo: DemoReport) -> None:
    """No honest variant loses a point, no mistake goes undiagnosed, no hostile notebook harms another."""
    assert demo.surprises == ()


def test_the_class_has_at_least_sixty_notebooks(demo: DemoReport) -> None:
    """It shows honest styles, all misconceptions, and broken notebooks."""
    names = [g.student for g in demo.report.grades]
    assert len(names) >= 60
    assert sum(n.startswith("honest-") for n in names) >= 10
    assert sum(n.startswith("wrong-") for n in names) >= 45
    assert sum(n.startswith("broken-") for n in names) >= 7


def test_results_follow_the_published_schema(demo: DemoReport) -> None:
    """Every result file is valid, and says what the report says."""
    for grade in demo.report.grades:
        data = json.loads((results(demo) / f"{grade.student}.json").read_text(encoding="utf-8"))
        validate(data)
        assert data["score"] == pytest.approx(float(grade.score), abs=1e-4)


def test_the_summary_has_a_line_per_student(demo: DemoReport) -> None:
    """summary.csv agrees with the results."""
    with (results(demo) / "summary.csv").open(encoding="utf-8", newline="") as file:
        lines = {row["student"]: row for row in csv.DictReader(file)}
    assert len(lines) == len(demo.report.grades)
    assert lines["reference"]["score"] == "39"
    assert lines["broken-not-json"]["status"] == "rejected"
    assert "adam-swapped-betas" in lines["wrong-adam-swapped-betas"]["diagnoses"]


def test_nothing_hidden_reaches_a_student(demo: DemoReport) -> None:
    """Neither the reference's code nor a check's nor the seed stands in feedback or autograded notebooks."""
    secret = demo.assignment.secret_dir
    code = [
        line.strip()
        for path in [secret / "solution.py", *sorted((secret / "checks").glob("*.py"))]
        for line in path.read_text(encoding="utf-8").splitlines()
        if len(line.strip()) > 40
        and not line.strip().startswith(("def ", "class "))
        and not line.strip().startswith(('"""', "#"))
        and '"""' not in line
    ]
    assert len(code) > 100
    for page in demo.course.root.glob("feedback/*/optimizers/optimizers.html"):
        text = page.read_text(encoding="utf-8")
        # Most of these students wrote the reference except a line or two, and the page shows them their own code.
        handed = demo.course.root / "submitted" / page.parent.parent.name / "optimizers" / "optimizers.ipynb"
        own = handed.read_text(encoding="utf-8", errors="replace").replace('\\"', '"')
        assert not [line for line in code if line in text and line not in own]
        assert str(demo.report.seed) not in text
    untouched = demo.course.root / "autograded/untouched-stub/optimizers/optimizers.ipynb"
    text = untouched.read_text(encoding="utf-8")
    assert not [line for line in code if line in text]
    assert str(secret) not in text


def test_every_student_has_feedback(demo: DemoReport) -> None:
    """Rejected students too, with the reason."""
    for grade in demo.report.grades:
        page = demo.course.root / "feedback" / grade.student / "optimizers" / "optimizers.html"
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text
        if grade.status is Status.REJECTED:
            assert "could not be graded" in text


def test_autograded_notebooks_carry_outputs_and_the_report(demo: DemoReport) -> None:
    """Formgrader's notebook shows plots, prints and what the hidden checks found."""
    path = demo.course.root / "autograded/honest-plots-and-magics/optimizers/optimizers.ipynb"
    assert path.stat().st_mode & 0o777 == 0o444
    notebook = json.loads(path.read_text(encoding="utf-8"))
    kinds = {key for c in notebook["cells"] for o in c.get("outputs", ()) for key in o.get("data", ())}
    assert "image/png" in kinds
    texts = "".join("".join(o.get("text", "")) for c in notebook["cells"] for o in c.get("outputs", ()))
    assert "Hidden checks: 5 / 5 points" in texts
    errors = [o for c in notebook["cells"] for o in c.get("outputs", ()) if o["output_type"] == "error"]
    assert [e["ename"] for e in errors] == ["ZeroDivisionError"]


def test_nbgrader_exports_the_same_scores(demo: DemoReport) -> None:
    """The gradebook has every score, and the written question waits for a person."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{demo.course.root / 'gradebook.db'}") as gradebook:
        for grade in demo.report.grades:
            row = gradebook.find_submission("optimizers", grade.student)
            # Results are rounded to four digits, the gradebook is exact.
            assert row.score == pytest.approx(float(grade.score), abs=5e-5)
            assert row.max_score == 42
            # A notebook that runs out of time while other programs use the processors waits for a person too.
            looked_at = any(e.review for e in grade.exercises)
            assert row.needs_manual_grade == (looked_at or (grade.status is Status.GRADED and not grade.untouched))


def test_the_released_notebook_runs_in_a_plain_kernel(demo: DemoReport) -> None:
    """Run All reaches the end of the untouched release, where this package cannot be imported."""
    import nbformat
    from nbclient import NotebookClient

    released = demo.course.root / "release" / "optimizers" / "optimizers.ipynb"
    notebook = nbformat.read(released, as_version=4)
    alone = nbformat.v4.new_code_cell("import sys\nsys.modules['autograder'] = None")
    notebook.cells.insert(0, alone)
    NotebookClient(notebook, timeout=60, extra_arguments=["--IPKernelApp.log_level=ERROR"]).execute()
    printed = "".join(o.text for c in notebook.cells if c.cell_type == "code" for o in c.outputs if "text" in o)
    assert printed.count("is not implemented yet.") == 11
    source = released.read_text(encoding="utf-8")
    assert "SOLUTION" not in source
    assert "autograder" not in source
