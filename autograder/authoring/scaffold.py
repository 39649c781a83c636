"""`autograder new`: an assignment with one exercise, complete and sound, as a pattern for one's own."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.course.assignment import SLUG
from autograder.course.layout import Course, templates_dir
from autograder.errors import AssignmentError
from autograder.files import write_atomically

__all__ = ["new_assignment"]

_NOTEBOOK = "notebook.ipynb"


def new_assignment(course: Course, slug: str, title: str | None = None) -> list[Path]:
    """Write `assignments/<slug>/` and `solutions/<slug>/`.

    Args:
        course: the course that gets it.
        slug: its name: letters, digits, `-` and `_`.
        title: what students read; default: the slug, as a title.

    Returns:
        The files that were written.

    Raises:
        AssignmentError: if the slug is not valid, or taken.
    """
    if not SLUG.fullmatch(slug):
        raise AssignmentError(
            f"{slug!r} cannot name an assignment: use letters, digits, - and _, and begin with no sign."
        )
    targets = {"public": course.root / "assignments" / slug, "secret": course.root / "solutions" / slug}
    for target in targets.values():
        if target.exists():
            raise AssignmentError(f"{target} is there already; choose another name, nothing was written.")
    words = {
        "TITLE": title or slug.replace("-", " ").replace("_", " ").capitalize(),
        "SLUG_ID": slug.replace("-", "_"),
        "SLUG": slug,
    }
    written = []
    try:
        for part, target in targets.items():
            source = templates_dir() / "new" / part
            for path in sorted(p for p in source.rglob("*") if p.is_file()):
                relative = path.relative_to(source)
                if any(name.startswith((".", "__")) for name in relative.parts):
                    # Files that tools left here, such as caches.
                    continue
                name = f"{slug}.ipynb" if path.name == _NOTEBOOK else path.name
                text = path.read_text(encoding="utf-8")
                for mark, word in words.items():
                    text = text.replace(mark, _escaped(word, path.suffix))
                written.append(target / relative.with_name(name))
                write_atomically(written[-1], text)
    except OSError:
        for target in targets.values():
            shutil.rmtree(target, ignore_errors=True)
        raise
    return written


def _escaped(word: str, suffix: str) -> str:
    """Return a word escaped for a quoted text of JSON or TOML."""
    if suffix not in {".ipynb", ".toml"}:
        return word
    return word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
