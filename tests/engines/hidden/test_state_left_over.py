"""Code outside the exercises costs no points: cells that stop, left-over state, time, names that checks use too."""

from __future__ import annotations

import pytest
from state_course import ALL, RIGHT, Notebook, Seen, grade_all

from autograder.feedback.schema import validate
from autograder.sandbox.spec import Tier
from autograder.verdict import Grade, Outcome

pytestmark = pytest.mark.sandbox

#: Cells that stop, by the grader's name for the cause.
STOPS = {
    "a missing package": (Notebook(top="import math\nimport lightning_bolts\nimport os"), "package-missing"),
    "a package of another name": (Notebook(top="from sklearn import datasets"), "package-missing"),
    "Colab": (Notebook(top="from google.colab import files\nup = files.upload()"), "colab"),
    "no GPU": (Notebook(middle="batch = torch.zeros(2).cuda()"), "no-gpu"),
    "no MPS": (Notebook(middle="net = torch.nn.Linear(1, 1).to('mps')"), "no-gpu"),
    "a newer Python": (Notebook(top="type Row = list[int]"), "newer-python"),
    "newer type parameters": (Notebook(top="def same[T](x: T) -> T:\n    return x\n"), "newer-python"),
    "no Python": (Notebook(middle="x = = 3\nhere = 1"), "syntax"),
    "an assertion": (Notebook(middle="assert double(2) == 5, 'hm'"), "assertion"),
    "a download": (Notebook(top="import urllib.request\nurllib.request.urlopen('http://localhost:9/x')"), "network"),
    "the keyboard": (Notebook(middle="rows = int(input('How many? '))"), "keyboard"),
    "a file": (Notebook(middle="text = open('measured.csv').read()"), "file-missing"),
    "a name": (Notebook(middle="plot(losses)"), "name"),
    "a stop elsewhere": (
        Notebook(top="import os\ndef load():\n    return open('measured.csv')", middle="load()"),
        "file-missing",
    ),
    "sys.exit": (Notebook(middle="import sys\nsys.exit(0)"), "exit"),
    "exit": (Notebook(top="exit()"), "exit"),
    "an end": (Notebook(middle="import os\nos._exit(0)"), "exit"),
    "a loop": (Notebook(middle="while True:\n    pass"), "time"),
    "a loop that goes on": (
        Notebook(middle="while True:\n    try:\n        while True: pass\n    except BaseException:\n        pass"),
        "time",
    ),
}
#: What the exercises' own cells do besides defining.
TRIALS = {
    "a trial that raises": Notebook(answers={"double": RIGHT["double"] + "\ndouble(None)\n"}),
    "a trial before the definition": Notebook(answers={"double": "print(double(3))\n" + RIGHT["double"]}),
    "a loop after the definition": Notebook(answers={"Counter": RIGHT["Counter"] + "\nwhile True:\n    pass"}),
    "an end after the definition": Notebook(answers={"Counter": RIGHT["Counter"] + "\nimport os\nos._exit(1)"}),
    "a line that is no Python": Notebook(answers={"double": RIGHT["double"] + "\n\nis this right?\n"}),
    "a timed cell": Notebook(answers={"double": "%%time\nimport nowhere_to_be_found\n" + RIGHT["double"]}),
}
#: Switches that are left behind.
SWITCHES = {
    name: Notebook(end=f"import torch, numpy as np\n{source}")
    for name, source in {
        "grad mode": "torch.set_grad_enabled(False)",
        "inference mode": "mode = torch.inference_mode()\nmode.__enter__()",
        "the default dtype": "torch.set_default_dtype(torch.float16)",
        "the default device": "torch.set_default_device('meta')",
        "a device's context": "torch.device('meta').__enter__()",
        "autocast": "cast = torch.autocast('cpu')\ncast.__enter__()",
        "determinism and threads": "torch.use_deterministic_algorithms(True)\ntorch.set_num_threads(3)",
        "numpy's errors": "np.seterr(all='raise')",
        "warnings": "import warnings\nwarnings.filterwarnings('error')",
        "the recursion limit": "import sys\nsys.setrecursionlimit(70)",
        "built-in names": "import builtins\nbuiltins.sum = builtins.float = None",
        "the working directory": "import os\nos.makedirs('gone')\nos.chdir('gone')\nos.rmdir('../gone')",
        "hooks": "torch.nn.modules.module.register_module_forward_hook(lambda *a: 1 / 0)",
        "saved tensors": "def no(x):\n    raise ValueError\n"
        "hooks = torch.autograd.graph.saved_tensors_hooks(no, no)\nhooks.__enter__()",
        "the locale and decimals": "import decimal\ndecimal.getcontext().prec = 1\ntorch.set_printoptions(precision=1)",
    }.items()
}
#: Names that finally mean something else, and the cell that a note names.
NAMES = {
    "a module's name": Notebook(end="torch = None"),
    "a built-in name": Notebook(end="sum = 0"),
    "names that a check uses": Notebook(end="p = w = float = None\ng = 3"),
    "a star import": Notebook(
        answers={"Counter": RIGHT["Counter"].replace("sum(row)", "sum(pow(v, 1) for v in row)")},
        end="from math import *",
    ),
    "a helper": Notebook(
        top="def half(x):\n    return x / 2",
        answers={"double": "import torch\n\ndef double(x):\n    return 4 * half(x)"},
        end="def half(x):\n    return x",
    ),
    "a constant": Notebook(
        top="TWO = 2", answers={"double": "import torch\n\ndef double(x):\n    return TWO * x"}, end="TWO = 3"
    ),
    "a switch that the code needs": Notebook(
        top="import torch\ntorch.set_default_dtype(torch.float64)",
        answers={
            "Counter": RIGHT["Counter"].replace(", dtype=x.dtype", "").replace("x - ones", "x - checked(ones)")
            + "\n\ndef checked(ones):\n    assert ones.dtype == torch.float64\n    return ones"
        },
    ),
}
#: Definitions that occur again.
AGAIN = {
    "a wrong one": Notebook(end="def double(x):\n    return 3 * x"),
    "no function": Notebook(end="double = torch.ones(3)"),
    "a deletion": Notebook(end="del double"),
    "a better one": Notebook(
        answers={"double": "import torch\n\ndef double(x):\n    return 3 * x"}, end="def double(x):\n    return x + x"
    ),
}
#: Code that takes long.
LONG = {
    "one long cell": Notebook(end="import time\ntime.sleep(70)"),
    "long cells to the end": Notebook(ends=("import time\ntime.sleep(70)",) * 12),
    "long cells before the exercises": Notebook(tops=("import time\ntime.sleep(70)",) * 12),
}
#: Wrong answers; each try has only the points that it earns alone.
WRONG = {
    "each half right": Notebook(
        answers={"Counter": "def Counter(x):\n    return x.sum(1) - 3 if x.abs().max() > 0.1 else None"},
        end="def Counter(x):\n    return x.sum(1) - 3 if x.abs().max() < 0.1 else None",
    ),
    "both wrong": Notebook(
        answers={"double": "def double(x):\n    return 3 * x"}, end="def double(x):\n    return 4 * x\ntorch = 1"
    ),
    "simply wrong": Notebook(answers={"double": "import torch\n\ndef double(x):\n    return 3 * x"}),
    "another form": Notebook(
        answers={"double": "import torch\n\ndef double(x):\n    return [float(v) * 2 for v in x]"}
    ),
    "a stub": Notebook(answers={"double": "def double(x):\n    raise NotImplementedError"}),
    "claims": Notebook(
        answers={"double": "import torch\n\ndef double(x):\n    return 3 * x"},
        end="import gc\nfor o in gc.get_objects():\n    if type(o).__name__ == 'Standing':\n"
        "        type(o).after_cell = lambda self, e: {'moved': [['double', 'double'], ['double', 'x'], ['no', 1], 3]"
        " * 400, 'switched': ['a' * 999] * 999}\n",
    ),
}
FULL = {**{k: v for k, (v, _) in STOPS.items()}, **TRIALS, **SWITCHES, **NAMES, **AGAIN}


