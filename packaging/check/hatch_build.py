"""What the builds of both distributions compute: the project's addresses, and the files of `torch-autograder-check`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface


class Addresses(MetadataHookInterface):
    """The project's addresses if a forge builds it; other builds have none, because nobody knows them there."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add them; GitHub's workflows name server and repository."""
        server, repository = os.environ.get("GITHUB_SERVER_URL"), os.environ.get("GITHUB_REPOSITORY")
        if not server or not repository:
            metadata["urls"] = {}
            return
        home = f"{server}/{repository}"
        metadata["urls"] = {
            "Source": home,
            "Documentation": f"{home}/tree/main/docs",
            "Changelog": f"{home}/blob/main/CHANGELOG.md",
            "Issues": f"{home}/issues",
        }


class CheckFiles(BuildHookInterface[Any]):
    """The files of the part for students, which lie in the repository around this folder, or in the sdist."""

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
