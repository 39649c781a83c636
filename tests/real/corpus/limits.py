"""Work that is too large is told in the user's words, and is never a silent zero (item 7)."""

from __future__ import annotations

import base64
import random

import nbformat
from real.habit import Habit
from real.handin import HandIn, code_cell

__all__ = ["HABITS"]


def _pictures_of(handin: HandIn, megabytes: int) -> None:
    picture = base64.b64encode(random.Random(3).randbytes(megabytes * 750_000)).decode()
    handin.notebook.cells[0]["attachments"] = {"photo.jpg": {"image/jpeg": picture}}


def _photos_in_text(handin: HandIn) -> None:
    """Photos of handwriting in a text cell: 24 MB, and no output to clear."""
    _pictures_of(handin, 24)


def _photos_in_outputs(handin: HandIn) -> None:
    picture = base64.b64encode(random.Random(4).randbytes(18_000_000)).decode()
    handin.smallest.outputs = [nbformat.v4.new_output("display_data", {"image/png": picture})]


def _large_file_beside(handin: HandIn) -> None:
    handin.sizes["dataset.bin"] = 150_000_000


def _model_beside(handin: HandIn) -> None:
    """A file of 25 MB lies beside the notebook, and an exercise's cell reads it."""
    handin.sizes["weights.bin"] = 25_000_000
    handin.smallest.source = (
        "with open('weights.bin', 'rb') as file:\n    assert len(file.read()) == 25_000_000\n" + handin.smallest.source
    )


def _writes_much(handin: HandIn) -> None:
    """A scratch cell writes 150 MB, which is more than the assignment allows."""
    handin.notebook.cells.append(code_cell("with open('big.bin', 'wb') as file:\n    file.write(bytes(150_000_000))"))


def _prints_much(handin: HandIn) -> None:
    handin.notebook.cells.append(code_cell("for i in range(120_000):\n    print('epoch', i, '=' * 80)"))


def _many_cells(handin: HandIn) -> None:
    handin.notebook.cells += [code_cell(f"{i} + 1") for i in range(300)]


HABITS: list[Habit] = [
    # The notebook did not run, so it cannot be called wrong: a person is asked, or the limit is raised.
    Habit("photos-over-20-mb", 7, _photos_in_text, told=("20 M",), but=39.0, status=("ungraded", "graded")),
    Habit(
        "outputs-over-20-mb",
        7,
        _photos_in_outputs,
        ("xavier",),
        told=("20 M",),
        but=25.0,
        status=("ungraded", "graded"),
    ),
    Habit("file-of-150-mb-beside", 7, _large_file_beside, ("optimizers", "sequential"), told=("dataset.bin",)),
    Habit("model-of-25-mb-beside", 7, _model_beside, ("optimizers", "gradients"), everywhere=True),
    Habit("scratch-writes-150-mb", 7, _writes_much, told=("files",), everywhere=True),
    Habit("scratch-prints-10-mb", 7, _prints_much, ("optimizers", "xavier"), told=("output",)),
    Habit("three-hundred-more-cells", 7, _many_cells, ("sequential", "optimizers")),
]
