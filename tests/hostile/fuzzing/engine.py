"""Coverage-guided runs, one after the other: `python engine.py FOLDER SECONDS TARGET[:PLANTED]...`.

Imports happen once; each run is a fork. libFuzzer ends it at the first finding. FOLDER then holds `JOB.log` and, in
`JOB.found`, the input. `:PLANTED` puts a bug in first, see `hostile.fuzzing.planted`.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
#: Beyond what the process has at its start: for memory that tracemalloc does not see, such as torch's own.
ADDRESS_SPACE_BYTES = 3 << 30
MAX_INPUT_BYTES = 48 << 10
#: The wall time of one input, after which libFuzzer calls it a hang; a busy machine may stand still for a while.
HANG_S = 200
RSS_MIB = 3000
#: A planted bug is found within a second; the rest is for a busy machine.
PLANTED_S = 150


def main() -> None:
    """Run every job for its time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("seconds", type=int)
    parser.add_argument("jobs", nargs="+")
    parser.add_argument("--seed", type=int, default=0, help="0 draws one")
    options = parser.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

    import atheris

    # Only our own code is traced: the branches of torch, numpy and nbformat would hide ours.
    with atheris.instrument_imports(include=["autograder"]):
        import hostile.fuzzing.planted
        import hostile.fuzzing.targets  # noqa: F401
    for job in options.jobs:
        child = os.fork()
        if child == 0:
            log = os.open(options.folder / f"{job}.log", os.O_WRONLY | os.O_CREAT)
            os.dup2(log, 1)
            os.dup2(log, 2)
            # Ends in sys.exit; libFuzzer writes the input when the interpreter ends.
            _run(job, options.folder, max(options.seconds, PLANTED_S) if ":" in job else options.seconds, options.seed)
        os.waitpid(child, 0)


def _run(job: str, folder: Path, seconds: int, seed: int) -> None:
    """Fuzz one target; this does not return."""
    import atheris
    from hostile.fuzzing.mutate import mutated
    from hostile.fuzzing.planted import PLANTED
    from hostile.fuzzing.seeds import seeds, write_corpus
    from hostile.fuzzing.targets import TARGETS

    name, _, planted = job.partition(":")
    target = TARGETS[name]
    corpus = folder / f"{job}.corpus"
    write_corpus(name, corpus)
    target.warm_up(seeds(name))
    if planted:
        PLANTED[planted].plant()
    _cap_address_space()

    def mutator(data: bytes, max_size: int, mutation: int) -> bytes:
        return mutated(target.form, data, max_size, mutation, atheris.Mutate)

    arguments = [
        sys.argv[0],
        f"-max_total_time={seconds}",
        f"-timeout={HANG_S}",
        f"-rss_limit_mb={RSS_MIB}",
        f"-max_len={MAX_INPUT_BYTES}",
        f"-exact_artifact_path={folder / job}.found",
        f"-seed={seed}",
        "-print_final_stats=1",
        str(corpus),
    ]
    atheris.Setup(arguments, target, custom_mutator=mutator)
    atheris.Fuzz()


def _cap_address_space() -> None:
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + ADDRESS_SPACE_BYTES,) * 2)


if __name__ == "__main__":
    main()
