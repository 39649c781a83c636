"""Fuzz the judge's decoder and the notebook reader, guided by coverage, for a limited time; print what was tried.

The targets, their documented exceptions and their limits of memory and time are in tests/hostile/fuzzing/targets.py.
An input that fails is written to `--keep`; the exit code is then 1. Prints a Markdown table.

    make fuzz
    .venv/bin/python benchmarks/fuzz.py --seconds 180 frames notebook
"""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from hostile.fuzzing.campaign import Campaign, fuzz  # noqa: E402 - tests are no package that is installed
from hostile.fuzzing.targets import TARGETS  # noqa: E402


def main() -> None:
    """Fuzz one target after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"{', '.join(TARGETS)}; default: all")
    parser.add_argument("--seconds", type=int, default=60, help="time for each target; default 60")
    parser.add_argument("--seed", type=int, default=0, help="seed of the fuzzer's choices; default: a new one")
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "fuzz", help="where failing inputs go")
    options = parser.parse_args()
    unknown = set(options.targets) - set(TARGETS)
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    print(f"Python {platform.python_version()}, {platform.machine()}, {options.seconds} s for each target\n")
    print("| target | executions | per second | branches covered | features | inputs kept | findings |")
    print("|---|---|---|---|---|---|---|")
    failed = [c for name in options.targets or TARGETS if (c := _fuzz(name, options.seconds, options.seed)).finding]
    for campaign in failed:
        _keep(campaign, options.keep)
    sys.exit(bool(failed))


def _keep(campaign: Campaign, folder: Path) -> None:
    print(f"\n{campaign.target}: {campaign.finding}")
    if campaign.input is not None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / campaign.target
        path.write_bytes(campaign.input)
        print(f"The input is in {path}.")


def _fuzz(name: str, seconds: int, seed: int) -> Campaign:
    found = fuzz([name], seconds, seed=seed)[name]
    cells = [
        name,
        f"{found.executions}",
        f"{found.per_second:.0f}",
        f"{found.edges}",
        f"{found.features}",
        f"{found.corpus}",
        "1" if found.finding else "0",
    ]
    print(f"| {' | '.join(cells)} |", flush=True)
    return found


if __name__ == "__main__":
    main()
