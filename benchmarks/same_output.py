"""Record everything that the grader writes and prints for three made-up classes, and compare two such records.

`make` uses only the command line of an installed `autograder`, so any version can be recorded; its inputs are drawn
from a fixed seed. `compare` names each file that differs, with a short diff, and exits with 1 if there is one.

    python benchmarks/same_output.py make before
    python benchmarks/same_output.py make after --autograder ../other/.venv/bin/autograder
    python benchmarks/same_output.py compare before after

Both records have to come from one version of this file, on one machine with one set of packages. The classes:

- `help`: what every command prints about itself;
- `demo`: the class of `autograder demo`, graded, handed in anew, handed in late, graded by hand, with edited checks;
- `innotebook`: nbgrader's sample course, twelve students, the same steps;
- `dask`: an assignment of `autograder new`, eight students, on a dask cluster of two workers and then without one.

A record has a numbered file for each command, with its exit code and both outputs, and a numbered folder for each state
of the course: all names with their modes, the gradebook's rows, and the files that changed since they were last kept.

Some things differ between two runs of one version. The record replaces them:

- durations: `seconds`, `execution_time`, JUnit's `time`, the column `seconds` of `summary.csv`, `in … s`;
  what `%time` and `%timeit` print in two of the demo's notebooks;
- the current time and date in `status` and `.run.json`; dates of other days stay;
- numbers and hosts of processes, ports of the scheduler, the random names of the run's own folders;
- the paths of the course, of the environment and of the package, because two versions lie in two places;
- lines of progress, which come every five seconds;
- random ids of the gradebook: each row that another row names is called by student, notebook and cell; rows are sorted;
- how often a line occurs in `.grader.log`, and the order there: each judge writes its own warnings;
- the diagnoses and notes that `autograder demo` prints: its seed is secret. The class is graded again with our seed.

Left out are `__pycache__` and the bytes of `gradebook.db`. `compare` ignores fingerprints and `depends`, which depend
on the text of the grader's own files, unless `--with-fingerprints` is given; they are in the record.

Verdicts are never left out. On a machine that is much too busy a check may run into its limit of 3 s or a cell into its
4 or 5 s (`optimizers`, `ps1`): then right work differs too, as `timeout`. For `broken-endless-loop` and `endless`,
which are to end that way, only the number of further checks that end so may differ. Make such a record again.
"""

from __future__ import annotations

import argparse
import difflib
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from same_output_courses import RECIPES
from same_output_records import Program, recording

#: They depend on the text of the grader's files and of the assignment's, which a refactoring changes.
FINGERPRINTS = re.compile(rb'"(?:fingerprint|depends)": ?(?:"[^"]*"|\{[^{}]*\})')
WIDTH = 200


def main() -> int:
    """Record or compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make", help="record what an installed autograder writes")
    making.add_argument("folder", type=Path, help="the record's folder; what it holds of the same classes is replaced")
    beside = Path(sys.executable).parent / "autograder"
    making.add_argument("--autograder", type=Path, default=beside, help="the program; default: the one of this Python")
    making.add_argument("--only", action="append", choices=sorted(RECIPES), help="only this class; may be repeated")
    making.add_argument("--seed", type=int, default=7, help="the seed of the checks' inputs")
    comparing = commands.add_parser("compare", help="compare two records")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    comparing.add_argument("--with-fingerprints", action="store_true", help="compare fingerprints and digests too")
    comparing.add_argument("--lines", type=int, default=12, help="the most lines to show of a diff")
    comparing.add_argument("--files", type=int, default=60, help="the most files to show a diff of")
    options = parser.parse_args()
    if options.command == "make":
        return make(options.folder, options.autograder.absolute(), options.only or list(RECIPES), options.seed)
    shown = (options.files, options.lines)
    return compare(options.before, options.after, shown, with_fingerprints=options.with_fingerprints)


def make(folder: Path, autograder: Path, names: Sequence[str], seed: int) -> int:
    """Record these classes under `folder`, one after the other.

    Raises:
        SystemExit: if there is no such program.
    """
    if not autograder.is_file():
        sys.exit(f"There is no {autograder}; name an installed program with --autograder.")
    program = Program(autograder)
    for name in names:
        started = time.monotonic()
        with recording(program, folder / name) as record:
            RECIPES[name](record, seed)
        print(f"{name}: {record.number} steps in {time.monotonic() - started:.0f} s", flush=True)
    return 0


def compare(before: Path, after: Path, shown: tuple[int, int], *, with_fingerprints: bool) -> int:
    """Print how two records differ in the classes that both have; return 1 if they do.

    Raises:
        SystemExit: if there is no class in both.
    """
    for record in (before, after):
        if not record.is_dir():
            sys.exit(f"There is no record {record}.")
    common = sorted({path.name for path in before.iterdir()} & {path.name for path in after.iterdir()})
    if not common:
        sys.exit(f"{before} and {after} have no class in common.")
    first, second = files_of(before, common), files_of(after, common)
    differing = 0
    for name in sorted(first | second):
        old, new = (_read(files.get(name), with_fingerprints=with_fingerprints) for files in (first, second))
        if old == new:
            continue
        differing += 1
        if differing <= shown[0]:
            print("\n".join(_difference(name, old, new, shown[1])))
    print(f"{', '.join(common)}: {len(first | second)} files, {differing} differ.")
    return 1 if differing else 0


def files_of(record: Path, names: Sequence[str]) -> dict[str, Path]:
    """Return the files of these classes by their path in a record."""
    found = (path for name in names for path in (record / name).rglob("*") if path.is_file())
    return {str(path.relative_to(record)): path for path in found}


def _read(path: Path | None, *, with_fingerprints: bool) -> bytes | None:
    if path is None:
        return None
    data = path.read_bytes()
    return data if with_fingerprints else FINGERPRINTS.sub(b'"digests": 0', data)


def _difference(name: str, old: bytes | None, new: bytes | None, most: int) -> list[str]:
    """Return some lines that show how two files differ."""
    if old is None or new is None:
        return [f"=== {name}: only {'after' if old is None else 'before'}"]
    left, right = (data.decode(errors="backslashreplace").splitlines() for data in (old, new))
    lines = [line[:WIDTH] for line in difflib.unified_diff(left, right, n=1, lineterm="")][2:]
    more = [f"… {len(lines) - most} more lines"] if len(lines) > most else []
    return [f"=== {name}", *(lines[:most] or ["only the ends of lines differ"]), *more]


if __name__ == "__main__":
    sys.exit(main())
