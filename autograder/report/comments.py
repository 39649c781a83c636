"""Texts that nbgrader's own pages show beside our scores."""

from __future__ import annotations

from autograder.report.text import one_line, points
from autograder.verdict import CheckResult, ExerciseResult, Outcome, StudentFault

__all__ = ["comment_for", "escape_markdown", "report_text"]

_ESCAPES = {c: f"\\{c}" for c in "`*_{}[]()#+-.!|~^:/@=?'%"}
_ESCAPES |= {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
# MathJax reads the finished page, where an escaped delimiter is a delimiter again, and it knows links of its
# own: so these two become their full-width twins.
_ESCAPES |= {"$": "\uff04", "\\": "\uff3c"}
_TABLE = str.maketrans(_ESCAPES)
#: For the assignment's own sentences, which hold no addresses that could become links: they stand in
#: formgrader's comment box as they are written here, backslashes and all.
_OWN_TABLE = str.maketrans({c: e for c, e in _ESCAPES.items() if c not in "()#+-.!:/@=?'%"})
_MAX_LISTED = 40


def escape_markdown(text: str) -> str:
    """Escape text so that Markdown, MathJax and HTML show it as it is; line ends become spaces."""
    return one_line(text, 1000).translate(_TABLE)


def _own(text: str) -> str:
    """Escape a sentence of the assignment's, with as few marks as it needs."""
    return one_line(text, 1000).translate(_OWN_TABLE)


def comment_for(exercise: ExerciseResult) -> str:
    """Return the comment beside a solution cell: what is missing and why, empty for full marks."""
    failed = [c for c in exercise.checks if c.outcome is not Outcome.PASSED]
    if not failed:
        return ""
    if exercise.diagnosis == "not-implemented":
        return _own("The stub is still there, so nothing could be checked.")
    parts = []
    if exercise.diagnosis_title:
        parts.append(f"**{_own(exercise.diagnosis_title)}**")
        if exercise.evidence:
            # Made from what the student's code answered.
            parts.append(escape_markdown(exercise.evidence))
        if exercise.hint:
            parts.append(_own(exercise.hint))
        if all(c.convention for c in failed):
            parts.append("This is a usual convention elsewhere; it costs only the check below.")
    if exercise.fault is not None:
        parts.append(escape_markdown(_fault(exercise.fault)))
    listed = [f"- {_own(_title(c))}{escape_markdown(_message(c))}" for c in failed[:_MAX_LISTED]]
    return "\n\n".join([*parts, "\n".join(listed)])


def report_text(exercise: ExerciseResult) -> str:
    """Return the lines that stand in the output of a test cell of the autograded notebook."""
    lines = [f"Hidden checks: {points(exercise.score)} / {points(exercise.max_score)} points"]
    for check in exercise.checks:
        mark = "passed" if check.outcome is Outcome.PASSED else check.outcome.value.upper()
        lines.append(f"  {mark:<8} {_sentence(check)}")
    if exercise.fault is not None and exercise.diagnosis != "not-implemented":
        lines.append(one_line(_fault(exercise.fault), 1000))
    if exercise.diagnosis:
        lines.append(one_line(f"Diagnosis: {exercise.diagnosis}. {exercise.diagnosis_title or ''}"))
    if exercise.evidence:
        lines.append(one_line(exercise.evidence))
    return "\n".join(lines)


def _fault(fault: StudentFault) -> str:
    where = "" if fault.line is None else f", line {fault.line}"
    place = f" (cell {fault.cell}{where})" if fault.cell else ""
    return f"{fault.type}: {fault.message}{place}"


def _sentence(check: CheckResult) -> str:
    return _title(check) + _message(check)


def _title(check: CheckResult) -> str:
    title = one_line(check.title or check.name.replace("_", " "))
    # Sentences end in a full stop; a message comes after a colon.
    return title.rstrip(".") if _message(check) else title


def _message(check: CheckResult) -> str:
    if check.outcome is Outcome.PASSED or not check.message:
        return ""
    return f": {one_line(check.message)}"
