"""Texts that nbgrader's own pages show beside our scores."""

from __future__ import annotations

import re

from autograder.feedback.text import one_line, points
from autograder.sentences import Sentence, say
from autograder.verdict import NOT_IMPLEMENTED, CheckResult, ExerciseResult, Outcome, StudentFault

__all__ = ["comment_for", "escape_markdown", "report_text"]

# Few marks, because formgrader shows a comment as it is written. MathJax reads the finished page, where an escaped
# delimiter is a delimiter again, and it knows links of its own: so `$` and `\` become their full-width twins.
_TABLE = str.maketrans(
    {c: f"\\{c}" for c in "`*[]|~^"} | dict(zip("&<>$\\", ("&amp;", "&lt;", "&gt;", "\uff04", "\uff3c"), strict=True))
)
#: Signs that would make emphasis beside a word, a link out of an address, or a list, a heading or a definition at the
#: start of a line.
_SIGNS = re.compile(r"(?<![^\W_])_|_(?![^\W_])|:(?=/)|(?<=www)\.|^[#+=:-]", re.IGNORECASE)
_NUMBER = re.compile(r"^(\d+)(?=[.)](?:\s|$))")
_MAX_LISTED = 40


def escape_markdown(text: str) -> str:
    """Escape text so that Markdown, MathJax and HTML show it as it is; line ends become spaces."""
    marked = _SIGNS.sub(r"\\\g<0>", one_line(text, 1000).translate(_TABLE))
    return _NUMBER.sub(r"\1\\", marked)


def comment_for(exercise: ExerciseResult) -> str:
    """Return the comment beside a solution cell: what is missing and why, empty for full marks."""
    failed = [c for c in exercise.checks if c.outcome is not Outcome.PASSED]
    if not failed:
        return ""
    if exercise.diagnosis == NOT_IMPLEMENTED:
        return escape_markdown(say("page.comment-stub"))
    parts = _explanation(exercise, failed)
    if exercise.fault is not None:
        parts.append(escape_markdown(_fault(exercise.fault)))
    listed = [f"- {escape_markdown(_sentence(c))}" for c in failed[:_MAX_LISTED]]
    return "\n\n".join([*parts, "\n".join(listed)])


def _explanation(exercise: ExerciseResult, failed: list[CheckResult]) -> list[str]:
    """Return the paragraphs that say which ideas the numbers show, or what to read first where they show none."""
    parts = []
    if len(exercise.diagnoses) > 1:
        for number, idea in enumerate(exercise.diagnoses, 1):
            parts.append(f"**{number}. {escape_markdown(idea.title)}**")
            parts += [escape_markdown(text) for text in (idea.evidence, idea.hint) if text]
    elif exercise.diagnosis_title:
        parts.append(f"**{escape_markdown(exercise.diagnosis_title)}**")
        if exercise.evidence:
            parts.append(escape_markdown(exercise.evidence))
        if exercise.hint:
            parts.append(escape_markdown(exercise.hint))
        if all(c.convention for c in failed):
            parts.append(say("page.comment-convention"))
    elif exercise.headline:
        parts.append(f"**{escape_markdown(exercise.headline)}**")
    return parts


def report_text(exercise: ExerciseResult) -> str:
    """Return the lines that stand in the output of a test cell of the autograded notebook."""
    lines: list[str] = [say("page.report-points", score=points(exercise.score), max_score=points(exercise.max_score))]
    for check in exercise.checks:
        mark = "passed" if check.outcome is Outcome.PASSED else check.outcome.value.upper()
        lines.append(f"  {mark:<8} {_sentence(check)}")
    if exercise.fault is not None and exercise.diagnosis != NOT_IMPLEMENTED:
        lines.append(one_line(_fault(exercise.fault), 1000))
    if len(exercise.diagnoses) > 1:
        lines += [one_line(say("page.report-diagnosis", id=d.id, title=d.title)) for d in exercise.diagnoses]
    elif exercise.diagnosis:
        title = exercise.diagnosis_title or Sentence()
        lines.append(one_line(say("page.report-diagnosis", id=exercise.diagnosis, title=title)))
    elif exercise.headline:
        lines.append(one_line(exercise.headline, 1000))
    if exercise.evidence:
        lines.append(one_line(exercise.evidence))
    return "\n".join(lines)


def _fault(fault: StudentFault) -> str:
    # A message that could hold hidden inputs was left out.
    raised = f"{fault.type}: {fault.message}" if fault.message else fault.type
    if not fault.cell:
        return raised
    if fault.line is None:
        return say("page.comment-cell", fault=raised, cell=fault.cell)
    return say("page.comment-cell-and-line", fault=raised, cell=fault.cell, line=fault.line)


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
