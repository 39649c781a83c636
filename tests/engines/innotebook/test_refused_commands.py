"""What is refused in notebooks graded by their own tests: an answer goes on, a test ends."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction

import nbformat
import pytest
from nbgrader_samples import code, exercise, notebook_of

from autograder.engines.innotebook.rules import Rules, score_cell
from autograder.engines.innotebook.run_notebook import cells_to_run, run_notebook, with_outputs
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.probe import choose_tier
from autograder.sandbox.session import SessionLimits
from autograder.sandbox.spec import Tier, WorkerLimits

pytestmark = pytest.mark.sandbox

LIMITS = SessionLimits(
    cell_s=20,
    check_s=5,
    submission_s=60,
    output_bytes=300_000,
    worker=WorkerLimits(memory_bytes=3 << 30, cpu_s=60, file_bytes=8 << 20, processes=16),
)
NBGRADERS = Rules(stderr_fails=True)


@pytest.fixture(scope="module")
def warm() -> Iterator[ZygoteProcess]:
    """Run workers as this machine can."""
    with ZygoteProcess(choose_tier(Tier.C).tier, libraries=()) as zygote:
        yield zygote


def points(zygote: ZygoteProcess, answer: str, tests: Sequence[str], *, stop_at_error: bool = False) -> list[float]:
    """Run a notebook and return the points of its test cells, two at most for each."""
    notebook = nbformat.reads(json.dumps(exercise(answer, tests)), as_version=4)
    outcomes = run_notebook(zygote, LIMITS, cells_to_run(notebook), stop_at_error=stop_at_error).outcomes
    with_outputs(notebook, outcomes)
    scores = [score_cell(cell, NBGRADERS).points for cell in notebook.cells[1:]]
    return [float(Fraction(score)) for score in scores if score is not None]


ANSWERS = {
    "pip": "!pip install -q numpy\n",
    "pip by a magic": "%pip install numpy\n",
    "an extension": "%load_ext lab_black\n",
    "a magic": "%nb_black\n",
    "a cell magic": "%%memit\n",
    "a window": "%matplotlib qt\nimport matplotlib\nmatplotlib.use('TkAgg')\n",
    "a breakpoint": "breakpoint()\n",
    "an exit": "quit()\n",
}


@pytest.mark.parametrize("stop_at_error", [False, True], ids=["goes-on", "allow_errors-false"])
@pytest.mark.parametrize("habit", ANSWERS.values(), ids=ANSWERS.keys())
def test_an_answer_goes_on(warm: ZygoteProcess, habit: str, *, stop_at_error: bool) -> None:
    """Its points are those of the function below the refused command, even if cells end at their first error."""
    answer = f"{habit}def double(x):\n    return 2 * x"
    assert points(warm, answer, ["assert double(2) == 4", "assert double(2) == 5"], stop_at_error=stop_at_error) == [
        2,
        0,
    ]


TESTS = {
    "a script": "%%bash\ntest -f result.txt",
    "a program": "!diff expected.txt result.txt",
    "a magic": "%run_tests answer",
    "a cell magic": "%%ipytest\ndef test_double():\n    assert double(2) == 5",
    "a file that is not there": "%run check_answer.py",
    "within a function": "def said():\n    return !python answer.py\nsaid()",
}


@pytest.mark.parametrize("test", TESTS.values(), ids=TESTS.keys())
def test_a_test_that_needs_what_is_refused_gives_no_points(warm: ZygoteProcess, test: str) -> None:
    """It has tested nothing, and the page shows why."""
    assert points(warm, "def double(x):\n    return 2 * x", [test, "assert double(2) == 4"]) == [0, 2]


def test_a_person_grades_an_answer_that_goes_on(warm: ZygoteProcess) -> None:
    """A cell that is answer and question at once, and waits for a person, is no test."""
    cell = code("!ls | wc\nx = 1", "essay", points=2, solution=True)
    notebook = nbformat.reads(json.dumps(notebook_of([cell])), as_version=4)
    (outcome,) = run_notebook(warm, LIMITS, cells_to_run(notebook), stop_at_error=False).outcomes.values()
    assert outcome.fault is None
    assert "was not run" in str(outcome.outputs)
