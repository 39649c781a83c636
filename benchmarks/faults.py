"""Hit batches with faults at random places, as often as you like, and report what was lost: nothing, it is hoped.

Most faults hit the real coordinator, its files and its gradebook, while the answers of real judges are played back.
Some hit everything: real judges, zygotes and workers too. tests/faults/ does both, inside an enclosure that only root
can make: a pid namespace, a limit on memory and a small disk of its own. Prints the report as JSON; exit code 1 if
anything was lost, doubled, half-written or unclear, with the seed and the chain of faults that caused it.

    .venv/bin/python benchmarks/faults.py --replayed 960 --real 40 --seed 1
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from hostile.enclosure import capped_disk, enclosed  # noqa: E402 - tests are no package that is installed

MOST = 10_000


def main() -> None:
    """Run one campaign."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replayed", type=int, default=960, help=f"faults with answers played back; at most {MOST}")
    parser.add_argument("--real", type=int, default=40, help=f"faults with nothing played back; at most {MOST}")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=int, default=4 * 3600, help="end after this time, even if faults are left")
    options = parser.parse_args()
    if os.geteuid() != 0:
        parser.error("this kills processes and fills disks inside a pid namespace of its own, which needs root")
    if not 0 <= options.replayed <= MOST or not 0 <= options.real <= MOST:
        parser.error(f"between 0 and {MOST} faults of each sort")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path[:2]), "AUTOGRADER_CANARY": ""}
    numbers = ["--replayed", options.replayed, "--real", options.real, "--seed", options.seed]
    with tempfile.TemporaryDirectory(prefix="autograder-faults-") as folder, capped_disk(Path(folder, "disk")) as disk:
        disk.chmod(0o755)
        command = [sys.executable, "-m", "faults.campaign", str(disk), *map(str, numbers)]
        try:
            done = enclosed(command, disk, environment, options.seconds)
        except subprocess.TimeoutExpired:
            sys.exit(f"not done within {options.seconds} s")
    print(done.stdout, end="")
    if not done.stdout:
        print(done.stderr[-4000:], file=sys.stderr)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
