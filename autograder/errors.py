"""Every exception this package raises on purpose.

::

    AutograderError            the root; str() is a message for the person at the terminal
    ├── UsageError             the command or its environment is wrong: exit code 2
    │   ├── CourseError        no course here, or its configuration cannot be read
    │   ├── AssignmentError    an assignment's own files are wrong; names file and remedy
    │   ├── DeviceError        a device was asked for that this machine does not have
    │   └── BusyError          another run is at the same assignment
    ├── SubmissionRejected     the submission cannot be graded, and why
    │   └── SubmissionTooLarge … because it is beyond a limit: not run, so ungraded and never a zero
    ├── GraderFault            our own failure; the submission stays ungraded: exit code 3
    │   ├── SandboxError       the zygote or a worker could not be set up
    │   │   ├── SandboxLate    … in time: the machine may be busy
    │   │   └── DeviceFault    the GPU did not start in a worker, was lost, or had no memory left
    │   ├── GradebookError     nbgrader's database refused what we wrote
    │   └── OutputError        a file could not be written; names the folder and the remedy
    ├── Interrupted            somebody ended the batch: exit code 130
    └── ProtocolError          a worker broke the wire protocol; its process is killed

A student's wrong, raising, hanging or crashing code is a verdict (`autograder.verdict`), never one of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.sentences import Sentence

__all__ = [
    "AssignmentError",
    "AutograderError",
    "BusyError",
    "CourseError",
    "DeviceError",
    "DeviceFault",
    "GradebookError",
    "GraderFault",
    "Interrupted",
    "OutputError",
    "ProtocolError",
    "SandboxError",
    "SandboxLate",
    "SubmissionRejected",
    "SubmissionTooLarge",
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


class BusyError(UsageError):
    """Another run is at the same assignment."""


class SubmissionRejected(AutograderError):
    """The submission cannot be graded; `reason` tells the student why and what to do."""

    def __init__(self, reason: Sentence) -> None:
        super().__init__(reason)
        self.reason = reason


class SubmissionTooLarge(SubmissionRejected):
    """The submission is beyond a limit and was not run; `reason` names the limit and where it stands."""


class GraderFault(AutograderError):
    """Our own failure: the submission is `ungraded`, never zero."""


class SandboxError(GraderFault):
    """The zygote or a worker could not be set up."""


class SandboxLate(SandboxError):
    """The zygote or a worker did not answer in time; the machine may still be able to run it."""


class DeviceFault(SandboxError):
    """The GPU did not start in a worker, was lost, or had no memory left; `memory` says that it was the last."""

    def __init__(self, message: str, *, memory: bool = False) -> None:
        super().__init__(message)
        self.memory = memory


class GradebookError(GraderFault):
    """nbgrader's database refused what we wrote."""


class OutputError(GraderFault):
    """A file could not be written; the message names the folder and the remedy."""


class Interrupted(AutograderError):
    """Somebody ended the batch; the message says what is done and how to go on."""


class ProtocolError(AutograderError):
    """A worker broke the wire protocol."""
