"""Texts that nbgrader's own pages show beside our scores."""

from __future__ import annotations

from autograder.report.text import clean, points
from autograder.verdict import CheckResult, ExerciseResult, Outcome

__all__ = ["comment_for", "escape_markdown", "report_text"]

_SPECIAL = set("\\`*_{}[]()#+-.!|~>$^:/@")


def escape_markdown(text: str) -> str:
    """Escape text so that Markdown, MathJax and HTML show it as it is; line ends become spaces."""
    plain = " ".join(clean(text, 1000).split())
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    # Entities keep their & and ; while everything that Markdown acts on gets its backslash.
    return "".join(f"\\{c}" if c in _SPECIAL else c for c in plain)


def comment_for(exercise: ExerciseResult) -> str:
    """Return the comment beside a solution cell: what is missing and why, empty for full marks."""
    failed = [c for c in exercise.checks if c.outcome is not Outcome.PASSED]
    if not failed:
        return ""
    parts = []
    if exercise.diagnosis_title:
        parts.append(f"**{escape_markdown(exercise.diagnosis_title)}**")
        parts += [escape_markdown(t) for t in (exercise.evidence, exercise.hint) if t]
    if exercise.fault is not None and exercise.diagnosis != "not-implemented":
        where = f" (line {exercise.fault.line})" if exercise.fault.line else ""
        parts.append(escape_markdown(f"{exercise.fault.type}: {exercise.fault.message}{where}"))
    listed = [f"- {escape_markdown(_sentence(c))}" for c in failed]
    return "\n\n".join(parts) + ("\n\n" if parts else "") + "\n".join(listed)


def report_text(exercise: ExerciseResult) -> str:
    """Return the lines that stand in the output of a test cell of the autograded notebook."""
    lines = [f"Hidden checks: {points(exercise.score)} of {points(exercise.max_score)} points"]
    for check in exercise.checks:
        mark = "passed " if check.outcome is Outcome.PASSED else check.outcome.value.upper()
        lines.append(f"  {mark:<8} {_sentence(check)}")
    if exercise.diagnosis:
        lines.append(f"Diagnosis: {exercise.diagnosis}. {exercise.diagnosis_title or ''}".rstrip())
    if exercise.evidence:
        lines.append(clean(exercise.evidence))
    return "\n".join(lines)


def _sentence(check: CheckResult) -> str:
    title = check.title or check.name
    if check.outcome is Outcome.PASSED or not check.message:
        return title
    return f"{title} — {clean(check.message, 500)}"
