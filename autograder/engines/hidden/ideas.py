"""Which known wrong ideas an exercise shows: one, exactly one pair, or those that explain most of the failed checks.

The first rule that names something counts:

1. The only idea that gives the same answers in all checks.
2. The only idea that gives the same numbers in all checks, where only changed inputs or the precision differ.
3. The only pair, composed of two edits of the reference, that gives the same numbers in all checks. Several such pairs
   name nothing, not even an idea that they share. Without any, the only pair that gives the same numbers in at least
   half of the failed checks (two or more), in more of them than any single idea, and that passes the checks that the
   student passed. A check in which code that does nothing gives these numbers too does not count there.
4. The fewest ideas that explain the failed checks: each fails one of them with the same numbers, and fails none that
   the student passed. They have to explain at least half of the failed checks.
5. What the checks themselves say.

Code that raises leaves no answers, so it "matches" any other code that raises: an exception alone is no evidence where
other checks raise as well, and never evidence for a pair.
"""

from __future__ import annotations

import ast
import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any, Protocol

from autograder.checks.student import LocalTransport, Student, StudentError
from autograder.course.notebook.edits import Definition, Editor, Misfit
from autograder.course.notebook.variants import Reference, edited
from autograder.engines.hidden.diagnosis import Misconception, Trace, same_answers
from autograder.engines.hidden.facts import Seen, Sketch, apart, raised, sketch, unlike
from autograder.engines.hidden.idle import idle
from autograder.verdict import ACCUMULATES, DTYPE_LOST, IN_PLACE, OWN_IDS, Outcome

__all__ = ["Ideas", "NamedIdeas", "Pair", "Runner"]

#: More ideas than this together could explain anything.
_MOST_NAMED = 3
#: How many checks a pair has to explain that does not explain all: one check may agree by chance.
_LEAST = 2
#: Ideas that generic checks name: they count only where no other idea explains better.
_LAST = (ACCUMULATES, DTYPE_LOST)


