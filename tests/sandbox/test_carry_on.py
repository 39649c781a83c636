"""Cells that go on after a statement that stopped, statement by statement, in a real worker."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import pytest

from autograder.sandbox.host import Worker
from autograder.sandbox.worker.statements import defines_only, readable_part

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run_on(worker: Worker) -> Run:
    """Run a cell that goes on; return its answer."""

    def run(source: str, *, after: str | None = "all", limit_s: float = 5.0) -> dict[str, Any]:
        request = {"source": source, "limit_s": limit_s, "limit_bytes": 100_000, "name": "cell 1", "after": after}
        answer = worker.channel.request("cell", request, limit_s + 10)
        assert isinstance(answer, dict)
        return answer

    return run


def shown(answer: dict[str, Any]) -> str:
    """Return all that a cell showed."""
    return "\n".join(
        str(o.get("text") or o.get("ename") or o.get("data", {}).get("text/plain")) for o in answer["outputs"]
    )


@pytest.mark.sandbox
def test_the_rest_runs_and_the_last_expression_is_displayed(run_on: Run) -> None:
    """One traceback is shown, each later error in a line, and the cell's value as in Jupyter."""
    answer = run_on("import math\nimport lightning_bolts as bolts\nbolts.go()\nx = 6\nx * 7")
    assert answer["error"]["type"] == "ModuleNotFoundError"
    assert answer["error"]["line"] == 2
    assert [o["output_type"] for o in answer["outputs"]] == ["error", "stream", "execute_result"]
    assert "line 3: NameError" in shown(answer)
    assert "42" in shown(answer)


@pytest.mark.sandbox
def test_a_cell_of_the_usual_kind_stops(run_on: Run) -> None:
    """In notebooks graded by their own cells nothing runs after an error."""
    answer = run_on("1 / 0\nprint('reached')", after=None)
    assert answer["error"]["type"] == "ZeroDivisionError"
    assert "reached" not in shown(answer)


@pytest.mark.sandbox
@pytest.mark.parametrize("stop", ["while True:\n    pass", "raise SystemExit", "exit()", "import sys; sys.exit(2)"])
def test_after_the_end_only_definitions_run(run_on: Run, stop: str) -> None:
    """A cell whose time is up, or that ends Python, defines what is left to define and does nothing else."""
    run_on(
        f"{stop}\nprint('ran')\nimport math as m\nA, B = 1, [2, -3]\ndef f():\n    return m.floor(B[0])\n"
        "class C:\n    n = A\ntry:\n    import nowhere\nexcept ImportError:\n    nowhere = None",
        limit_s=0.5,
    )
    answer = run_on("f(), C.n, nowhere, 'ran'")
    assert shown(answer) == "(2, 1, None, 'ran')"


@pytest.mark.sandbox
def test_definitions_that_take_too_long_end_too(run_on: Run) -> None:
    """A cell ends at its second time-out."""
    answer = run_on("while True: pass\nclass C:\n    while True: pass\ndef f(): pass", limit_s=0.5)
    assert answer["timeout"]
    assert run_on("f")["error"]["type"] == "NameError"


@pytest.mark.sandbox
def test_only_what_cannot_be_read_is_left_out(run_on: Run) -> None:
    """A cell with a line that is no Python is run without it; lines keep their numbers."""
    answer = run_on(
        "x = = 1\n@staticmethod\ndef f():\n    '''\nflush left\n'''\n    return 7\nif True:\n    y = f()\nelse:\n"
        "    y = 0\n1 / 0\ny"
    )
    assert answer["error"]["type"] == "SyntaxError"
    assert "line 12: ZeroDivisionError" in shown(answer)
    assert shown(answer).endswith("7")


@pytest.mark.sandbox
def test_the_next_cell_has_its_own_number_and_name(run_on: Run) -> None:
    """A cell that was run in two parts counts as one."""
    first = run_on("x = = 1\ny = 2")
    second = run_on("y")
    assert second["count"] == first["count"] + 1


@pytest.mark.parametrize(
    ("source", "defines"),
    [
        ("import a.b as c", True),
        ("x: int = 3", True),
        ("F = nn.functional", True),
        ("f = lambda x: g(x)", True),
        ("sizes = [2 * 3, (4,), {'a': -1}]", True),
        ("x = f()", False),
        ("x: int", False),
        ("for i in y:\n    def f(): pass", False),
        ("print(1)", False),
        ("if cuda:\n    D = 'cuda'\nelse:\n    D = 'cpu'", True),
        ("if cuda:\n    run()", False),
        ("with x:\n    import y", False),
    ],
)
def test_what_only_defines(source: str, *, defines: bool) -> None:
    """Imports, definitions and constants count, a call at the top level does not."""
    assert defines_only(ast.parse(source).body[0]) is defines


@pytest.mark.parametrize(
    ("source", "readable"),
    [
        ("a = 1\nb = ?\nc = 3", "a = 1\n#\nc = 3"),
        ("def f[T](x):\n    return x\ny = 1", "#\n#\ny = 1"),
        ("try:\n    a\nexcept E:\n    b\nfinally:\n    c\n)", "try:\n    a\nexcept E:\n    b\nfinally:\n    c\n#"),
        ("x = [\n1,\n2,\n]\ny = )", "x = [\n1,\n2,\n]\n#"),
        ("'''open", "#"),
        ("if a:\n    b\n\nelsewhere = 1\ny = )", "if a:\n    b\n\nelsewhere = 1\n#"),
    ],
)
def test_the_readable_part(source: str, readable: str) -> None:
    """Complete statements stay on their lines."""
    assert readable_part(source, ast.parse) == readable


def test_a_long_cell_that_cannot_be_read_takes_no_time() -> None:
    """The number of tries has a bound."""
    tries = 0

    def refuse(_: str) -> None:
        nonlocal tries
        tries += 1
        raise SyntaxError

    readable_part("\n".join(["x ="] * 5000), refuse)
    assert tries <= 2000
