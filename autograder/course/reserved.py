"""Names that an exercise cannot have, because they mean something else already."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Sequence

__all__ = ["STUDENT", "USUAL_MODULES", "VARIANT", "name_clash"]

#: The public attributes of `autograder.checks.Student` that are the grader's own.
STUDENT = frozenset({"tools"})
#: Names by which a variant of the reference describes itself, see docs/authoring-checks.md.
VARIANT = frozenset({"ALSO_COSTS", "CONVENTION", "EQUALS", "EXTRA_CELLS", "HINT", "OPEN", "USUAL_IN", "evidence"})
#: The modules that these names mean in every public example; solutions and variants import them under these names.
USUAL_MODULES = {
    "F": "torch.nn.functional",
    "math": "math",
    "nn": "torch.nn",
    "np": "numpy",
    "numpy": "numpy",
    "plt": "matplotlib.pyplot",
    "torch": "torch",
}
#: Names that IPython defines in every notebook: they would be found even if the student did not define them.
_IPYTHON = frozenset({"In", "Out", "display", "exit", "get_ipython", "quit"})
_BUILTINS = frozenset(vars(builtins))


def name_clash(identifier: str, others: Sequence[str], *, written: bool) -> str | None:
    """Return why an exercise cannot be called so, or None.

    Args:
        identifier: the exercise's id.
        others: the ids of all exercises of the assignment.
        written: whether it is a written question, which names nothing in Python.
    """
    # Both exercises would have a cell with this grade_id.
    if identifier.startswith("test_") and identifier.removeprefix("test_") in others:
        return f"the test cell of the exercise {identifier.removeprefix('test_')!r} has that name"
    if written:
        return None
    reasons = (
        (keyword.iskeyword(identifier), "it is a keyword of Python"),
        (identifier.startswith("_"), "names that begin with an underscore are helpers, and checks cannot call them"),
        (identifier in STUDENT, f"in a check, `student.{identifier}` is the grader's own"),
        (identifier in VARIANT, f"in a variant of the reference, {identifier!r} says something to the grader"),
        (identifier in USUAL_MODULES, f"in an example it means the module {USUAL_MODULES.get(identifier)}"),
        (identifier in _IPYTHON, "IPython defines it in every notebook"),
        (identifier in _BUILTINS, "in an example it means what is built into Python"),
    )
    return next((reason for holds, reason in reasons if holds), None)
