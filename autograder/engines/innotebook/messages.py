"""The setup of a judge that grades by the tests in notebooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Self

from autograder.engines.base import JudgeSetup
from autograder.engines.innotebook.kernels import Found, kernels_of
from autograder.engines.innotebook.release_record import Recorded
from autograder.engines.innotebook.settings import Settings
from autograder.sandbox.spec import Tier

__all__ = ["OWN_FILES", "NotebookSetup"]

#: The folder of the course's own files in a bundle.
OWN_FILES = "own-files"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookSetup(JudgeSetup):
    """What a judge needs to know once, with all that it needs to start its zygotes before it loads nbgrader.

    `own_files` are the course's files by their path beside the notebook, `kernels` what runs each notebook.
    """

    JUDGE: ClassVar[str] = "autograder.engines.innotebook.judge"
    #: What notebooks import differs from one assignment to the next.
    USUAL: ClassVar[bool] = False

    recorded: Recorded
    settings: Settings
    own_files: Mapping[str, Path]
    libraries: tuple[str, ...]
    kernels: Mapping[str, Found | None]

    def moved(self, root: Path, tier: str) -> Self:
        """Return the setup for another machine: the course's own files lie in `OWN_FILES` below its root.

        Raises:
            CourseError: if a notebook's kernel is not installed there.
        """
        return replace(
            self,
            course_root=root,
            tier=tier,
            own_files={name: root / OWN_FILES / name for name in self.own_files},
            kernels=kernels_of(self.recorded, tier=Tier(tier), always=self.settings.kernels),
        )
