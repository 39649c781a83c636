"""Grades every small change of the reference like a submission, and shows those that no check notices."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from autograder.authoring.verify.findings import Finding, MutantReport, Survivor
from autograder.authoring.verify.mutate import Mutant, mutants_of
from autograder.authoring.verify.progress import VerifyProgress
from autograder.authoring.verify.sources import relative
from autograder.course.assignment import Assignment
from autograder.errors import AssignmentError, GraderFault

__all__ = ["EQUIVALENT", "try_mutants"]

#: Where an assignment lists the mutants that mean the same as the reference.
EQUIVALENT = "equivalent_mutants.toml"


class _Entry(BaseModel):
    """A change without effect, and why: its lines before and after, without their indentation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    exercise: str
    was: str
    becomes: str
    reason: str = Field(min_length=10)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    mutant: tuple[_Entry, ...] = ()


def try_mutants(
    assignment: Assignment, progress: VerifyProgress, only: frozenset[str] | None = None
) -> tuple[MutantReport, list[Finding]]:
    """Try every mutant in processes of their own; `only` limits them to these exercises.

    Raises:
        UsageError: if the libraries for it are not installed.
        AssignmentError: if the list of equivalent mutants cannot be read.
        GraderFault: if the process that tries them fails.
    """
    started = time.perf_counter()
    listed = [e for e in _equivalent(assignment) if only is None or e.exercise in only]
    mutants = [m for m in mutants_of(assignment) if only is None or m.exercise in only]
    progress.part(assignment.slug, "mutants", len(mutants))
    survived: list[Mutant] = []
    for number, how in _tried(assignment, mutants):
        if how == "survived":
            survived.append(mutants[number])
        progress.step()
    survived.sort(key=lambda m: m.line)
    entries = {(e.exercise, _bare(e.was), _bare(e.becomes)): e for e in listed}
    equivalent = [m for m in survived if _key(m) in entries]
    alive = [m for m in survived if _key(m) not in entries]
    total = Counter(m.exercise for m in mutants)
    total.subtract(m.exercise for m in equivalent)
    killed = total.copy()
    killed.subtract(m.exercise for m in alive)
    order = [e.id for e in assignment.coded if e.id in total]
    report = MutantReport(
        total={e: total[e] for e in order},
        killed={e: killed[e] for e in order},
        equivalent=len(equivalent),
        survivors=tuple(Survivor(m.exercise, m.operator, m.line, m.diff) for m in alive),
        seconds=time.perf_counter() - started,
    )
    return report, [*_survivors(assignment, alive), *_stale(assignment, entries, {_key(m) for m in equivalent})]


def _survivors(assignment: Assignment, alive: list[Mutant]) -> Iterator[Finding]:
    for mutant in alive:
        yield Finding(
            f"{relative(assignment.solution_path, assignment)}:{mutant.line}",
            f"no check notices when `{_short(mutant.was)}` becomes `{_short(mutant.becomes)}`",
            f"correct a check so that it does, or list the change with its reason in {EQUIVALENT} if it means the same",
            mutant.exercise,
        )


def _stale(
    assignment: Assignment, entries: dict[tuple[str, str, str], _Entry], used: set[tuple[str, str, str]]
) -> Iterator[Finding]:
    for key, entry in entries.items():
        if key not in used:
            yield Finding(
                relative(assignment.secret_dir / EQUIVALENT, assignment),
                f"no surviving mutant turns `{_short(entry.was)}` into `{_short(entry.becomes)}`",
                "remove the entry, or correct its lines",
                entry.exercise,
            )


def _equivalent(assignment: Assignment) -> tuple[_Entry, ...]:
    path = assignment.secret_dir / EQUIVALENT
    if not path.exists():
        return ()
    try:
        return _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).mutant
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AssignmentError(f"{path} is not valid TOML: {error}.") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise AssignmentError(f"{path}: {where}: {first['msg']}; correct that entry.") from None


def _key(mutant: Mutant) -> tuple[str, str, str]:
    return mutant.exercise, _bare(mutant.was), _bare(mutant.becomes)


def _bare(lines: str) -> str:
    return "\n".join(line.strip() for line in lines.strip().splitlines())


def _short(lines: str) -> str:
    return " ⏎ ".join(lines.strip().splitlines())


def _tried(assignment: Assignment, mutants: list[Mutant]) -> Iterator[tuple[int, str]]:
    """Yield the number of each mutant and how it ended.

    Raises:
        GraderFault: if the process that tries them ends early, or the reference itself does not pass there.
    """
    root = assignment.secret_dir.parent.parent
    request = {
        "root": str(root),
        "slug": assignment.slug,
        "mutants": [{"exercises": m.exercises, "source": m.source} for m in mutants],
    }
    with tempfile.TemporaryFile("w+", encoding="utf-8") as given, tempfile.TemporaryFile("w+") as said:
        json.dump(request, given)
        given.seek(0)
        host = subprocess.Popen(
            [sys.executable, "-m", "autograder.authoring.verify.mutant_host"],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            encoding="utf-8",
        )
        with host:
            try:
                yield from _answers(host)
            finally:
                host.kill()
        said.seek(0)
        last = said.read().strip().splitlines()[-1:]
        if host.returncode not in {0, -9}:
            raise GraderFault(f"the process that tries mutants failed: {''.join(last) or 'no reason given'}")


def _answers(host: subprocess.Popen[str]) -> Iterator[tuple[int, str]]:
    assert host.stdout is not None
    for line in host.stdout:
        answer = json.loads(line)
        if answer["number"] >= 0:
            if answer["how"] == "broken":
                raise GraderFault(f"mutant {answer['number']} could not be graded; see the error above")
            yield answer["number"], answer["how"]
        elif answer["how"] != "survived":
            raise GraderFault(f"the reference's {answer['exercise']} does not pass in a fork ({answer['how']})")
    host.wait()
