"""Which known wrong idea a submission's numbers show.

Every misconception of an assignment is a runnable variant. The same checks run on a variant as on the student's code,
with the same inputs, and its recorded answers are compared with the student's. The idea is named if exactly one variant
gave the same answers everywhere, and fails a check too.
"""

from __future__ import annotations

import builtins
import functools
import importlib.util
import sys
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.course.notebook.edits import EditForm
from autograder.course.notebook.variants import forms_in, variant_text
from autograder.engines.hidden.places import TITLE, place_of, placed
from autograder.errors import AssignmentError
from autograder.sandbox.wire.trees import alike
from autograder.sentences import Sentence

__all__ = ["Misconception", "Trace", "load_misconceptions", "load_module", "same_answers"]

#: The folders of variants, whose files may be edits of the reference.
VARIANTS = frozenset({"misconceptions", "faulty", "honest", "ways"})
#: Two float64 computations of one formula differ by rounding only; two ideas differ by far more.
_RTOL = {"float64": 1e-9, "float32": 1e-4, "complex128": 1e-9}


@dataclass(frozen=True, slots=True)
class Misconception:
    """A wrong idea: its title, its hint, and the exercises for which it has wrong functions."""

    id: str
    title: Sentence
    hint: Sentence
    convention: bool
    usual_in: Sentence
    exercises: frozenset[str]
    #: By exercise, the id of another idea that is algebraically the same there; that one is named instead.
    equals: Mapping[str, str]
    path: Path
    module: types.ModuleType
    #: The names that the solution defines: a variant may use them, as a student's code uses other cells' definitions.
    around: Mapping[str, Any] = field(default_factory=dict)
    #: By exercise, the ways in which the reference is edited; empty where the file has functions of its own.
    forms: Mapping[str, tuple[EditForm, ...]] = field(default_factory=dict)

    def functions(self, around: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the wrong functions, made anew, because some variants keep state between calls.

        Args:
            around: the names that the reference defines, for functions that call others; default: those from loading.
        """
        module = load_module(self.path, self.around if around is None else around)
        return {e: getattr(module, e) for e in self.exercises}

    def place(self, name: str) -> str:
        """Return the id of the text with this name in the file."""
        return place_of(self.path, self.path.parents[1], name)

    def evidence(self, exercise: str, yours: object, expected: object) -> Sentence | None:
        """Return a sentence with the answer's numbers, if this idea has one and the answer's form allows it."""
        function: Callable[[str, object, object], str | None] | None = getattr(self.module, "evidence", None)
        if function is None:
            return None
        try:
            said = function(exercise, yours, expected)
        except (TypeError, ValueError, IndexError, KeyError, AttributeError, RuntimeError, ZeroDivisionError):
            return None
        return Sentence(said, self.place("evidence")) if said else None


@dataclass(frozen=True, slots=True)
class Trace:
    """What one check saw of one implementation: how the check ended, and every answer until then."""

    check: str
    passed: bool
    answers: tuple[Any, ...]
    #: Whether the check was stopped on the way, because more was not asked for.
    cut: bool = False


def load_module(path: Path, around: Mapping[str, Any] | None = None) -> types.ModuleType:
    """Execute one of the assignment's own Python files as a module with a name of its own.

    Args:
        path: the file.
        around: the values of names that the file does not define itself.

    Raises:
        AssignmentError: naming the file, if it cannot be executed.
    """
    name = f"_autograder_{path.parent.name}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise AssignmentError(f"{path} is not a Python file.")
    module = importlib.util.module_from_spec(spec)
    if around:
        # Python looks there last, and these names do not count as defined by the file.
        module.__dict__["__builtins__"] = {**vars(builtins), **around}
    # Dataclasses look up their module there.
    sys.modules[name] = module
    written = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        text = variant_text(path) if path.parent.name in VARIANTS else ""
        if "EDITS" in text:
            exec(compile(text, str(path), "exec"), vars(module))  # noqa: S102 - the assignment's own code
        else:
            spec.loader.exec_module(module)
    except AssignmentError:
        raise
    except Exception as error:
        raise AssignmentError(f"{path} cannot be run: {type(error).__name__}: {error}.") from error
    finally:
        sys.dont_write_bytecode = written
    return module


@functools.cache
def load_misconceptions(directory: Path, exercises: tuple[str, ...]) -> tuple[Misconception, ...]:
    """Read every misconception of an assignment.

    Raises:
        AssignmentError: naming the file that has no docstring or no hint.
    """
    found = []
    around = _solution_of(directory)
    for path in sorted(directory.glob("*.py")):
        if path.stem.startswith("_"):
            continue
        module = load_module(path, around)
        title = (module.__doc__ or "").strip()
        hint = getattr(module, "HINT", "")
        if not title or not isinstance(hint, str) or not hint:
            raise AssignmentError(f"{path} needs a docstring (what the student did) and a HINT.")
        found.append(
            Misconception(
                id=path.stem.replace("_", "-"),
                title=placed(" ".join(title.split()), path, directory.parent, TITLE),
                hint=placed(hint, path, directory.parent, "HINT"),
                convention=bool(getattr(module, "CONVENTION", False)),
                usual_in=placed(str(getattr(module, "USUAL_IN", "")), path, directory.parent, "USUAL_IN"),
                exercises=frozenset(e for e in exercises if hasattr(module, e)),
                equals=dict(getattr(module, "EQUALS", {})),
                path=path,
                module=module,
                around=around,
                forms=forms_in(path) if hasattr(module, "EDITS") else {},
            )
        )
    return tuple(found)


def _solution_of(directory: Path) -> dict[str, Any]:
    """Return the names that the solution beside a folder of variants defines or imports."""
    path = directory.parent / "solution.py"
    names = vars(load_module(path)) if path.is_file() else {}
    return {name: value for name, value in names.items() if not name.startswith("__")}


def same_answers(mine: object, theirs: object) -> bool:
    """Whether two recorded answers agree: structure, types, shapes, dtypes, and numbers up to rounding.

    A list and a tuple can agree.
    """
    return alike(mine, theirs, _same_value, kinds=False)


def _same_value(mine: object, theirs: object) -> bool:
    import numpy as np
    import torch

    if isinstance(mine, torch.Tensor) and isinstance(theirs, torch.Tensor):
        return _same_tensors(mine, theirs)
    if isinstance(mine, np.ndarray) and isinstance(theirs, np.ndarray):
        return _same_tensors(torch.from_numpy(mine.copy()), torch.from_numpy(theirs.copy()))
    if isinstance(mine, bool) or isinstance(theirs, bool):
        return mine is theirs
    if isinstance(mine, int) and isinstance(theirs, int):
        return mine == theirs
    if isinstance(mine, float) and isinstance(theirs, float):
        pair = (
            torch.tensor([float(mine)], dtype=torch.float64),
            torch.tensor([float(theirs)], dtype=torch.float64),
        )
        return _same_tensors(*pair)
    return type(mine) is type(theirs) and mine == theirs


def _same_tensors(a: Any, b: Any) -> bool:
    import torch

    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    # The judge's own answers may still belong to a graph.
    a, b = a.detach(), b.detach()
    if not (a.is_floating_point() or a.is_complex()):
        return bool(torch.equal(a, b))
    if a.numel() == 0:
        return True
    rtol = _RTOL.get(str(a.dtype).removeprefix("torch."), 1e-2)
    finite = torch.isfinite(a)
    if not torch.equal(finite, torch.isfinite(b)):
        return False
    if not finite.all():
        if not torch.equal(a[~finite].nan_to_num(nan=1.0), b[~finite].nan_to_num(nan=1.0)):
            return False
        # Selecting elements costs more than all the rest; tensors of weights are large, and finite as a rule.
        a, b = a[finite], b[finite]
        if a.numel() == 0:
            return True
    scale = float(torch.maximum(a.abs().max(), b.abs().max()))
    return float((a - b).abs().max()) <= rtol * scale
