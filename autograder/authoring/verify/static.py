"""What can be found in an assignment's checks and variants by reading them: this takes seconds, and no code runs."""

from __future__ import annotations

import ast
import builtins
import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.authoring.verify.findings import Finding
from autograder.authoring.verify.sources import relative, variants
from autograder.course.assignment import Assignment
from autograder.course.nearest import or_rather
from autograder.course.notebook.cells import grade_id
from autograder.course.notebook.modules import read_module
from autograder.course.notebook.read import load_template
from autograder.errors import AssignmentError
from autograder.verdict import OWN_IDS

__all__ = ["examine_statically"]

#: Names that every module has without defining them.
_ALWAYS = frozenset(vars(builtins)) | {"__name__", "__file__", "__doc__"}
#: Layers of torch that are one function and nothing else.
_LAYERS = {
    "linear": "Linear",
    "conv1d": "Conv1d",
    "conv2d": "Conv2d",
    "batch_norm": "BatchNorm1d",
    "layer_norm": "LayerNorm",
    "dropout": "Dropout",
    "softplus": "Softplus",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "elu": "ELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "softmax": "Softmax",
    "log_softmax": "LogSoftmax",
    "cross_entropy": "CrossEntropyLoss",
    "nll_loss": "NLLLoss",
    "mse_loss": "MSELoss",
    "max_pool2d": "MaxPool2d",
}


def examine_statically(assignment: Assignment) -> list[Finding]:
    """Read the notebook's points, the checks' marks and ids, and the names that variants use.

    Raises:
        AssignmentError: if a file is not Python; names the file.
    """
    ids = {p.stem.replace("_", "-") for p in variants(assignment, "misconceptions")}
    return [
        *_points(assignment),
        *_marks(assignment),
        *_named_ideas(assignment, ids),
        *_variants(assignment, ids),
        *_open_layers(assignment),
    ]


def _points(assignment: Assignment) -> Iterator[Finding]:
    """Find exercises that have other points in the notebook, and those that have no cell there."""
    shown = {grade_id(c): c.metadata["nbgrader"].get("points") for c in load_template(assignment).cells if grade_id(c)}
    where = relative(assignment.template_path, assignment)
    for exercise in assignment.exercises:
        if exercise.test_cell not in shown:
            remedy = (
                f"add a cell whose grade_id is {exercise.test_cell!r}, or remove the exercise: `autograder exercise`"
            )
            yield Finding(where, "has no cell for an exercise of assignment.toml", remedy, exercise.id)
        elif shown[exercise.test_cell] != float(exercise.points):
            yield Finding(
                where,
                f"gives {shown[exercise.test_cell]} points where assignment.toml gives {float(exercise.points):g}",
                f"write the same in both: autograder exercise points {assignment.slug} {exercise.id} N",
                exercise.id,
            )


def _marks(assignment: Assignment) -> Iterator[Finding]:
    """Find checks of no exercise, exercises without checks, and checks without a sentence."""
    known = [e.id for e in assignment.coded]
    checked = set()
    for path in sorted(assignment.checks_dir.glob("test_*.py")):
        where = relative(path, assignment)
        tree = _tree(path)
        marked = [n.args[0].value for n in _marks_in(tree) if n.args and isinstance(n.args[0], ast.Constant)]
        for name in marked:
            if name not in known:
                yield Finding(where, f"is marked with {name!r}{or_rather(str(name), known)}", "correct the mark")
        checked.update(marked)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node):
                yield Finding(
                    where,
                    "has no docstring, which is the sentence that students read",
                    "say what has to hold",
                    check=node.name.removeprefix("test_"),
                )
    for exercise in known:
        if exercise not in checked:
            where = relative(assignment.checks_dir, assignment)
            yield Finding(where, "no check is marked with this exercise", "write one, or remove the exercise", exercise)