@pytest.fixture(scope="module", params=[Tier.A, Tier.B], ids=["tier-A", "tier-B"])
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """Grade all of them in one tier."""
    return grade_all(tmp_path_factory.mktemp("state") / "course", request.param, {"right": Notebook(), **FULL, **WRONG})


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """Grade the notebooks that take long."""
    return grade_all(tmp_path_factory.mktemp("long") / "course", Tier.B, LONG)


@pytest.mark.parametrize("name", FULL)
def test_right_work_counts(seen: dict[str, Seen], name: str) -> None:
    """With any code around the exercises, they have their points."""
    assert seen[name].scores == ALL, seen[name].messages


@pytest.mark.parametrize("name", STOPS)
def test_the_first_stop_is_told(seen: dict[str, Seen], name: str) -> None:
    """Cell, line, text and cause stand in the results, which still fit their schema and can be read back."""
    grade = seen[name].grade
    assert grade.stop is not None
    assert grade.stop.kind == STOPS[name][1], grade.stop
    assert grade.stop.cell.startswith("cell ")
    assert grade.stop.cause
    validate(grade.to_json())
    assert Grade.from_json(grade.to_json()).stop == grade.stop


def test_a_stop_in_code_of_another_cell_names_both(seen: dict[str, Seen]) -> None:
    """The cell that stopped, and the line that raised."""
    stop = seen["a stop elsewhere"].grade.stop
    assert stop is not None
    assert (stop.line, stop.source) == (None, "return open('measured.csv')")
    assert stop.cell != stop.cause.partition("(in ")[2].partition(",")[0]
    assert stop.cause.endswith(", line 3)")


