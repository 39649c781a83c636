"""Reading any code costs little: texts, names and findings have limits, and what is left out is told."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from scrutinised import Cell

from autograder.course.assignment import Assignment, load_assignment
from autograder.engines.hidden.scrutiny.find import scrutinise
from autograder.files import PACKAGE_DIR

HEAD = "def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):\n"
#: Processor time; on an idle core each takes less than a second.
LIMIT_S = 10.0
LIMIT_BYTES = 128 << 20


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    """The built-in assignment, which forbids ready-made optimizers."""
    return load_assignment(PACKAGE_DIR.parent, "optimizers")


def grown(line: str, steps: int = 60) -> str:
    """Write texts, each made from the one before, and use the last."""
    lines = ["a0 = 'torch.optim.Adam'", *(f"a{i} = {line.replace('P', f'a{i - 1}')}" for i in range(1, steps))]
    return "\n".join(lines) + f"\n{HEAD}    return getattr(torch.optim, a{steps - 1})\n"


BOMBS = {
    "addition": grown("P + P"),
    "multiplication": grown("P * 1000"),
    "multiplication, reversed": grown("1_000_000_000 * P"),
    "nested multiplication": f"{HEAD}    return getattr(torch, 'x' * 9999 * 9999 * 9999)\n",
    "percent": grown("'%s%s%s%s%s%s%s%s' % (P, P, P, P, P, P, P, P)"),
    "percent with a width": grown("'%999999999s' % P"),
    "f-string": grown("f'{P}{P}{P}{P}{P}{P}{P}{P}'"),
    "f-string with a width": grown("f'{P:>999999999}'"),
    "format": grown("'{}{}{}{}'.format(P, P, P, P)"),
    "format with a width": grown("'{:>999999999}'.format(P)"),
    "join of a list": grown("''.join([P, P, P, P, P, P])"),
    "join by a long text": grown("P.join([P, P, P, P, P, P])"),
    "join of a text": grown("P.join(P)"),
    "join of parts": grown("' '.join((P + ' ' + P).split(' '))"),
    "replace": grown("P.replace('o', P)"),
    "bytes": grown("(P + P).encode().decode()"),
    "whole numbers": "a0 = 2\n"
    + "".join(f"a{i} = a{i - 1} * a{i - 1}\n" for i in range(1, 80))
    + HEAD
    + "    chr(a79)\n",
    "many texts": "".join(f"a{i} = 'x' * 9000 + '{i}'\n" for i in range(2500))
    + HEAD
    + "".join(f"    getattr(torch, a{i})\n" for i in range(2400)),
    "IPython's quotes": ";" * 600 + f"\n{HEAD}    return 0\n",
    "IPython's magics": ("%time " + "x" * 400 + "\n") * 480 + f"{HEAD}    return 0\n",
    "aliases times uses": HEAD + "".join(f"    x = torch.a{i}\n" for i in range(3000)) + "    x.b.c\n" * 5000,
    "aliases of aliases": HEAD
    + "".join(f"    y{i} = torch.b{i}\n    x = y{i}\n" for i in range(2500))
    + "    x.b\n" * 3000,
    "long names": HEAD + "".join(f"    x = torch.{'a' * 250}{i}\n" for i in range(300)) + "    x.b\n" * 8000,
    "one statement that binds thousands": " = ".join(f"b{i}" for i in range(8000))
    + " = "
    + " + ".join(f"b{i}" for i in range(8000))
    + f"\n{HEAD}    return b0\n",
    "thousands of findings": HEAD + "    torch.optim.Adam\n" * 9000,
    "texts that are run": HEAD + ("    exec('" + "x=1;" * 500 + "')\n") * 90,
    "stars in patterns": HEAD + ("    getattr(torch, f'" + "{t}a" * 30 + "')\n") * 800,
    "a cell of many statements": f"{HEAD}    return 0\n" + "a;" * 90_000 + "a\n",
    "many statements that lead to many definitions": "".join(f"def f{i}(): return f{i + 1}()\n" for i in range(4000))
    + "torch.x = f0\n" * 2500
    + f"{HEAD}    return 0\n",
    "many statements that lead to doubtful code": "".join(
        f"def f{i}(y): return f{i + 1}(y)" + " + y.__code__" * 50 + "\n" for i in range(30)
    )
    + "torch.x = f0\n" * 2500
    + f"{HEAD}    return 0\n",
    "helpers in a circle": "".join(f"def h{i}(d): d[0] = h{(i + 1) % 3000}(d)\n" for i in range(3000))
    + "".join(f"h{i}(x{i})\n" for i in range(3000))
    + f"{HEAD}    return x1\n",
}


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS)
def test_reading_is_bounded(assignment: Assignment, source: str) -> None:
    """Seconds and megabytes, however large a text would grow."""
    cells = [Cell("setup", "import torch"), Cell("adam_step", source)]
    started = time.process_time()
    scrutinise(cells, assignment)
    assert time.process_time() - started < LIMIT_S


@pytest.mark.parametrize(
    "name", ["percent", "f-string", "join by a long text", "replace", "multiplication", "long names"]
)
def test_a_text_is_measured_before_it_is_made(assignment: Assignment, name: str) -> None:
    """The memory that it would take is never allocated."""
    tracemalloc.start()
    try:
        scrutinise([Cell("setup", "import torch"), Cell("adam_step", BOMBS[name][:60_000])], assignment)
        assert tracemalloc.get_traced_memory()[1] < LIMIT_BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "name", ["percent", "many texts", "aliases times uses", "thousands of findings", "IPython's magics"]
)
def test_what_was_not_read_is_shown_to_a_person(assignment: Assignment, name: str) -> None:
    """Code that is too large to read never passes without a word."""
    found = scrutinise([Cell("setup", "import torch"), Cell("adam_step", BOMBS[name])], assignment)
    assert any(f.doubtful for f in found["adam_step"])
