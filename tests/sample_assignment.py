"""An assignment put together from the blocks of a page of the documentation: what is explained there is what runs."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat

from autograder.files import PACKAGE_DIR

__all__ = ["make_from_page"]

_BLOCK = re.compile(r"```python\n# (?P<path>[\w/.]+)\n(?P<text>.*?)```", re.DOTALL)


def make_from_page(root: Path, slug: str, page: str) -> None:
    """Make an assignment in a course's folder.

    Blocks of one file are joined. Every function and class of `solution.py` is an exercise of one point; its stub has
    the signature and the docstring.

    Args:
        root: the course's folder.
        slug: the assignment.
        page: the name of a page in docs/.
    """
    files: dict[str, str] = {}
    for block in _BLOCK.finditer((PACKAGE_DIR.parent / "docs" / page).read_text(encoding="utf-8")):
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
        toml.append(f'[[exercise]]\nid = "{node.name}"\ntitle = "{node.name}"\npoints = 1')
    public.mkdir(parents=True)
    (public / "assignment.toml").write_text("\n\n".join(toml) + "\n", encoding="utf-8")
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(notebook, public / f"{slug}.ipynb")


def _stub(node: ast.FunctionDef | ast.ClassDef) -> str:
    """Return a definition with `raise NotImplementedError` in the place of every body."""
    body = node.body[1:] if isinstance(node, ast.ClassDef) else None
    if body is None:
        node.body[1:] = [ast.Raise(ast.Name("NotImplementedError"))]
    else:
        for method in body:
            assert isinstance(method, ast.FunctionDef)
            method.body[1:] = [ast.Raise(ast.Name("NotImplementedError"))]
    return ast.unparse(node)
