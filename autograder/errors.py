"""Every exception this package raises on purpose.

::

    AutograderError            the root; str() is a message for the person at the terminal
    ├── UsageError             the command or its environment is wrong: exit code 2
    │   ├── CourseError        no course here, or its configuration cannot be read
    │   ├── AssignmentError    an assignment's own files are wrong; names file and remedy
    │   └── DeviceError        a device was asked for that this machine does not have
    ├── SubmissionRejected     the file handed in cannot be graded, and why
    ├── GraderFault            our own failure; the submission stays ungraded: exit code 3
    │   ├── SandboxError       the zygote or a worker could not be set up
    │   └── GradebookError     nbgrader's database refused what we wrote
    └── ProtocolError          a worker broke the wire protocol; its process is killed

A student's wrong, raising, hanging or crashing code is a verdict (`autograder.verdict`), never one of these.
"""

from __future__ import annotations

__all__ = [
    "AssignmentError",
    "AutograderError",
    "CourseError",
    "DeviceError",
    "GradebookError",
    "GraderFault",
    "ProtocolError",
    "SandboxError",
    "SubmissionRejected",
    "UsageError",
]


class AutograderError(Exception):
    """The root of the tree."""


class UsageError(AutograderError):
    """The command or its environment is wrong."""


class CourseError(UsageError):
    """No course here, or its configuration cannot be read."""


class AssignmentError(UsageError):
    """An assignment's own files are wrong."""


class DeviceError(UsageError):
    """A device was asked for that this machine does not have."""


class SubmissionRejected(AutograderError):
    """The file handed in cannot be graded; the message says why and what to do."""


class GraderFault(AutograderError):
    """Our own failure: the submission is `ungraded`, never zero."""


class SandboxError(GraderFault):
    """The zygote or a worker could not be set up."""


class GradebookError(GraderFault):
    """nbgrader's database refused what we wrote."""


class ProtocolError(AutograderError):
    """A worker broke the wire protocol."""
