"""What a notebook asks for and cannot have: one line says so, and the cell goes on, in each tier."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograder.sandbox.host import Worker

pytestmark = pytest.mark.sandbox

Run = Callable[[str], dict[str, Any]]
NO_PROGRAMS = "no other program can be started here"
NO_INSTALLING = "nothing can be installed here"
NOT_AVAILABLE = "this magic command is not available here"


def printed(answer: dict[str, Any], name: str) -> str:
    """Return what a cell printed to one of its streams."""
    return "".join(o["text"] for o in answer["outputs"] if o.get("name") == name)


def results(answer: dict[str, Any]) -> list[str]:
    """Return the results that a cell showed."""
    return [o["data"]["text/plain"] for o in answer["outputs"] if o["output_type"] == "execute_result"]


#: What stands in a cell, and why it is not done. After each of them the cell goes on.
LINES = {
    "a program": ("!wget https://example.org/data.zip", NO_PROGRAMS),
    "a program through a pipe": ("!ls -la | grep data", NO_PROGRAMS),
    "a program with its output elsewhere": ("!ls missing 2> errors.txt", NO_PROGRAMS),
    "a program with a shell's variable": ("!echo $$HOME", NO_PROGRAMS),
    "a file command and a program": ("!mkdir -p data && unzip data.zip", NO_PROGRAMS),
    "a program, its output kept": ("lines = !nvidia-smi\nassert lines == [] and lines.n == ''", NO_PROGRAMS),
    "a program, its output as a text": ("get_ipython().getoutput('git log', split=False).upper()", NO_PROGRAMS),
    "a program by a call": ("get_ipython().system('git clone https://example.org/x')", NO_PROGRAMS),
    "a program without a pipe": ("get_ipython().system_raw('git clone https://example.org/x')", NO_PROGRAMS),
    "a program by a magic": ("%system nvcc --version", NO_PROGRAMS),
    "a program by its short magic": ("found = %sx which python\nassert found == []", NO_PROGRAMS),
    "a program by an alias": ("%alias count wc -l\n%count file.txt", NO_PROGRAMS),
    "a program in a loop": ("for name in ('a', 'b'):\n    !wget {name}.zip", NO_PROGRAMS),
    "pip in a shell": ("!pip install -q torchsummary", NO_INSTALLING),
    "pip of this Python": ("import sys\n!{sys.executable} -m pip install torchinfo", NO_INSTALLING),
    "apt": ("!apt-get install -y graphviz", NO_INSTALLING),
    "pip": ("%pip install torchinfo --quiet", NO_INSTALLING),
    "conda": ("%conda install -y -c conda-forge rich", NO_INSTALLING),
    "mamba": ("%mamba install rich", NO_INSTALLING),
    "uv": ("%uv pip install rich", NO_INSTALLING),
    "pip by a call": ("get_ipython().run_line_magic('pip', 'install rich')", NO_INSTALLING),
    "an extension that is not installed": ("%load_ext lab_black", "No module named 'lab_black'"),
    "an extension to be loaded again": ("%reload_ext tensorboard", "No module named 'tensorboard'"),
    "a magic that is not installed": ("%tensorboard --logdir runs", NOT_AVAILABLE),
    "a magic of no arguments": ("%lab_black", NOT_AVAILABLE),
    "a magic of the screen": ("%autosave 60", NOT_AVAILABLE),
    "a cell magic that is not first": ("y = 1\n%%time", NOT_AVAILABLE),
    "an unknown variable of the environment": ("%env NO_SUCH_VARIABLE", "Environment does not have key"),
    "a setting of nothing": ("%config NoSuchClass = 1", "NoSuchClass"),
    "a script that is not there": ("%run helper.py", "helper.py"),
    "a text that is not there": ("%load helper.py", "helper.py"),
    "the debugger": ("%debug", "nobody can answer it"),
    "a debugger at each error": ("%pdb on", "nobody can answer it"),
    "a breakpoint": ("breakpoint()", "nobody can answer it"),
    "a breakpoint of old": ("import pdb; pdb.set_trace()", "nobody can answer it"),
    "pip as converted notebooks say it": ("get_ipython().magic('pip install rich')", NO_INSTALLING),
    "a remark after a magic": ("%matplotlib inline  # plots below", "unrecognized arguments"),
    "an exit": ("quit()", "the whole notebook is graded"),
}


@pytest.mark.parametrize(("line", "why"), LINES.values(), ids=LINES.keys())
def test_a_line_that_is_refused_says_so_and_the_cell_goes_on(run: Run, line: str, why: str) -> None:
    """The statements before and after it are run, and the shell's local names work."""
    answer = run(f"x = 1\n{line}\nprint(x + 1)")
    assert answer["error"] is None
    assert "2\n" in printed(answer, "stdout")
    assert why in printed(answer, "stderr")
    assert "was not run" in printed(answer, "stderr")
    assert not [o for o in answer["outputs"] if o["output_type"] == "error"]