@dataclass(frozen=True, slots=True)
class NamedIdeas:
    """The ideas that were recognised, the one that costs most first, and the failed checks that they do not explain."""

    ids: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    #: How they were found: "one", "apart", "pair", "partly", "cover", "said", or empty.
    how: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two ideas, and the reference with both: in one form, or in several where the order matters."""

    ids: tuple[str, str]
    codes: tuple[CodeType, ...]


class Runner(Protocol):
    """Runs one check of the exercise against a namespace; with `enough` until that is true of an answer."""

    def __call__(self, check: str, namespace: Mapping[str, Any], enough: Callable[[Any], bool] | None = None) -> Trace:
        """Return what the check saw."""


class Ideas:
    """The known wrong ideas of one exercise, compiled once; each is run once on a judge's inputs."""

    def __init__(
        self,
        exercise: str,
        known: Sequence[Misconception],
        reference: Mapping[str, Any],
        code: Reference,
        *,
        run: Runner,
        run_all: Callable[[Mapping[str, Any]], Sequence[Trace]],
        cost: Mapping[str, int],
    ) -> None:
        self._exercise = exercise
        self._known = [m for m in known if exercise in m.exercises and exercise not in m.equals]
        self._reference = reference
        self._code = code
        self._run = run
        self._run_all = run_all
        self._cost = cost
        self._conventions = {m.id for m in known if m.convention}
        self._traces: dict[str, list[_Traces]] = {}
        self._pairs: list[Pair] | None = None
        self._idle: list[_Traces] | None = None
        self._sketches: dict[tuple[int, int, str], Sketch] = {}

    # -- what known ideas answer ---------------------------------------------------------------------------

    def traces(self, known: Misconception) -> list[_Traces]:
        """Return what an idea's forms answer, the first form first.

        What outlives the call has two of each form: with nothing left from earlier calls, and with a lot.
        """
        if known.id not in self._traces:
            self._traces[known.id] = list(self._answers(known))
        return self._traces[known.id]

    def _answers(self, known: Misconception) -> Iterator[_Traces]:
        forms = known.forms.get(self._exercise, ())
        # Who has an idea has it in what the exercise calls as well.
        whole = [_compiled(edited(known.path, e, f[0], self._code)) for e, f in known.forms.items()] if forms else []
        spaces: list[Mapping[str, Any]] = [self._namespace(*whole)] if forms else []
        spaces += [self._namespace(_compiled(edited(known.path, self._exercise, f, self._code))) for f in forms[1:]]
        spaces = spaces or [{**self._reference, **known.functions(self._reference)}]
        # Code that is no edit may remember what it was asked, so it is asked everything in one order.
        remembers = not forms or known.id == ACCUMULATES
        for space in spaces:
            yield _Traces(space, self._run, {t.check: t for t in self._run_all(space)} if remembers else {})
        if known.id == ACCUMULATES:
            # A student's own cells have filled by now what outlives the call: the same code, after all checks.
            yield from (_Traces(space, self._run, {}) for space in spaces)

    def _namespace(self, *codes: CodeType) -> dict[str, Any]:
        names = dict(self._reference)
        for code in codes:
            exec(code, names)  # noqa: S102 - the assignment's own code
        return names

    def pairs(self) -> list[Pair]:
        """Return the pairs that can be composed of two ideas that are edits."""
        if self._pairs is None:
            self._pairs = list(self._composed())
        return self._pairs

    def namespaces(self, pair: Pair) -> Iterator[Mapping[str, Any]]:
        """Yield the names that a notebook with both ideas would define, once for each order that makes a difference."""
        return (self._namespace(code) for code in pair.codes)

    def _composed(self) -> Iterator[Pair]:
        due = self._code.definitions.get(self._exercise)
        edits = [m for m in self._known if self._exercise in m.forms] if due is not None else []
        editor = Editor()

        @functools.cache
        def once(identifier: str, number: int) -> Definition:
            """Return the reference with one form of one idea."""
            assert due is not None
            (known,) = (m for m in edits if m.id == identifier)
            return editor.apply(due, known.forms[self._exercise][number])

        def numbered(known: Misconception) -> list[tuple[str, int]]:
            return [(known.id, number) for number in range(len(known.forms[self._exercise]))]

        forms = {m.id: m.forms[self._exercise] for m in edits}
        for first, second in itertools.combinations(edits, 2):
            made: dict[int, CodeType] = {}
            for one, other in itertools.product(numbered(first), numbered(second)):
                for (before, i), (after, j) in ((one, other), (other, one)):
                    try:
                        tree = editor.apply(once(before, i), forms[after][j])
                    except Misfit:
                        # After the first edit the second one does not fit any more.
                        continue
                    number = editor.number(tree)
                    if number not in made:
                        made[number] = _compiled(tree)
            if made:
                yield Pair((first.id, second.id), tuple(made.values()))

    # -- what a student's answers show ---------------------------------------------------------------------

    def name(self, seen: Sequence[Seen]) -> NamedIdeas:
        """Return the ideas that an exercise's traces show."""
        failed = [s for s in seen if s.failed]
        if not failed or any(s.ending.broken for s in failed):
            return NamedIdeas()
        seen = self._by_price(seen)
        found = self._one(seen)
        if found is not None:
            return NamedIdeas((found,), how="one")
        return self._apart(seen) or self._pair(seen, failed) or self._cover(seen, failed) or _said(failed)

    def unless_refuted(self, named: NamedIdeas, example: str, expected: object) -> NamedIdeas:
        """Return the named ideas, or none where a student's right answer to the public example speaks against one.

        With each form of that idea the example gives another answer than the expected one.
        """
        known = [m for m in self._known if m.id in named.ids and m.id not in OWN_IDS]
        if known and named.how == "pair":
            works = [[n for p in self.pairs() if set(p.ids) <= set(named.ids) for n in self.namespaces(p)]]
        else:
            works = [[traces.names for traces in self.traces(m)] for m in known]
        right = (any(_answers_example(names, example, expected) for names in spaces) for spaces in works)
        return named if all(right) else NamedIdeas()

    def _by_price(self, seen: Sequence[Seen]) -> list[Seen]:
        """Order checks so that the first difference comes soon: the failed ones first, and those that cost little."""
        return sorted(seen, key=lambda s: (not s.failed, self._price(s)))

    def _one(self, seen: Sequence[Seen]) -> str | None:
        """Return the only idea that answers alike in all checks, else the only one with another form that does."""
        run = [s.trace for s in seen if s.ending.outcome is not Outcome.SKIPPED]

        def fits(theirs: _Traces) -> bool:
            return all(
                t.passed == (u := theirs.get(t.check)).passed and same_answers(t.answers, u.answers) for t in run
            )

        first = [m.id for m in self._known if fits(self.traces(m)[0])]
        if len(first) == 1:
            return first[0]
        found = {m.id for m in self._known if any(map(fits, self.traces(m)[1:]))}
        return found.pop() if len(found) == 1 else None

    def _apart(self, seen: Sequence[Seen]) -> NamedIdeas | None:
        """Name the only idea with the same numbers in all checks, and what differs besides the numbers."""
        found: dict[str, frozenset[str]] = {}
        for known in self._known:
            for traces in self.traces(known):
                extra = _everywhere(seen, traces)
                if extra is not None and not all(traces.get(s.trace.check).passed for s in seen):
                    # Of several forms the one counts that is most like the student's code.
                    found[known.id] = min(found.get(known.id, extra), extra, key=len)
        ids = {i for i in found if i not in _LAST and i != IN_PLACE}
        # Where no other idea does, one of these counts if nothing but itself is needed to explain the answers.
        ids = ids or {i for i, extra in found.items() if not extra}
        if len(ids) != 1:
            return None
        (identifier,) = ids
        return NamedIdeas((identifier, *self._worth_saying(found[identifier], seen)), how="apart")

    def _pair(self, seen: Sequence[Seen], failed: Sequence[Seen]) -> NamedIdeas | None:
        """Name the only pair whose numbers are alike in all checks, else the only one that explains most of them."""
        told = [s for s in self._by_price(failed) if not raised(s.trace)]
        if not told or any(s.ending.outcome is not Outcome.FAILED for s in told):
            return None
        explained = self._matching(told, len(failed))
        found: dict[tuple[str, str], frozenset[str]] = {}
        partly: dict[tuple[str, str], set[str]] = {}
        for (i, j), checks in explained.items():
            pair = self.pairs()[i]
            traces = _Traces(self._namespace(pair.codes[j]), self._run, {})
            extra = _everywhere(seen, traces) if len(checks) == len(told) else None
            if extra is not None:
                found[pair.ids] = min(found.get(pair.ids, extra), extra, key=len)
            elif len(checks) >= _LEAST and 2 * len(checks) >= len(failed) and self._passes(seen, traces):
                true = {
                    s.trace.check
                    for s in told
                    if apart(s, traces.get(s.trace.check)) == frozenset() and not self._like_idle(s)
                }
                partly[pair.ids] = max(partly.get(pair.ids, set()), true, key=len)
        if len(found) == 1:
            ((ids, extra),) = found.items()
            said = self._worth_saying(extra, seen)
            return NamedIdeas((*self._by_weight(ids, failed), *said), how="pair")
        if found or not partly:
            return None
        most = max(map(len, partly.values()))
        best = [ids for ids, checks in partly.items() if len(checks) == most]
        if len(best) != 1 or most < _LEAST or 2 * most < len(failed) or most <= self._alone(failed):
            return None
        left = tuple(s.trace.check for s in failed if s.trace.check not in partly[best[0]])
        return NamedIdeas(tuple(self._by_weight(best[0], failed)), left, "partly")

    def _like_idle(self, seen: Seen) -> bool:
        """Whether code that does nothing gives the student's numbers too: that is no evidence of two ideas."""
        if self._idle is None:
            names = [{**self._reference, self._exercise: form} for _, form in idle(self._reference[self._exercise])]
            self._idle = [_Traces(n, self._run, {}) for n in names]
        return any(apart(seen, traces.get(seen.trace.check)) is not None for traces in self._idle)

    def _worth_saying(self, extra: frozenset[str], seen: Sequence[Seen]) -> list[str]:
        """Return what differs besides an idea's numbers, without a precision that this exercise does not ask for."""
        asked = any(m.id == DTYPE_LOST for m in self._known) or any(s.ending.diagnosis == DTYPE_LOST for s in seen)
        return sorted(i for i in extra if asked or i != DTYPE_LOST)

    def _matching(self, told: Sequence[Seen], failed: int) -> dict[tuple[int, int], set[str]]:
        """Return the pairs that may explain half of the failed checks, with these checks."""
        # Where a check stopped at an input that was changed, or at a precision, that says nothing about its numbers.
        sure = {s.trace.check for s in told if s.ending.diagnosis in {IN_PLACE, DTYPE_LOST}}
        rest = [(s.trace, sketch(s.trace)) for s in told if s.trace.check not in sure]
        left = {(i, j): set(sure) for i, pair in enumerate(self.pairs()) for j in range(len(pair.codes))}
        likely = self._likely(*rest[0]) if len(rest) > 1 else None
        later = {key for key in left if likely is not None and self.pairs()[key[0]].ids not in likely}

        def look(keys: Iterable[tuple[int, int]], number: int) -> None:
            trace, mine = rest[number]
            for key in keys:
                if self._sketch(*key, trace, mine).may_be(mine):
                    left[key].add(trace.check)

        for number in range(len(rest)):
            look(left if number else left.keys() - later, number)
            if number == 1:
                look([key for key in later if left[key]], 0)
            # A pair that fits neither of the two cheapest checks is not tried in the others, nor one that can explain
            # neither all of these checks nor half of all failed ones any more.
            tried = number + 1 + len(sure)
            if number:
                left = {
                    key: checks
                    for key, checks in left.items()
                    if checks and (len(checks) == tried or 2 * (len(told) - tried + len(checks)) >= failed)
                }
        return {key: checks for key, checks in left.items() if checks}

    def _likely(self, trace: Trace, mine: Sketch) -> frozenset[tuple[str, str]]:
        """Return the pairs that look as if they could give the student's answers to a check.

        Where one of two ideas changes nothing, the pair mostly answers like the other one. That is no proof: two ideas
        may change something only together.
        """
        idle: set[str] = set()
        alike: set[str] = set()
        for known in self._known:
            theirs = [traces.get(trace.check) for traces in self.traces(known)]
            if all(other.passed for other in theirs):
                idle.add(known.id)
            if any(sketch(other).may_be(mine) for other in theirs):
                alike.add(known.id)
        return frozenset(p.ids for p in self.pairs() if not idle & {*p.ids} or alike & {*p.ids})

    def _passes(self, seen: Sequence[Seen], traces: _Traces) -> bool:
        """Whether known code passes all checks that the student passed."""
        return all(traces.get(s.trace.check).passed for s in seen if s.ending.outcome is Outcome.PASSED)

    def _alone(self, failed: Sequence[Seen]) -> int:
        """Return the largest number of failed checks that one idea explains alone."""
        return max(
            (
                sum(apart(s, t.get(s.trace.check)) == frozenset() for s in failed)
                for m in self._known
                for t in self.traces(m)
            ),
            default=0,
        )

    def _price(self, seen: Seen) -> int:
        return self._cost.get(seen.trace.check, 0)

    def _sketch(self, i: int, j: int, trace: Trace, mine: Sketch) -> Sketch:
        """Return the sketch of a pair in a check, as far as it is needed to tell it from a student's trace."""
        key = (i, j, trace.check)
        known = self._sketches.get(key)
        if known is None or known.goes_on_like(mine):
            names = self._namespace(self.pairs()[i].codes[j])
            known = self._sketches[key] = sketch(self._run(trace.check, names, unlike(trace)))
        return known

    def _by_weight(self, ids: Sequence[str], failed: Sequence[Seen]) -> list[str]:
        """Order ideas by the weight of the failed checks that each fails alone; a convention comes last."""
        known = {m.id: m for m in self._known}

        def costs(identifier: str) -> int:
            if identifier not in known:
                return 0
            traces = self.traces(known[identifier])[0]
            return sum(s.weight for s in failed if not traces.get(s.trace.check).passed)

        return sorted(ids, key=lambda i: (i in _LAST, i in self._conventions, -costs(i), i))

    def _cover(self, seen: Sequence[Seen], failed: Sequence[Seen]) -> NamedIdeas | None:
        """Name the fewest ideas that explain the failed checks, if they explain at least half of them."""
        lost = {s.trace.check for s in failed}
        raising = sum(raised(s.trace) or s.ending.fault is not None for s in failed)
        explains: dict[str, set[str]] = {}
        within: set[str] = set()
        for number, each in enumerate(self._by_price(failed)):
            if 2 * (len(within) + len(failed) - number) < len(failed):
                # Even if the others are explained, it is less than half.
                return None
            for identifier in self._explaining(each, seen, failed, alone=raising <= 1):
                explains.setdefault(identifier, set()).add(each.trace.check)
                within.add(each.trace.check)
        chosen = _fewest(explains, within)
        covered = set().union(*(explains[i] for i in chosen)) if chosen else set()
        if not chosen or 2 * len(covered) < len(lost):
            return None
        left = tuple(s.trace.check for s in failed if s.trace.check not in covered)
        if any(s.ending.diagnosis == ACCUMULATES and s.trace.check in left for s in failed):
            # The check saw a state that grows from call to call: equal numbers may be a coincidence.
            return None
        return NamedIdeas(tuple(self._by_weight(sorted(chosen), failed)), left, "cover")

    def _not_contradicted(self, said: str, failed: Sequence[Seen]) -> bool:
        """Whether no failed check that this idea fails too names another idea: one check may name it by chance."""
        known = next((m for m in self._known if m.id == said), None)
        if known is None or said == IN_PLACE:
            return True
        traces = self.traces(known)[0]
        also = [s for s in failed if not traces.get(s.trace.check).passed]
        return all(_said_of(s) in {said, None} if s.ending.fault else _said_of(s) == said for s in also)

    def _explaining(self, each: Seen, seen: Sequence[Seen], failed: Sequence[Seen], *, alone: bool) -> Iterator[str]:
        said = _said_of(each)
        error = raised(each.trace) or each.ending.fault is not None
        if said is not None and said not in _LAST and (alone or not error) and self._not_contradicted(said, failed):
            yield said
        if error and not alone:
            return
        for known in self._known:
            if known.id in _LAST:
                continue
            for traces in self.traces(known):
                # The fewer checks are asked first: those that the student passed, or those that failed.
                if 2 * len(failed) > len(seen) and not self._passes(seen, traces):
                    continue
                theirs = traces.get(each.trace.check)
                if not theirs.passed and apart(each, theirs) == frozenset() and self._passes(seen, traces):
                    yield known.id


