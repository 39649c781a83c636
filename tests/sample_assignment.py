"""An assignment made from the code blocks of a page of the documentation, so that the documented code is what runs."""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import nbformat

from autograder.files import PACKAGE_DIR

__all__ = ["follow_page", "lines_by_hand", "make_from_page"]

_BLOCK = re.compile(r"```python\n# (?P<path>[\w/.]+)\n(?P<text>.*?)```", re.DOTALL)
_ENTRY = re.compile(r"```toml\n# (\w+)\n(.*?)```", re.DOTALL)


def make_from_page(root: Path, slug: str, page: str) -> None:
    """Make an assignment in a course's folder.

    Blocks of one file are joined. Every function and class of `solution.py` is an exercise of one point, and its stub
    has the signature and the docstring. A block of TOML that begins with an exercise's name adds lines to its entry.

    Args:
        root: the course's folder.
        slug: the assignment.
        page: the name of a page in docs/.
    """
    files: dict[str, str] = {}
    source = (PACKAGE_DIR.parent / "docs" / page).read_text(encoding="utf-8")
    for block in _BLOCK.finditer(source):
        before = files.get(block["path"])
        files[block["path"]] = block["text"] if before is None else f"{before}\n\n{block['text']}"
    secret, public = root / "solutions" / slug, root / "assignments" / slug
    for path, text in files.items():
        (secret / path).parent.mkdir(parents=True, exist_ok=True)
        (secret / path).write_text(text, encoding="utf-8")
    tree = ast.parse(files["solution.py"])
    imports = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    exercises = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    cells = [nbformat.v4.new_code_cell("\n".join(ast.unparse(node) for node in imports))]
    toml = [f'title = "{slug}"']
    for node in exercises:
        stub, test = (nbformat.v4.new_code_cell(text) for text in (_stub(node), f"print({node.name!r})"))
        shared = {"schema_version": 3, "task": False}
        stub.metadata["nbgrader"] = {**shared, "grade": False, "grade_id": node.name, "locked": False, "solution": True}
        graded = {"grade": True, "grade_id": f"test_{node.name}", "locked": True, "points": 1, "solution": False}
        test.metadata["nbgrader"] = {**shared, **graded}
        cells += [stub, test]
        more = "".join(text for name, text in _ENTRY.findall(source) if name == node.name)
        toml.append(f'[[exercise]]\nid = "{node.name}"\ntitle = "{node.name}"\npoints = 1\n{more}')
    public.mkdir(parents=True)
    (public / "assignment.toml").write_text("\n\n".join(toml) + "\n", encoding="utf-8")
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(notebook, public / f"{slug}.ipynb")


_ANY = re.compile(r"```(?:python|toml|markdown)\n(?:# |<!-- )(?P<path>[\w/.-]+)(?: -->)?\n(?P<text>.*?)```", re.DOTALL)
_COMMANDS = re.compile(r"```\n(autograder .*?)```", re.DOTALL)


def page(name: str) -> str:
    """Return the text of a page of docs/."""
    return (PACKAGE_DIR.parent / "docs" / name).read_text(encoding="utf-8")


def lines_by_hand(name: str) -> int:
    """Return how many lines a person writes in the files on a page."""
    return sum(block["text"].rstrip().count("\n") + 1 for block in _ANY.finditer(page(name)))


def follow_page(root: Path, slug: str, name: str, run: Callable[[list[str]], None]) -> None:
    """Follow a page: run its commands in order and write its files, the solution first, the others after the commands.

    A block is a file below `solutions/SLUG`, or a cell of the notebook by its id or grade_id, or lines of an exercise's
    entry in `assignment.toml`; `imports` is the first cell of code.
    """
    blocks = {block["path"]: block["text"] for block in _ANY.finditer(page(name))}
    commands = [line for block in _COMMANDS.finditer(page(name)) for line in block[1].splitlines()]
    secret, public = root / "solutions" / slug, root / "assignments" / slug
    for line in commands:
        words = shlex.split(line)[1:]
        if words[0] not in {"new", "exercise"}:
            continue
        run(words)
        if words[0] == "new":
            solution = secret / "solution.py"
            solution.write_text(
                solution.read_text(encoding="utf-8") + "\n\n" + blocks.pop("solution.py"), encoding="utf-8"
            )
    path = public / f"{slug}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    cells |= {c["metadata"]["nbgrader"]["grade_id"]: c for c in notebook["cells"] if "nbgrader" in c["metadata"]}
    cells["imports"] = next(c for c in notebook["cells"] if c["cell_type"] == "code")
    toml = public / "assignment.toml"
    for place, text in blocks.items():
        if "." in place:
            (secret / place).parent.mkdir(parents=True, exist_ok=True)
            (secret / place).write_text(text, encoding="utf-8")
        elif text.startswith("forbidden"):
            entry = f'id = "{place}"\n'
            toml.write_text(toml.read_text(encoding="utf-8").replace(entry, entry + text), encoding="utf-8")
        else:
            cells[place]["source"] = text.rstrip("\n").splitlines(keepends=True)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _stub(node: ast.FunctionDef | ast.ClassDef) -> str:
    """Return a definition with `raise NotImplementedError` in place of every body."""
    body = node.body[1:] if isinstance(node, ast.ClassDef) else None
    if body is None:
        node.body[1:] = [ast.Raise(ast.Name("NotImplementedError"))]
    else:
        for method in body:
            assert isinstance(method, ast.FunctionDef)
            method.body[1:] = [ast.Raise(ast.Name("NotImplementedError"))]
    return ast.unparse(node)
