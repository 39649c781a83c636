"""When a submission is late, and what that costs: rules and arithmetic; nothing here reads a file or a clock.

A deadline may move for some students, and rules may change after grading. So lateness is never part of a score: it
can be worked out again without running code.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from autograder.verdict import Grade, Lateness, Status

__all__ = ["Deadlines", "Extension", "LateRule", "parse_duration", "parse_extension", "parse_moment", "penalty"]

_DURATION = re.compile(r"(?=.)(?:(\d{1,4})d)? ?(?:(\d{1,5})h)? ?(?:(\d{1,6})m)? ?(?:(\d{1,8})s)?")
_EXAMPLE = "2026-11-30T23:59:00+01:00"
_HOURS = {"per_day": 24, "per_hour": 1}

#: A student's own deadline, or the time from everybody's deadline to it.
Extension = datetime | timedelta


def parse_duration(text: str) -> timedelta:
    """Read a duration such as `7d`, `36h`, `1d 12h` or `90m`.

    Raises:
        ValueError: if it is no duration, or zero.
    """
    found = _DURATION.fullmatch(text.strip())
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0, 0)
    duration = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if not duration:
        raise ValueError(f"{text!r} is no duration; write it like '7d', '36h' or '1d 12h'")
    return duration


def parse_moment(value: object) -> datetime:
    """Return a date-time of TOML that has an offset from UTC.

    Raises:
        ValueError: if it is something else; a time without offset would depend on who reads it.
    """
    if not isinstance(value, datetime):
        raise ValueError(f"write a date with time and offset, without quotes, such as {_EXAMPLE}")  # noqa: TRY004
    if value.tzinfo is None:
        raise ValueError(f"the time says no offset from UTC; write it with one, such as {_EXAMPLE}")
    return value


def parse_extension(value: object) -> Extension:
    """Read a student's own deadline: a date-time with an offset, or a duration after everybody's deadline.

    Raises:
        ValueError: if it is neither.
    """
    return parse_duration(value) if isinstance(value, str) else parse_moment(value)


class LateRule(BaseModel):
    """The table `[late]` of `assignment.toml`.

    `percent` is taken off once (`flat`), or for each day or hour that has begun after the deadline. A submission within
    `grace_s` after the deadline is not late; a later one is late since the deadline.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    #: None: the assignment's date in nbgrader's gradebook.
    due: datetime | None = None
    grace_s: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    penalty: Literal["none", "flat", "per_day", "per_hour"] = "none"
    percent: Fraction = Field(default=Fraction(0), ge=0, le=100)
    max_percent: Fraction = Field(default=Fraction(100), ge=0, le=100)
    #: What the percentage is taken of: the points that a submission has, or all points of the assignment.
    of: Literal["score", "max_score"] = "score"
    #: A moment, or a time after the student's own deadline; a later submission has no points.
    no_credit_after: Extension | None = None

    @model_validator(mode="before")
    @classmethod
    def _not_personal(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and "extensions" in data:
            raise ValueError(
                "students read this file, and an extension is personal: move the entries to extensions.toml in the "
                "assignment's folder under solutions/, one line per student"
            )
        return data

    @field_validator("due", mode="before")
    @classmethod
    def _moment(cls, value: object) -> datetime:
        return parse_moment(value)

    @field_validator("no_credit_after", mode="before")
    @classmethod
    def _end(cls, value: object) -> Extension:
        return value if isinstance(value, timedelta) else parse_extension(value)

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        if (self.penalty == "none") != (self.percent == 0):
            raise ValueError(
                "penalty and percent belong together: give percent with 'flat', 'per_day' or 'per_hour', "
                "and leave both out for no penalty"
            )
        if isinstance(self.no_credit_after, datetime) and self.due and self.no_credit_after < self.due:
            raise ValueError("no_credit_after lies before due; correct one of them")
        return self


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The deadline of each student. `due` is for students without an extension; all moments have an offset."""

    rule: LateRule
    due: datetime
    extensions: Mapping[str, Extension] = field(default_factory=dict)

    def due_for(self, student: str) -> datetime:
        """Return a student's own deadline, in UTC."""
        extension = self.extensions.get(student, timedelta(0))
        due = extension if isinstance(extension, datetime) else _later(self.due, extension)
        # An extension never takes time away, even if it was mistyped.
        return max(due, self.due).astimezone(UTC)

    def judge(self, grade: Grade, submitted: datetime | None) -> Lateness | None:
        """Return how late a submission is and what that costs; None if nothing was graded.

        Args:
            grade: the verdict; its score does not change.
            submitted: when it was handed in; a time without an offset is UTC; None means unknown and costs nothing.
        """
        if grade.status is Status.UNGRADED:
            return None
        due = self.due_for(grade.student)
        moment = None if submitted is None else _in_utc(submitted)
        late_s = 0.0 if moment is None else max(0.0, (moment - due).total_seconds())
        percent = _percent(self.rule, due, moment, late_s)
        return Lateness(
            due=due.isoformat(),
            submitted=None if moment is None else moment.isoformat(),
            late_s=round(late_s, 3),
            percent=percent,
            of=self.rule.of,
            penalty=penalty(percent, self.rule.of, grade.score, grade.max_score),
        )


def penalty(percent: Fraction, of: str, score: Fraction, max_score: Fraction) -> Fraction:
    """Return the points that `percent` takes off: at least 0, at most the score."""
    return max(Fraction(0), min(score, percent / 100 * (max_score if of == "max_score" else score)))


def _percent(rule: LateRule, due: datetime, moment: datetime | None, late_s: float) -> Fraction:
    if moment is None or late_s <= rule.grace_s:
        return Fraction(0)
    end = rule.no_credit_after
    if end is not None and moment > (end if isinstance(end, datetime) else _later(due, end)):
        return Fraction(100)
    begun = math.ceil(late_s / (_HOURS[rule.penalty] * 3600)) if rule.penalty in _HOURS else 1
    return min(rule.max_percent, begun * rule.percent)


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _later(moment: datetime, duration: timedelta) -> datetime:
    """Add a duration; a moment beyond the calendar becomes its last one."""
    try:
        return _in_utc(moment) + duration
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
