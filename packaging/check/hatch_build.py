"""Add the files of `torch-autograder-check`, which lie in the repository around this folder, or in the sdist."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CheckFiles(BuildHookInterface):
    """Builds the wheel and the sdist of the part for students."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name each file, and where it goes."""
        if version == "editable":
            return
        here = Path(self.root)
        # An sdist holds the files beside its pyproject.toml.
        repository = here if (here / "autograder").is_dir() else here.parents[1]
        for name in self.config["files"]:
            place = name
            if self.target_name == "wheel" and name == "assignments":
                place = "autograder/_data/assignments"
            build_data["force_include"][str(repository / name)] = place