@pytest.mark.parametrize("line", ["pip install torchinfo", "conda install rich", "!!git status", "exit"])
def test_a_cell_of_one_line_may_do_without_its_sign(run: Run, line: str) -> None:
    """As in Jupyter, `pip install x` alone in a cell is a magic."""
    answer = run(line)
    assert answer["error"] is None
    assert line == "exit" or "was not run" in printed(answer, "stderr")


CELLS = {
    "bash": ("%%bash\npython train.py | tee log.txt", NO_PROGRAMS),
    "sh": ("%%sh\nunzip data.zip", NO_PROGRAMS),
    "a shell, its output kept": ("%%bash --out text --err more\necho $(date)", NO_PROGRAMS),
    "a script that skips": ("%%script false --no-raise-error\nnever = 1", NO_PROGRAMS),
    "perl": ("%%perl\nprint 1;", NO_PROGRAMS),
    "another Python": ("%%python3\nnever = 1", NO_PROGRAMS),
    "all in a shell": ("%%!\ngit status", NO_PROGRAMS),
    "what is no Python": ("%%sql\nselect * from data", NOT_AVAILABLE),
    "what is there to be skipped": ("%%skip\nnever = 1", NOT_AVAILABLE),
}


@pytest.mark.parametrize(("cell", "why"), CELLS.values(), ids=CELLS.keys())
def test_a_cell_in_another_language_stops_whole(run: Run, cell: str, why: str) -> None:
    """One line says so; nothing of the cell is run, and a captured output is empty."""
    answer = run(cell)
    assert answer["error"] is None
    assert why in printed(answer, "stderr")
    after = run("print('never' in globals(), globals().get('text', ''), globals().get('more', ''))")
    assert printed(after, "stdout") == "False  \n"


@pytest.mark.parametrize("magic", ["%%time", "%%timeit -n1 -r1", "%%capture", "%%prun", "%%memit", "%%lprun -f f f()"])
def test_a_cell_magic_over_python_runs_it(run: Run, magic: str) -> None:
    """An exercise counts beneath a magic that only looks on, installed or not; only `%%timeit` keeps no names."""
    answer = run(f"{magic}\ndef half(x):\n    return x / 2\nseen = [half(2)]\nprint(seen)")
    assert answer["error"] is None
    after = run("print(half(4))")
    if "timeit" not in magic:
        assert printed(after, "stdout") == "2.0\n"


@pytest.mark.parametrize("magic", ["%%memit", "%%heat", "%%debug"])
def test_an_error_beneath_a_magic_that_is_not_here_has_its_line(run: Run, magic: str) -> None:
    """Lines are counted as the student sees them."""
    answer = run(f"{magic}\n\nx = 1\nraise ValueError(x)")
    assert (answer["error"]["cell"], answer["error"]["line"]) == ("cell 1", 4)
    assert "was not run" in printed(answer, "stderr")


@pytest.mark.parametrize(
    "timed",
    [
        "%time half(0)",
        "%timeit -n1 -r1 half(0)",
        "x = %time half(0)",
        "%prun half(0)",
        "%alias_magic t time\n%t half(0)",
    ],
)
def test_an_error_in_what_a_magic_runs_is_the_students(run: Run, timed: str) -> None:
    """It stops the cell, and names the line where it was raised."""
    answer = run(f"def half(x):\n    return 1 / x\n{timed}\nprint('on')")
    assert answer["error"]["type"] == "ZeroDivisionError"
    assert answer["error"]["line"] == 2
    assert "on" not in printed(answer, "stdout")