def _said_of(seen: Seen) -> str | None:
    """Return the idea that a check itself names."""
    return seen.error_diagnosis if seen.ending.fault is not None else seen.ending.diagnosis


def _everywhere(seen: Sequence[Seen], traces: _Traces) -> frozenset[str] | None:
    """Compare all checks that were run; see `apart`."""
    extra: frozenset[str] = frozenset()
    compared = False
    for each in seen:
        if each.ending.outcome is Outcome.SKIPPED:
            continue
        found = apart(each, traces.get(each.trace.check))
        if found is None:
            return None
        extra |= found
        compared = compared or (each.failed and not raised(each.trace))
    return extra if compared else None


class _Traces:
    """What one namespace answers to the checks, each asked for when it is needed and kept."""

    def __init__(self, names: Mapping[str, Any], run: Runner, done: dict[str, Trace]) -> None:
        self.names = names
        self._run = run
        self._done = done

    def get(self, check: str) -> Trace:
        """Run one check, if it was not run yet."""
        if check not in self._done:
            self._done[check] = self._run(check, self.names)
        return self._done[check]


def _answers_example(names: Mapping[str, Any], example: str, expected: object) -> bool:
    """Whether code gives the expected answer to a public example."""
    try:
        return same_answers(Student(LocalTransport(names)).tools.example(example), expected)
    except StudentError:
        return False


