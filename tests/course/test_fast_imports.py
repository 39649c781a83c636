"""What is left out at the start is missed by nobody."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "statement",
    [
        "import sys\nassert not any(m.startswith('nbgrader.server_extensions.') for m in sys.modules)",
        "import nbgrader.server_extensions.formgrader as f\nassert f.__file__ and f.load_jupyter_server_extension",
    ],
    ids=["not loaded", "had as ever"],
)
def test_nbgrader_comes_without_its_server(statement: str) -> None:
    """A Jupyter server in another process, or a program that imports the extension here, still finds it."""
    program = f"from autograder.course import fast_imports\nfast_imports.load_nbgrader()\nimport nbgrader\n{statement}"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)