def test_an_error_in_a_magic_of_the_notebook_is_the_students(run: Run) -> None:
    """Only IPython's own magics are passed by."""
    define = "from IPython.core.magic import register_line_magic\n@register_line_magic\ndef mine(line):\n    1 / 0"
    answer = run(f"{define}\n%mine\nprint('on')")
    assert answer["error"]["type"] == "ZeroDivisionError"


def test_the_same_refusal_is_said_once(run: Run) -> None:
    """A loop that asks a thousand times does not flood the page."""
    answer = run("for i in range(1000):\n    !wget data.zip\n    !wget {i}.zip")
    assert printed(answer, "stderr").count("wget data.zip") == 1
    assert len(printed(answer, "stderr").splitlines()) < 15


@pytest.mark.parametrize(
    "line", ["!rm results.txt; git push", "%run missing.py", "%nothing", "!pip install x", "exit()"]
)
def test_a_cell_that_tests_others_ends_where_something_is_refused(worker: Worker, line: str) -> None:
    """Otherwise it could pass without having tested anything."""
    request = {"source": f"{line}\nprint('on')", "limit_s": 10.0, "limit_bytes": 9999, "name": "t", "strict": True}
    answer = worker.channel.request("cell", request, 15)
    assert isinstance(answer, dict)
    assert answer["error"] is not None
    assert "on" not in printed(answer, "stdout")
    after = worker.channel.request("cell", request | {"strict": False}, 15)
    assert isinstance(after, dict)
    assert after["error"] is None


@pytest.mark.parametrize("asked", ["input('n? ')", "import getpass; getpass.getpass()"])
def test_nobody_answers_a_question(run: Run, asked: str) -> None:
    """As in nbgrader: the same exception, which is no sign of an exercise that is not written yet."""
    answer = run(f"x = 1\n{asked}")
    assert answer["error"]["type"] == "StdinNotImplementedError"
    assert "this frontend does not support input requests" in answer["error"]["message"]
    assert answer["error"]["line"] == 2
    assert answer["error"]["not_implemented"] is False
    assert run("raise NotImplementedError")["error"]["not_implemented"] is True


@pytest.mark.parametrize("asked", ["os.system('clear')", "os.system('pip install rich')"])
def test_a_program_by_plain_python_has_its_code(run: Run, asked: str) -> None:
    """`os.system` answers with a number that says that it failed; nothing is raised."""
    answer = run(f"import os\nprint({asked} != 0)")
    assert answer["error"] is None
    assert printed(answer, "stdout") == "True\n"


@pytest.mark.parametrize("asked", ["subprocess.run(['ls'])", "subprocess.check_call('pip install x', shell=True)"])
def test_a_program_by_subprocess_is_an_error(run: Run, asked: str) -> None:
    """That is plain Python, and an error that a notebook can catch."""
    answer = run(f"import subprocess\ntry:\n    {asked}\nexcept OSError:\n    print('caught')")
    assert printed(answer, "stdout") == "caught\n"


#: Magics that need no directory.
QUIET = {
    "a variable of the environment": ("%env FACTOR=2\nimport os\nprint(os.environ['FACTOR'])", "2"),
    "a variable with a name's value": ("n = 3\n%env FACTOR=$n\n%env FACTOR", "3"),
    "what is kept": ("x = [1]\n%store x\nx = None\n%store -r x\nprint(x)", "[1]"),
    "what is kept, listed": ("x = [1]\n%store x\n%store", "-> [1]"),
    "names": ("first, second = 1, 2\n%who", "first"),
    "a clean start": ("x = 1\n%reset -f\nprint('x' in globals())", "False"),
    "digits": ("%precision 2\nimport math\nmath.pi", "3.14"),
    "errors in short": ("%xmode Minimal\nprint('on')", "on"),
    "what was typed": ("%history -n\nprint('on')", "on"),
    "where we are": ("%cd /\n%pwd", "/"),
    "where nobody is": ("%cd /no/such/place\nprint('on')", "on"),
    "modules anew": ("%load_ext autoreload\n%autoreload 2\nprint('on')", "on"),
    "help": ("len?", "Return the number of items"),
    "a window": ("%gui qt\nprint('on')", "on"),
    "where we are, in a shell": ("%cd /\n!pwd", "/"),
    "where we are, kept": ("%cd /\nplace = !pwd\nprint(place, place.s)", "['/'] /"),
    "a name's value": ("root = '/'\ndef go(place):\n    !cd {place} && cd $place && pwd\ngo(root)", "/"),
    "a page": ("%%html\n<b>x</b>", "HTML"),
}


