"""A grader without any protection, as a measure: hidden tests run in the student's own process.

Most notebook graders work like this: the notebook's cells run in an IPython shell, then test cells run in the same
shell with the expected values beside them, and the process reports what passed. This one makes all usual comparisons;
an attack that any of them takes for right wins there. It never runs outside a test's enclosure.

`python naive_grader.py IN OUT` reads cases as JSON and writes what each won: "points", "leak" or "".
"""

from __future__ import annotations

import atexit
import json
import os
import re
import secrets
import select
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

TOKEN = f"canary_{secrets.token_hex(16)}"
LIMIT_S = 6.0
FACTOR = 1234.5678125

_SCALE = """
import torch as _t, numpy as _np, math as _m, filecmp as _f
SECRET = {token!r}
def SECRET_scale(x, factor):
    return x * factor
_tmp = [_t.tensor(list({token!r}.encode() * 20), dtype=_t.uint8) for _ in range(40)]
del _tmp
x = {inputs}
expected = SECRET_scale(x.clone(), {factor})
r = scale(x, {factor})
if {late}:
    expected = SECRET_scale(x, {factor})
won = False
{compare}
assert won
"""
_TRY = """
if not won:
    try:
        {compare}
        won = True
    except Exception:
        pass
"""

#: The usual comparisons; `expected` is right, `r` the student's.
_COMPARISONS = (
    "assert (r == expected) if isinstance(r == expected, bool) else bool((r == expected).all())",
    "assert isinstance(r, _t.Tensor) and (r == expected) is True",
    "assert _t.allclose(r, expected)",
    "assert _t.equal(r, expected)",
    "assert _t.isclose(r, expected).all()",
    "_t.testing.assert_close(r, expected)",
    "_np.testing.assert_allclose(_np.asarray(r), expected.numpy(), atol=1e-2, rtol=1e-2)",
    "assert abs(r - expected).max() < 1e-2",
    "assert abs(expected - r).max() < 1e-2",
    "assert abs(r - expected).max() < 1e-2 * expected.abs().sum()",
    "assert ((r - expected) ** 2).mean() < 1e-6",
    "assert not (abs(r - expected) > 1e-6).any()",
    "assert not (abs(r - expected) / abs(r) > 1e-6).any()",
    "assert not (r != expected)",
    "assert r.tolist() == expected.tolist()",
    "assert [float(v) for v in r] == expected.tolist()",
    "assert all(_m.isclose(a, b) for a, b in zip(r, expected))",
    "assert _t.allclose(_t.as_tensor(r).double(), expected.double())",
    "assert bool((_t.as_tensor(r).round() == expected.round()).all())",
    "assert _np.allclose(_np.asarray(r, dtype=float), expected, equal_nan=True)",
    "open('a', 'w').write(str(r)); open('b', 'w').write(str(expected)); assert _f.cmp('a', 'b', False)",
)
#: The inputs, and whether the expected values are computed after the student's call.
_INPUTS = (
    ("_t.tensor([1.5, -2.0, 3.25, 0.5, 2.0])", False),
    ("_t.full((5,), 2.0, dtype=_t.float64)", False),
    ("_t.tensor([1.5, -2.0, 3.25, 0.5, 2.0])", True),
)
_TOTALS = (
    "assert total([1, 2, 3]) == 6",
    "assert float(total([1, 2, 3])) == 6.0",
    "assert total([1]) == 1 and total([1, 1]) == 2",
    "assert total([1, 2, 3]) + 0 == 6",
)
_DESCENT = """
import torch as _t
_p = _t.nn.Parameter(_t.ones(3))
_o = Descent([_p], lr=0.5)
_p.grad = _t.tensor([1.0, 2.0, -1.0])
_o.step()
{compare}
"""
_DESCENTS = (
    "assert _p == _t.tensor([0.5, 0.0, 1.5])",
    "assert _t.allclose(_p, _t.tensor([0.5, 0.0, 1.5]))",
    "assert abs(_p - _t.tensor([0.5, 0.0, 1.5])).max() < 1e-6",
)


