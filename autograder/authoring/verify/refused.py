"""Every name that an assignment forbids, used in a real worker: each must be refused there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.authoring.verify.findings import Finding
from autograder.authoring.verify.sources import relative
from autograder.course.assignment import Assignment
from autograder.sandbox.forbidden import operator_names, refusal
from autograder.sandbox.host import Worker, ZygoteProcess
from autograder.sandbox.session import CONTROL_S, session_limits

__all__ = ["refused_names"]

#: Runs in a worker, without a student's code: prints the names that can still be used.
_CELL = """
import sys, types, torch
def found(dotted):
    module, _, rest = dotted, "", []
    while module and module not in sys.modules:
        module, _, last = module.rpartition(".")
        rest.insert(0, last)
    thing = sys.modules.get(module)
    for part in rest:
        thing = getattr(thing, part, None)
    return thing
def works(dotted):
    thing = found(dotted)
    if thing is None or isinstance(thing, types.ModuleType) or not callable(thing):
        return False
    try:
        thing()
    except BaseException as error:
        return {sentence!r} not in str(error)
    return True
print(*[n for n in {names!r} if works(n)], sep="\\n")
for full in torch._C._dispatch_get_all_op_names():
    name = full.partition(".")[0]
    if name in {operators!r} and "operators.py" not in torch._C._dispatch_dump(full):
        print({operators!r}[name])
"""


def refused_names(assignment: Assignment, zygote: ZygoteProcess) -> Iterator[Finding]:
    """Find forbidden names that a worker does not refuse.

    Raises:
        GraderFault: if the sandbox fails.
    """
    with zygote.spawn(session_limits(assignment.limits).worker) as worker:
        for extra in ((), *assignment.forbidden_lists):
            names = extra or assignment.forbidden
            if names:
                yield from _refused_in(worker, extra, names, assignment)


def _refused_in(
    worker: Worker, extra: Sequence[str], names: Sequence[str], assignment: Assignment
) -> Iterator[Finding]:
    """Find names that a copy of this worker, in which `extra` is taken away, does not refuse."""
    operators = {operator: name for name in names for operator in operator_names(name)}
    cell = _CELL.format(sentence=refusal("").strip(), names=[n for n in names if "::" not in n], operators=operators)
    request = {"source": cell, "limit_s": 60.0, "limit_bytes": 1 << 20, "name": "names"}
    copy = worker.copy({"scene": None, "exercise": "", "forbidden": list(extra)}, CONTROL_S)
    answer = copy.request("cell", request, 70.0)
    copy.close()
    worker.channel.request("end", False, CONTROL_S)
    said = "".join(o.get("text", "") for o in answer["outputs"])
    if answer["error"] is not None:
        said += " ".join(names)
    for name in sorted(set(said.split())):
        yield Finding(
            relative(assignment.public_dir / "assignment.toml", assignment),
            f"forbids {name}, which still works in a worker",
            "write the name as torch knows it, torch.optim.SGD or aten::softplus for example",
        )