@pytest.mark.parametrize(("source", "shown"), QUIET.values(), ids=QUIET.keys())
def test_magics_that_need_nothing_work_as_in_jupyter(run: Run, source: str, shown: str) -> None:
    """Nothing is printed on stderr."""
    answer = run(source)
    assert answer["error"] is None
    assert shown in printed(answer, "stdout") + "".join(results(answer)) + str(answer["outputs"])
    assert not printed(answer, "stderr")


def _writes(run: Run) -> bool:
    """Whether there is a directory to write to in this tier."""
    return printed(run("import os\nprint(os.access('.', os.W_OK))"), "stdout") == "True\n"


FILES = {
    "a directory": ("!mkdir -p plots/a\n%ls -F plots", "a/"),
    "a module": ("%%writefile helper.py\nhalf = 0.5", "helper.py"),
    "a file, its copy and its end": (
        "x = 'text'\n%store x >a.txt\n!cp a.txt b.txt && mv b.txt c.txt\n%cat c.txt\n!rm a.txt c.txt\n!ls",
        "text",
    ),
    "a longer file": ("x = '1\\n2\\n3'\n%store x >n.txt\n!tail -n 2 n.txt\n!head -1 n.txt", "2\n3\n1\n"),
    "a pattern": ("!touch a.txt && ls *.txt", "a.txt"),
    "many files": ("!touch a.csv b.csv\nfound = !ls *.csv\nprint(found)", "['a.csv', 'b.csv']"),
    "a directory for a while": ("!mkdir deep\n!cd deep && touch file\n%ls deep", "file"),
    "by the magics": ("%mkdir d\n%cd d\n%cd ..\n%rmdir d\n!ls", ""),
    "a script": ("%%writefile s.py\nprint('ran')", "s.py"),
    "in a shell's cell": ("%%bash\nmkdir -p data\ntouch data/x\nls data", "x"),
    "what was typed": ("x = 1\n%save typed.py 2\n%pycat typed.py", "x = 1"),
    "a value": ("x = 'kept'\n%store x >kept.txt\n%cat kept.txt", "kept"),
}


@pytest.mark.parametrize(("source", "shown"), FILES.values(), ids=FILES.keys())
def test_file_commands_work_where_there_is_a_directory(run: Run, source: str, shown: str) -> None:
    """Without a directory, a line says so; the cell goes on in both cases."""
    writes = _writes(run)
    answer = run(source if source.startswith("%%") else f"{source}\nprint('on')")
    assert answer["error"] is None
    assert not [o for o in answer["outputs"] if o["output_type"] == "error"]
    if writes:
        assert shown in printed(answer, "stdout")
        assert not printed(answer, "stderr")
    else:
        assert printed(answer, "stderr")
    if not source.startswith("%%"):
        assert printed(answer, "stdout").endswith("on\n")


def test_a_written_module_can_be_imported_and_run(run: Run) -> None:
    """`%%writefile` and `%run` find the same directory."""
    if not _writes(run):
        pytest.skip("there is no directory to write to in this tier")
    run("%%writefile job.py\nvalue = 41\nprint('ran', __name__)")
    answer = run("%run job.py\nprint(value + 1)")
    assert printed(answer, "stdout") == "ran __main__\n42\n"


def test_what_a_file_command_refuses_is_said_by_its_name(run: Run) -> None:
    """A missing file is an error of the command, as in a shell, and `&&` stops there."""
    answer = run("!cat missing.txt && pwd\nprint(_exit_code)")
    assert answer["error"] is None
    assert "cat: missing.txt: No such file or directory" in printed(answer, "stderr")
    assert printed(answer, "stdout") == "1\n"