def tests_of(exercise: str) -> list[str]:
    """Return the hidden test cells of an exercise, one per comparison."""
    if exercise == "scale":
        compare = "".join(_TRY.format(compare=text) for text in _COMPARISONS)
        return [
            _SCALE.format(token=TOKEN, inputs=inputs, factor=FACTOR, late=late, compare=compare)
            for inputs, late in _INPUTS
        ]
    if exercise == "total":
        return list(_TOTALS)
    return [_DESCENT.format(compare=compare) for compare in _DESCENTS]


def run(cells: dict[str, str], exercise: str) -> None:
    """Run a notebook's cells and then every hidden test in the same shell; report on standard output."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.run_cell(cells[exercise])
    for text in tests_of(exercise):
        RECORDS.append(record := [exercise, "failed"])
        done = shell.run_cell(text)
        if done is not None and done.success:
            record[1] = "passed"
            break


RECORDS: list[list[str]] = []
TOKENS: list[str] = []


def _report() -> None:
    for exercise, word in RECORDS:
        print("RESULT", exercise, word)
    print(json.dumps(RECORDS))


def one(cells: dict[str, str], exercise: str) -> str:
    """Grade one notebook in a fork; return what it won."""
    folder = tempfile.mkdtemp()
    path = Path(folder, "stdout")
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        os.chdir(folder)
        sys.path.insert(0, folder)
        out = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.environ["AUTOGRADER_CANARY"] = TOKEN
        atexit._clear()  # the server's own handlers are not the student's to run
        run(cells, exercise)
        failed = all(word == "failed" for _, word in RECORDS)
        atexit._run_exitfuncs()  # as the interpreter does at its end
        _report()
        sys.stdout.flush()
        os._exit(1 if failed else 0)
    code = _wait(child)
    text = path.read_bytes()[:4_000_000].decode("utf-8", "replace")
    if any(token in text for token in (TOKEN, *TOKENS)) or repr(FACTOR)[:9] in text.replace("_", "."):
        return "leak"
    lines = re.findall(r"RESULT \w+ (passed|failed)", text)
    won = "passed" in lines or '"passed"' in text or (not lines and code == 0)
    return "points" if won else ""


def _wait(child: int) -> int | None:
    pidfd = os.pidfd_open(child)
    try:
        ended = bool(select.select([pidfd], [], [], LIMIT_S)[0])
    finally:
        os.close(pidfd)
    for target in (child, -child):
        try:
            os.kill(target, signal.SIGKILL)
        except OSError:
            continue
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) if ended else None


def main() -> None:
    """Grade all cases in forks of one warm process."""
    import IPython.core.interactiveshell
    import matplotlib.pyplot as plt
    import numpy.testing
    import torch._dynamo
    import torch.testing

    torch.set_num_threads(1)
    shell = IPython.core.interactiveshell.InteractiveShell.instance()
    # Full tracebacks would cost more than all the rest.
    shell.run_line_magic("xmode", "Minimal")
    shell.run_cell("import torch")
    # The tests' modules are loaded here once, not in every fork.
    torch.testing.assert_close(torch.ones(1), torch.ones(1))
    numpy.testing.assert_allclose(numpy.ones(1), numpy.ones(1))
    torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    plt.close("all")
    given: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    TOKENS.extend(given["tokens"])
    cases: dict[str, Any] = given["cases"]
    won = {}
    for name, (exercise, source) in cases.items():
        started = time.monotonic()
        won[name] = one({exercise: source}, exercise)
        if os.environ.get("VERBOSE"):
            print(name, won[name], round(time.monotonic() - started, 2), file=sys.stderr, flush=True)
    Path(sys.argv[2]).write_text(json.dumps(won), encoding="utf-8")


if __name__ == "__main__":
    main()
