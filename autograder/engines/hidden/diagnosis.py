"""Which known wrong idea a submission's numbers show.

Every misconception of an assignment is a runnable variant. A variant is put through the very checks that the
student went through, on the same inputs, and its recorded answers are compared with the student's. The idea is
named if exactly one variant answered the same throughout, and fails a check too.
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
from autograder.errors import AssignmentError
from autograder.sandbox.wire.trees import alike

__all__ = ["Misconception", "Trace", "load_misconceptions", "load_module", "same_answers"]

#: The folders of variants, whose files may be edits of the reference.
VARIANTS = frozenset({"misconceptions", "faulty", "honest", "ways"})
#: Two float64 computations of one formula differ by rounding only; two ideas differ by far more.
_RTOL = {"float64": 1e-9, "float32": 1e-4, "complex128": 1e-9}


@dataclass(frozen=True, slots=True)
class Misconception:
    """A wrong idea: its sentence, its hint, and for which exercises it has wrong functions."""

    id: str
    title: str
    hint: str
    convention: bool
    usual_in: str
    exercises: frozenset[str]
    #: By exercise, the id of another idea that is algebraically the same there and is named instead.
    equals: Mapping[str, str]
    path: Path
    module: types.ModuleType
    #: What the solution defines: a variant may use it, as a student's code uses what the other cells define.
    around: Mapping[str, Any] = field(default_factory=dict)
    #: By exercise, the ways in which the reference is edited; none where the file holds functions of its own.
    forms: Mapping[str, tuple[EditForm, ...]] = field(default_factory=dict)

    def functions(self, around: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the wrong functions, newly made: some variants keep state between calls.

        Args:
            around: what the reference defines, for functions that call others; default what it was loaded with.
        """
        module = load_module(self.path, self.around if around is None else around)
        return {e: getattr(module, e) for e in self.exercises}

    def evidence(self, exercise: str, yours: object, expected: object) -> str | None:
        """Return a sentence with numbers, if this idea has one; an answer of an odd form has none."""
        function: Callable[[str, object, object], str | None] | None = getattr(self.module, "evidence", None)
        if function is None:
            return None
        try:
            return function(exercise, yours, expected)
        except (TypeError, ValueError, IndexError, KeyError, AttributeError, RuntimeError, ZeroDivisionError):
            return None


@dataclass(frozen=True, slots=True)
class Trace:
    """What one check saw of one implementation: how it ended and every answer on the way."""

    check: str
    passed: bool
    answers: tuple[Any, ...]
    #: Whether the check was stopped on the way, because more was not asked for.
    cut: bool = False


def load_module(path: Path, around: Mapping[str, Any] | None = None) -> types.ModuleType:
    """Execute one of the assignment's own Python files under a name that collides with nothing.

    Args:
        path: the file.
        around: what names mean that it does not define itself.

    Raises:
        AssignmentError: naming the file, if it cannot be executed.
    """
    name = f"_autograder_{path.parent.name}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise AssignmentError(f"{path} is not a Python file.")
    module = importlib.util.module_from_spec(spec)
    if around:
        # Where Python looks last: nothing of it counts as defined by the file.
        module.__dict__["__builtins__"] = {**vars(builtins), **around}
    # Dataclasses look their module up there.
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
        AssignmentError: naming the file that lacks its sentence or its hint.
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
                title=" ".join(title.split()),
                hint=hint,
                convention=bool(getattr(module, "CONVENTION", False)),
                usual_in=str(getattr(module, "USUAL_IN", "")),
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
    """Return what the solution beside a folder of variants defines, imports among it."""
    path = directory.parent / "solution.py"
    names = vars(load_module(path)) if path.is_file() else {}
    return {name: value for name, value in names.items() if not name.startswith("__")}


def same_answers(mine: object, theirs: object) -> bool:
    """Whether two recorded answers agree: structure, types, shapes, dtypes, and numbers up to rounding.

    A list is as good as a tuple.
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
    # The judge's own answers may still hang on a graph.
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
        # Weights are many and all finite as a rule; picking elements costs more than all the rest.
        a, b = a[finite], b[finite]
        if a.numel() == 0:
            return True
    scale = float(torch.maximum(a.abs().max(), b.abs().max()))
    return float((a - b).abs().max()) <= rtol * scale