def _marks_in(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "exercise":
            yield node


def _named_ideas(assignment: Assignment, ids: set[str]) -> Iterator[Finding]:
    """Find ids of misconceptions in checks for which there is no file."""
    known = ids | OWN_IDS
    for path in sorted(assignment.checks_dir.glob("test_*.py")):
        for node in ast.walk(_tree(path)):
            for name in _ideas_of(node):
                if name not in known:
                    yield Finding(
                        relative(path, assignment),
                        f"names the idea {name!r}, without a file in misconceptions/{or_rather(name, sorted(known))}",
                        "correct the id, or write that misconception",
                    )


def _ideas_of(node: ast.AST) -> Iterator[str]:
    """Yield the ids in `fail("…", "id")`, in `mark.diagnosis(error="id")` and in `follows(…, {"id": …})`."""
    if not isinstance(node, ast.Call):
        return
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    given = {k.arg: k.value for k in node.keywords}
    found: list[ast.expr | None] = []
    if name == "fail":
        found = [given.get("diagnosis"), *node.args[1:2]]
    elif name == "diagnosis":
        found = [given.get("error")]
    elif name == "follows":
        ideas = given.get("ideas") or (node.args[3] if len(node.args) > 3 else None)  # noqa: PLR2004 - the fourth argument
        found = list(ideas.keys) if isinstance(ideas, ast.Dict) else []
    yield from (n.value for n in found if isinstance(n, ast.Constant) and isinstance(n.value, str))


def _variants(assignment: Assignment, ids: set[str]) -> Iterator[Finding]:
    """Find misconceptions without sentence or hint, names that nothing defines, and unknown ids in EQUALS."""
    around = _bound(_tree(assignment.solution_path))
    for cell in load_template(assignment).cells:
        if cell.cell_type == "code" and not cell.source.lstrip().startswith(("%", "!")):
            around |= _bound(_parsed(cell.source))
    for folder in ("misconceptions", "faulty", "honest", "ways"):
        for path in variants(assignment, folder):
            tree, where = _tree(path), relative(path, assignment)
            if folder == "misconceptions" and not ast.get_docstring(tree):
                yield Finding(where, "has no docstring, which says what the student did", "write that sentence")
            texts = {
                t.id: n.value
                for n in tree.body
                if isinstance(n, ast.Assign)
                for t in n.targets
                if isinstance(t, ast.Name)
            }
            if folder == "misconceptions":
                yield from _unsaid(texts, where)
            own = _bound(tree) | _in_extra_cells(path)
            for name in sorted(_used(tree) - own - around - _ALWAYS):
                yield Finding(
                    where,
                    f"uses {name!r}, which neither it nor the solution defines",
                    "define or import it there, or correct the name",
                )
            equals = texts.get("EQUALS")
            for value in equals.values if isinstance(equals, ast.Dict) else ():
                if isinstance(value, ast.Constant) and value.value not in ids:
                    said = f"EQUALS names {value.value!r}{or_rather(str(value.value), sorted(ids))}"
                    yield Finding(where, said, "name the id of a file in misconceptions/")


def _in_extra_cells(path: Path) -> set[str]:
    """Return what the cells in EXTRA_CELLS bind; a cell with a magic can be anything, and is left out."""
    found: set[str] = set()
    for source in read_module(path).extra_cells:
        with contextlib.suppress(SyntaxError):
            found |= _bound(_parsed(source))
    return found


def _open_layers(assignment: Assignment) -> Iterator[Finding]:
    """Find functions that are forbidden although the layer that is made of them is not."""
    lists = {"": assignment.forbidden, **{e.id: (*assignment.forbidden, *e.forbidden) for e in assignment.coded}}
    told = set()
    for exercise, names in lists.items():
        for name in names:
            layer = _LAYERS.get(name.rpartition(".")[2])
            owner = name.rpartition(".")[0]
            if layer is None or owner not in {"torch", "torch.Tensor", "torch.nn.functional"} or name in told:
                continue
            if f"torch.nn.{layer}" not in names:
                told.add(name)
                yield Finding(
                    relative(assignment.public_dir / "assignment.toml", assignment),
                    f"forbids {name}, and torch.nn.{layer} still computes it",
                    f"forbid torch.nn.{layer} too; otherwise it replaces the student's work",
                    exercise,
                )


# -- names -------------------------------------------------------------------------------------------------


def _tree(path: Path) -> ast.Module:
    try:
        return _parsed(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        raise AssignmentError(f"{path} is not valid Python: {error}.") from None


def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def _bound(tree: ast.Module) -> set[str]:
    """Return every name that is bound anywhere in a text, in any scope, so that no name is missed."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
        elif (isinstance(node, ast.ExceptHandler) and node.name) or (
            isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name
        ):
            found.add(node.name)
    return found


def _used(tree: ast.Module) -> set[str]:
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def _unsaid(texts: Mapping[str, ast.expr], where: str) -> Iterator[Finding]:
    """Find texts for students that a misconception lacks, or that are no plain text."""
    if "HINT" not in texts:
        yield Finding(where, "has no HINT", "write a hint that teaches, without the solution's code")
    for name in ("QUESTION", "WORKED"):
        said = texts.get(name)
        plain = isinstance(said, ast.Constant) and isinstance(said.value, str) and said.value.strip()
        if said is not None and not plain:
            yield Finding(where, f"has a {name} that is not a text", "write it as one plain text")