def test_the_stop_names_its_line(seen: dict[str, Seen]) -> None:
    """The line is the one that stopped, as the student wrote it."""
    stop = seen["a missing package"].grade.stop
    assert stop is not None
    assert (stop.position, stop.line, stop.source) == (1, 2, "import lightning_bolts")
    assert stop.cause == "it is not installed here: `pip install lightning_bolts`"


@pytest.mark.parametrize("name", ["right", *TRIALS, "a stub", "simply wrong"])
def test_an_exercise_is_no_stop(seen: dict[str, Seen], name: str) -> None:
    """An error in an exercise's own cell is told with the exercise."""
    assert seen[name].grade.stop is None
    assert "stop" not in seen[name].grade.to_json()


@pytest.mark.parametrize("name", ["right", *SWITCHES, "simply wrong", "another form", "a stub"])
def test_nothing_is_tried_twice_where_nothing_changed(seen: dict[str, Seen], name: str) -> None:
    """A switch that is set after the exercises is reset for all checks; no exercise needs another try."""
    assert set(seen[name].scenes) == {None}


def test_a_right_notebook_takes_one_copy(seen: dict[str, Seen]) -> None:
    """Taking notes needs no second copy."""
    assert seen["right"].scenes == (None,)
    assert seen["names that a check uses"].scenes == (None,)
    assert seen["a wrong one"].scenes == (None,)


@pytest.mark.parametrize("name", ["a module's name", "a built-in name", "a star import", "a helper", "a constant"])
def test_a_note_names_the_cell_that_gave_a_name_another_meaning(seen: dict[str, Seen], name: str) -> None:
    """So the student can see why it passes here."""
    assert "gives `" in seen[name].notes
    assert "Cell " in seen[name].notes


@pytest.mark.parametrize("name", ["a wrong one", "no function", "a better one"])
def test_a_note_says_which_definition_counts(seen: dict[str, Seen], name: str) -> None:
    """The cell is named, and whether its definition or the exercise's own counts."""
    assert "defines double again" in seen[name].notes
    assert ("That definition counts" in seen[name].notes) == (name == "a better one")


@pytest.mark.full
@pytest.mark.parametrize("name", LONG)
def test_checks_have_time_of_their_own(long: dict[str, Seen], name: str) -> None:
    """Experiments are stopped and reported, and cost nothing."""
    assert long[name].scores == ALL, long[name].messages
    assert "limit on time" in long[name].notes
    assert long[name].grade.seconds < 60


@pytest.mark.full
def test_a_notebook_that_used_up_its_time_is_told_so(long: dict[str, Seen]) -> None:
    """It also says how much time the cells after that had."""
    assert "used up its 6 s before cell" in long["long cells to the end"].notes


def test_two_halves_make_no_whole(seen: dict[str, Seen]) -> None:
    """Whole exercises are compared: checks that pass in different tries do not add up."""
    assert seen["each half right"].scores == {"double": 2.0, "Counter": 1.5}


@pytest.mark.parametrize("name", ["both wrong", "claims"])
def test_wrong_work_gains_nothing_by_other_tries(seen: dict[str, Seen], name: str) -> None:
    """At most three tries for an exercise, with any claims of a worker, and wrong work stays wrong."""
    assert seen[name].scores["double"] == seen["simply wrong"].scores["double"] < 1
    assert len([scene for scene in seen[name].scenes if scene is not None]) <= 2 * len(ALL)


def test_an_answer_of_another_form_is_not_called_an_error_of_the_students_code(seen: dict[str, Seen]) -> None:
    """The check failed to read it, not the notebook."""
    checks = seen["another form"].grade.exercises[0].checks
    assert not any("Your code raised" in c.message for c in checks)
    assert any("Your answer does not have the form that is asked for" in c.message for c in checks)
    assert all(c.outcome is not Outcome.ERROR for c in checks)
    assert seen["another form"].grade.exercises[0].fault is None
