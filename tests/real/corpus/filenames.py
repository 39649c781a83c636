"""Which file: the notebook's name, and what lies beside it (item 5)."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable

from real.habit import Habit
from real.handin import SLUGS, HandIn

__all__ = ["HABITS"]

#: `{}` stands for the assignment, `{C}` for it with a capital.
_NAMES = {
    "browser-copy": "{} (1).ipynb",
    "browser-third-copy": "{}(3).ipynb",
    "jupyter-copy": "{}-Copy1.ipynb",
    "colab-copy": "Copy of {}.ipynb",
    "colab-copy-german": "Kopie von {}.ipynb",
    "capital": "{C}.ipynb",
    "upper": "{U}.IPYNB",
    "final-version": "{}_final_v2.ipynb",
    "really-final": "{}_FINAL_really_final(2).ipynb",
    "surname": "mueller_{}.ipynb",
    "umlauts": "Übung 3 – {} – Müller.ipynb",
    "umlauts-decomposed": unicodedata.normalize("NFD", "Lösung {}.ipynb"),
    "other-script": "作业 {}.ipynb",
    "emoji": "{} ✅.ipynb",
    "moodle": "Müller Anna_123456_assignsubmission_file_{}.ipynb",
    "date": "{}_2026-11-28T10_12_33.ipynb",
    "text-ending": "{}.ipynb.txt",
    "json-ending": "{}.ipynb.json",
    "json-only": "{}.json",
    "no-ending": "{}",
    "doubled-ending": "{}.ipynb.ipynb",
    "download-ending": "{}.ipynb.download",
    "space-before-ending": "{} .ipynb",
    "something-else": "Untitled3.ipynb",
    "quote": "Anna's {}.ipynb",
    "folder-inside": "{}/{}.ipynb",
    "folder-twice-inside": "hw1/{}/{}.ipynb",
    "folder-and-copy": "submission/{} (2).ipynb",
    "folder-with-space": "My Homework/solution {}.ipynb",
    "folder-of-the-zip": "{}-main/notebooks/{}.ipynb",
}


def _called(pattern: str) -> Callable[[HandIn], None]:
    def change(handin: HandIn) -> None:
        handin.name = _fill(pattern, handin)

    return change


def _fill(pattern: str, handin: HandIn) -> str:
    return pattern.replace("{C}", handin.slug.title()).replace("{U}", handin.slug.upper()).replace("{}", handin.slug)


def _with_files(files: dict[str, bytes], name: str = "{}.ipynb") -> Callable[[HandIn], None]:
    def change(handin: HandIn) -> None:
        handin.name = _fill(name, handin)
        handin.files |= {_fill(path, handin): data for path, data in files.items()}

    return change


def _with_empty(other: str, name: str = "{}.ipynb") -> Callable[[HandIn], None]:
    """Hand in the released notebook too."""

    def change(handin: HandIn) -> None:
        handin.name = _fill(name, handin)
        handin.files[_fill(other, handin)] = handin.text(handin.empty).encode()

    return change


_NOTES = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
_BESIDE = {
    "macosx-beside": {"__MACOSX/._{}.ipynb": b"\x00\x05\x16\x07", ".DS_Store": b"\x00\x00\x00\x01Bud1"},
    "windows-beside": {"desktop.ini": b"[.ShellClassInfo]", "Thumbs.db": b"\xd0\xcf\x11\xe0", "~$report.docx": b"x"},
    "editors-beside": {".vscode/settings.json": b"{}", ".idea/x.xml": b"<x/>", "{}.ipynb~": b"old", ".gitignore": b"*"},
    "cache-beside": {"__pycache__/x.cpython-312.pyc": b"\xcb\r\r\n", "wandb/run-1/logs/debug.log": b"x"},
    "environment-beside": {f"venv/lib/python3.12/site-packages/m{i}/__init__.py": b"x = 1\n" for i in range(300)},
    "report-beside": {"report.pdf": b"%PDF-1.7", "README.md": b"# mine", "figures/loss.png": b"\x89PNG\r\n"},
    "other-notebook-beside": {"notes.ipynb": _NOTES, "scratch/Untitled.ipynb": _NOTES},
    "git-beside": {".git/HEAD": b"ref: refs/heads/main\n", ".git/objects/ab/cdef": b"x\x9c"},
}


def _checkpoint(handin: HandIn) -> None:
    handin.files[f".ipynb_checkpoints/{handin.slug}-checkpoint.ipynb"] = handin.text(handin.empty).encode()


def _checkpoint_and_copy(handin: HandIn) -> None:
    handin.name = f"{handin.slug} (1).ipynb"
    _checkpoint(handin)


def _macosx_and_folder(handin: HandIn) -> None:
    handin.name = f"hw/{handin.slug} (1).ipynb"
    handin.files[f"__MACOSX/hw/._{handin.slug} (1).ipynb"] = b"\x00\x05\x16\x07"


def _filled_copy(handin: HandIn) -> None:
    """The released file is still empty, and the work is in a copy of another name."""
    handin.name = f"{handin.slug}_solved.ipynb"
    handin.files[f"{handin.slug}.ipynb"] = handin.text(handin.empty).encode()


def _archive(handin: HandIn) -> None:
    """The folder was zipped, and the archive was handed in."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"{handin.slug}.ipynb", handin.text())
    handin.name = f"{handin.slug}.zip"
    handin.encode = lambda _: packed.getvalue()


def _page(ending: str, head: str) -> Callable[[HandIn], None]:
    def change(handin: HandIn) -> None:
        handin.name = handin.slug + ending
        handin.encode = lambda _: head.encode()

    return change


HABITS: list[Habit] = [
    Habit(
        f"file-{name}",
        5,
        _called(pattern),
        (SLUGS[i % 4], SLUGS[(i + 1) % 4]),
        told=("ipynb",) if "." in pattern else (),
        rare=i % 3 != 0,
    )
    for i, (name, pattern) in enumerate(_NAMES.items())
]
HABITS += [Habit(name, 5, _with_files(files), (SLUGS[i % 2],)) for i, (name, files) in enumerate(_BESIDE.items())]
HABITS += [
    Habit("checkpoint-beside", 5, _checkpoint, SLUGS),
    Habit("checkpoint-and-copy", 5, _checkpoint_and_copy, told=("(1).ipynb",)),
    Habit("macosx-and-folder", 5, _macosx_and_folder, told=("(1).ipynb",)),
    Habit("other-notebook-and-copy", 5, _with_files(_BESIDE["other-notebook-beside"], "{} (1).ipynb"), told=("(1)",)),
    Habit("empty-copy-beside", 5, _with_empty("{}-original.ipynb")),
    Habit("empty-copy-beside-both-renamed", 5, _with_empty("{} (1).ipynb", "{}_mine.ipynb"), told=("_mine.ipynb",)),
    # The name decides, as announced; a person is asked, because the other file holds the work.
    Habit("work-in-a-copy", 5, _filled_copy, but=39.0, told=("optimizers_solved.ipynb",), review=True),
    # There is no plain notebook here; a notebook inside may count, or else the student reads what is there.
    Habit("archive", 5, _archive, but=39.0, told=("optimizers.zip",), status=("rejected", "graded")),
    Habit("web-page", 5, _page(".html", "<html></html>"), but=39.0, told=("optimizers.html",), status=("rejected",)),
    Habit("script", 5, _page(".py", "import torch\n"), but=39.0, told=("optimizers.py",), status=("rejected",)),
    Habit("pdf", 5, _page(".pdf", "%PDF-1.7"), but=39.0, told=("optimizers.pdf",), status=("rejected",)),
]