def _fewest(explains: Mapping[str, set[str]], due: set[str]) -> frozenset[str]:
    """Return the ideas that are in every smallest set of ideas that explains all of `due`."""
    for size in range(1, _MOST_NAMED + 1):
        covers = [
            frozenset(chosen)
            for chosen in itertools.combinations(sorted(explains), size)
            if set().union(*(explains[i] for i in chosen)) >= due
        ]
        if covers:
            return frozenset.intersection(*covers)
    return frozenset()


def _said(failed: Sequence[Seen]) -> NamedIdeas:
    """Return the idea that the checks themselves name, if it is only one."""
    named = {_said_of(s) for s in failed}
    remembering = [s for s in failed if s.ending.diagnosis == ACCUMULATES]
    # A check that saw two equal calls differ is proof; the other checks may name no idea, but not another one.
    if remembering and (2 * len(remembering) >= len(failed) or named <= {None, ACCUMULATES}):
        left = tuple(s.trace.check for s in failed if s not in remembering)
        return NamedIdeas((ACCUMULATES,), left, "said")
    only = named.pop() if len(named) == 1 else None
    return NamedIdeas(() if only is None else (only,), how="said" if only else "")


def _compiled(definition: Definition) -> CodeType:
    return compile(ast.Module([definition], []), "<idea>", "exec")
