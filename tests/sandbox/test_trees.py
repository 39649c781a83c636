"""Trees that others made are measured and removed, in any shape."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from autograder.sandbox.trees import MAX_DEPTH, measure, remove_tree


def nest(folder: Path, levels: int) -> None:
    """Make folders within each other, deeper than any path can name."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)


def test_a_deep_nest_is_removed(deep_path: Path) -> None:
    """It is deeper than the recursion limit, the limit on open files and the longest path."""
    root = deep_path / "root"
    root.mkdir()
    nest(root, 4 * sys.getrecursionlimit())
    assert measure(str(root), max_bytes=1 << 30, max_entries=1 << 20).too_deep
    remove_tree(str(root))
    assert not root.exists()


def test_links_closed_folders_and_files_are_removed(tmp_path: Path) -> None:
    """The target of a link stays."""
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "closed" / "in").mkdir(parents=True)
    (root / "closed" / "in" / "file").write_text("x", encoding="utf-8")
    outside.mkdir()
    (outside / "kept").write_text("x", encoding="utf-8")
    (root / "link").symlink_to(outside)
    (root / "closed" / "link").symlink_to(outside)
    (root / "closed").chmod(0)
    remove_tree(str(root))
    assert not root.exists()
    assert (outside / "kept").exists()
    remove_tree(str(root))


def test_sizes_are_told_up_to_a_bound(tmp_path: Path) -> None:
    """Stored bytes, entries of all kinds; a file with two names counts once, and a hole not at all."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "file").write_bytes(bytes(1 << 20))
    os.link(tmp_path / "a" / "file", tmp_path / "a" / "b" / "same")
    os.truncate(tmp_path / "a" / "file", (1 << 20) + (1 << 30))
    size = measure(str(tmp_path), max_bytes=1 << 30, max_entries=100)
    assert size.entries == 4
    assert 1 << 20 <= size.stored_bytes < 3 << 19
    assert measure(str(tmp_path), max_bytes=1 << 30, max_entries=1).entries == 2
    assert MAX_DEPTH > 10


def test_a_notebook_that_ends_far_down_goes_on_at_the_top(deep_path: Path) -> None:
    """Beyond the longest path every import would take half a second to find out where it is."""
    root = deep_path / "root"
    root.mkdir()
    program = (
        "import os, sys\nfrom autograder.sandbox.worker.files import Snapshot\n"
        "root, levels = sys.argv[1], int(sys.argv[2])\n"
        "os.chdir(root)\nfor _ in range(levels):\n    os.mkdir('d')\n    os.chdir('d')\n"
        "Snapshot(root).restore()\nprint(os.getcwd()[len(root):].count('d'))"
    )
    for levels, left in ((10, "10"), (2500, "0")):
        command = [sys.executable, "-c", program, str(root), str(levels)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stdout.strip() == left, done.stderr
        remove_tree(str(root / "d"))
