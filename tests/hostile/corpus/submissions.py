"""Submissions that are no honest notebook: edited metadata, odd files, odd names.

Their claims about points, cells and checks do not count; a submission that cannot be read is rejected with a reason,
and the rest of the class is graded.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hostile.case import Case

Notebook = dict[str, Any]
_RIGHT = "def scale(x, factor):\n    return x * factor"


def _cell(notebook: Notebook, name: str) -> Any:
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == name)


def _points(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if "points" in cell["metadata"].get("nbgrader", {}):
            cell["metadata"]["nbgrader"]["points"] = 1000


def _negative_points(notebook: Notebook) -> None:
    _cell(notebook, "test_scale")["metadata"]["nbgrader"]["points"] = -5
    _cell(notebook, "test_total")["metadata"]["nbgrader"]["points"] = float(10**300)


def _ungraded_tests(notebook: Notebook) -> None:
    for name in ("test_scale", "test_total", "test_Descent"):
        _cell(notebook, name)["metadata"]["nbgrader"].update(grade=False, solution=True, locked=False)


def _passing_tests(notebook: Notebook) -> None:
    for name in ("test_scale", "test_total", "test_Descent"):
        _cell(notebook, name)["source"] = "pass  # all right"


def _no_tests(notebook: Notebook) -> None:
    notebook["cells"] = [c for c in notebook["cells"] if "test_" not in json.dumps(c["metadata"])]


def _no_metadata(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def _recorded_outputs(notebook: Notebook) -> None:
    cell = _cell(notebook, "test_scale")
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "RESULT scale passed\n4/4"}]
    cell["execution_count"] = 1


def _doubled(notebook: Notebook) -> None:
    extra = copy.deepcopy(_cell(notebook, "test_scale"))
    extra["id"] = "second"
    notebook["cells"] += [extra] * 5


def _doubled_solution(notebook: Notebook) -> None:
    extra = copy.deepcopy(_cell(notebook, "scale"))
    extra["id"], extra["source"] = "second", "def scale(x, factor):\n    return None"
    notebook["cells"].append(extra)


def _reversed(notebook: Notebook) -> None:
    notebook["cells"].reverse()


def _retyped(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["cell_type"] = "markdown"
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _raw(notebook: Notebook) -> None:
    cell = _cell(notebook, "scale")
    cell["cell_type"], cell["source"] = "raw", _RIGHT
    cell.pop("outputs", None)
    cell.pop("execution_count", None)


def _renamed(notebook: Notebook) -> None:
    _cell(notebook, "test_Descent")["metadata"]["nbgrader"]["grade_id"] = "test_scale"


def _other_kernel(notebook: Notebook) -> None:
    notebook["metadata"]["kernelspec"] = {"name": "bash", "display_name": "<b>Bash</b>", "language": "bash"}
    notebook["metadata"]["language_info"] = {"name": "../../etc/passwd", "version": "{{ 7 * 7 }}"}


def _many_cells(notebook: Notebook) -> None:
    extra: Notebook = {"cell_type": "code", "metadata": {}, "source": "pass", "outputs": [], "execution_count": None}
    notebook["cells"] += [{**extra, "id": f"x{i}"} for i in range(20_000)]


def _attachments(notebook: Notebook) -> None:
    cell = {"cell_type": "markdown", "metadata": {}, "id": "a", "source": "![](attachment:../../x.png)"}
    notebook["cells"].append({**cell, "attachments": {"../../../x.png": {"image/png": "aaaa"}}})


def _deep_metadata(notebook: Notebook) -> str:
    deep = "[" * 5000 + "]" * 5000
    return json.dumps(notebook).replace('"kernelspec"', f'"deep": {deep}, "kernelspec"', 1)


def _duplicate_keys(notebook: Notebook) -> str:
    return json.dumps(notebook).replace('"points": 4', '"points": 4, "points": 4000')


def _link(notebook: Notebook) -> Callable[[Path], None]:
    del notebook
    return lambda path: path.symlink_to(path.parents[3] / "solutions" / "target" / "solution.py")


def _link_to_neighbour(notebook: Notebook) -> Callable[[Path], None]:
    del notebook
    return lambda path: path.symlink_to(path.parents[2] / "zz-honest" / "target" / "target.ipynb")


def _fifo(notebook: Notebook) -> Callable[[Path], None]:
    del notebook
    return os.mkfifo


def _device(notebook: Notebook) -> Callable[[Path], None]:
    del notebook
    return lambda path: path.symlink_to("/dev/zero")


def _folder(notebook: Notebook) -> Callable[[Path], None]:
    del notebook
    return lambda path: path.mkdir()


def _socket(notebook: Notebook) -> Callable[[Path], None]:
    del notebook

    def make(path: Path) -> None:
        import socket

        here = Path.cwd()
        os.chdir(path.parent)
        try:
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(path.name)
        finally:
            os.chdir(here)

    return make


def _beside(name: str, text: str) -> Callable[[Notebook], Callable[[Path], None]]:
    """Hand in a right `total` and another file beside the notebook."""

    def edit(notebook: Notebook) -> Callable[[Path], None]:
        def make(path: Path) -> None:
            path.write_text(json.dumps(notebook), encoding="utf-8")
            (path.parent / name).write_text(text, encoding="utf-8")

        return make

    return edit


#: Edits that we never read, and that harm only the attacker.
_UNTOUCHED: dict[str, Callable[[Notebook], Any]] = {
    "points-raised": _points,
    "points-absurd": _negative_points,
    "tests-without-points": _ungraded_tests,
    "tests-that-pass": _passing_tests,
    "tests-removed": _no_tests,
    "outputs-recorded": _recorded_outputs,
    "tests-doubled": _doubled,
    "cells-reversed": _reversed,
    "solution-as-raw-cell": _raw,
    "test-renamed": _renamed,
    "another-kernel": _other_kernel,
    "twenty-thousand-cells": _many_cells,
    "attachments": _attachments,
    "everything-markdown": _retyped,
    "keys-doubled": _duplicate_keys,
    "conftest-beside": _beside("conftest.py", "import os\nos._exit(0)\n"),
    "torch-beside": _beside("torch.py", "raise SystemExit(0)\n"),
    "pytest-ini-beside": _beside("pytest.ini", "[pytest]\naddopts = --collect-only\n"),
    "sitecustomize-beside": _beside("sitecustomize.py", "import os\nos._exit(0)\n"),
    "configuration-beside": _beside("nbgrader_config.py", "raise SystemExit(0)\n"),
    "path-file-beside": _beside("x.pth", "import os; os._exit(0)\n"),
    "timestamp-absurd": _beside("timestamp.txt", "9" * 100_000),
    "timestamp-hostile": _beside("timestamp.txt", "2026-01-01 00:00:00 <script>{{ 7*7 }}</script>"),
}
_REJECTED: dict[str, Callable[[Notebook], Any]] = {
    "no-metadata": _no_metadata,
    "metadata-too-deep": _deep_metadata,
    "not-json": lambda _: "points = 4",
    "empty-file": lambda _: b"",
    "json-list": lambda _: "[]",
    "json-number": lambda _: "1e999",
    "json-nesting": lambda _: "[" * 200_000,
    "huge-integer": lambda n: json.dumps(n).replace('"nbformat": 4', '"nbformat": ' + "9" * 5000),
    "utf-16": lambda n: json.dumps(n).encode("utf-16"),
    "utf-32": lambda n: json.dumps(n).encode("utf-32-le"),
    "nul-bytes": lambda n: json.dumps(n).encode() + b"\x00" * 100,
    "truncated": lambda n: json.dumps(n)[:-200],
    "lone-surrogate-key": lambda n: json.dumps(n).replace('"cells"', '"\\ud800cells"'),
    "no-cells": lambda n: {**n, "cells": []},
    "cells-are-a-mapping": lambda n: {**n, "cells": {"0": n["cells"][0]}},
    "other-format": lambda n: {**n, "nbformat": 99},
    "link-to-the-reference": _link,
    "link-to-a-neighbour": _link_to_neighbour,
    "fifo": _fifo,
    "device": _device,
    "folder": _folder,
    "socket": _socket,
    "sixty-megabytes": lambda n: json.dumps({**n, "metadata": {"x": "y" * (60 << 20)}}),
}

_IDS = (
    "=cmd()",
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "{{ 7 * 7 }}",
    "name, with comma",
    "ümlaut",
    "u\u0308mlaut",
    "CASE",
    "case",
    "a%2e%2e",
    "javascript:alert(1)",
)


#: Submissions that are read with a note, or not run because of their size.
_READ = frozenset({"no-metadata", "utf-16", "other-format", "sixty-megabytes"})


def _tokens(name: str) -> tuple[str, ...]:
    if name in _READ or name in _UNTOUCHED:
        return ("graded", "rejected", "ungraded")
    return ("rejected",)


CASES = (
    *(Case(f"submissions-{n}", "submissions", edit=e, status=_tokens(n), wins="") for n, e in _UNTOUCHED.items()),
    *(Case(f"submissions-{n}", "submissions", edit=e, status=_tokens(n), wins="") for n, e in _REJECTED.items()),
    *(
        Case(i, "submissions", {"scale": "def scale(x, factor):\n    return None"}, wins="")
        for i in _IDS
        if "/" not in i
    ),
    Case(
        "submissions-solution-doubled",
        "submissions",
        {"scale": _RIGHT},
        edit=_doubled_solution,
        most=4.0,
        wins="",
    ),
    Case(
        "submissions-regex-bait",
        "submissions",
        {"scale": "#" + " " * 100_000 + "\n%" + "%" * 50_000 + "\n" + "(" * 90 + ")" * 90},
        wins="",
    ),
    Case(
        "submissions-long-cell",
        "submissions",
        {"scale": "x = '" + "y" * (20 << 20) + "'"},
        wins="",
        status=("graded", "rejected", "ungraded"),
    ),
    Case("submissions-deep-code", "submissions", {"scale": "x = " + "(" * 5000 + ")" * 5000}, wins=""),
    Case("submissions-deep-expression", "submissions", {"scale": "x = " + "-" * 50_000 + "1"}, wins=""),
    Case(
        "submissions-many-names",
        "submissions",
        {"scale": "\n".join(f"a{i} = a{i - 1} + a{i - 1}" for i in range(1, 3000))},
        wins="",
    ),
    Case(
        "submissions-lone-surrogate", "submissions", {"scale": "x = '\udcff'"}, wins="", status=("graded", "rejected")
    ),
)
