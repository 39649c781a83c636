#!/usr/bin/env bash
# A first look at `--device cuda` on a machine with a GPU, in about eight minutes: facts, each layer of the sandbox by
# itself, what a context costs, the tiers, grading, tests. Run it in the repository's root:
#
#   OUT=folder PYTHON=python3 benchmarks/gpu_first_run.sh
#
# $OUT/report.txt holds what is printed. Wheels in .whl are installed first, if there are any. DEV=cpu tries the script
# itself where there is no GPU.
set -u
export PYTHONUNBUFFERED=1 DEV=${DEV:-cuda}
OUT=${OUT:-build/gpu}; mkdir -p "$OUT"
ROOT=$PWD; PY=${PYTHON:-python3}; BEGAN=$SECONDS
exec > >(tee "$OUT/report.txt") 2>&1
say() { echo; echo "=== $* [$((SECONDS - BEGAN))s]"; }
left() { [ $((SECONDS - BEGAN)) -lt "$1" ]; }

say 1 the machine
uname -r; id -un; $PY -V; nproc
nvidia-smi -L; nvidia-smi --query-gpu=driver_version,memory.used,compute_mode,persistence_mode --format=csv,noheader
ls -l /dev/nvidia* 2>&1 | head; ls /dev/nvidia-caps /proc/driver/nvidia 2>&1 | tr '\n' ' '
grep -E 'Modify|DeviceFile' /proc/driver/nvidia/params
echo "LD_LIBRARY_PATH=${LD_LIBRARY_PATH:-}"; ldconfig -p | grep -E 'libcuda\.so|libnvidia-ml\.so'
env | grep -E '^(CUDA|NVIDIA)'; grep -E ' /(dev|proc|sys)[ /]|nvidia' /proc/mounts | cut -c1-110 | head -20

say 2 packages
if compgen -G '.whl/*.whl' >/dev/null; then
  # Into the site folder: a zygote's environment has no PYTHONPATH.
  $PY -m pip install -q --no-index --no-deps --no-compile --no-cache-dir .whl/*.whl 2>&1 | tail -3
fi
export PYTHONPATH=$ROOT PATH="$(dirname "$($PY -c 'import sys; print(sys.executable)')"):$PATH"  # nbgrader starts alembic
$PY -c 'import IPython, jinja2, matplotlib, nbformat, pydantic, pytest, sqlalchemy, torch
from autograder.course.fast_imports import load_nbgrader
load_nbgrader(); import nbgrader.utils; print("torch", torch.__version__, torch.version.cuda)'
timeout 90 $PY -c 'import importlib.util, sys
if importlib.util.find_spec("typer") and importlib.util.find_spec("rich"):
    from autograder.cli import main; sys.argv = ["autograder", "doctor"]; main()
from autograder.sandbox.survey import survey_cuda, survey_tiers
print(found := survey_tiers(), survey_cuda(found) if sys.argv[-1] == "cuda" else "", sep="\n")' "$DEV" 2>&1 | tail -24

P="timeout 60 $PY benchmarks/gpu_probe.py"
say 3 one process without a sandbox; $P plain; $P sticky; $P memory
say 4 forks
for before in nothing dynamo nvml dlopen available cuinit; do $P fork $before; done 2>&1 | cut -c1-240
$P many 4; $P many 8; $P kill
say 5 the user; $P nobody
say 6 the product\'s layers, through its own code; for tier in C B A; do $P product $tier 2>&1 | tail -2; done
say 7 seccomp; $P late; $P seccomp all || {
  $PY -c 'from autograder.sandbox.seccomp import _DENIED; print(*_DENIED, sep="\n")' |
    xargs -P 8 -I{} sh -c "$P seccomp {} >$OUT/seccomp.{} 2>&1 || echo {}" >"$OUT/breakers"
  echo "refusals that break CUDA by themselves, if they come first: $(tr '\n' ' ' <"$OUT/breakers")"
  $P seccomp but $(cat "$OUT/breakers") none; }
say 8 Landlock; $P landlock || $P landlock asked || {
  all="asked driver proc sys etc usr run var proc_w dev_w tmp_w"
  if $P landlock $all; then
    for one in $all; do
      $P landlock $(echo $all | sed "s/\b$one\b//") >"$OUT/landlock.$one" 2>&1 || echo "needs $one: $(tail -1 "$OUT/landlock.$one" | cut -c61-250)"
    done
  fi; }
say 9 mounts; $P mounts 2>&1 | tail -2; $P mounts fresh_proc 2>&1 | tail -2

G="timeout 150 $PY benchmarks/gpu_grade.py"
say 10 grading in each tier; for tier in A B C; do left 330 && $G $tier optimizers 2>&1 | tail -9; done
say 11 all assignments, wrong ideas, two judges on one device
for slug in xavier sequential gradients; do left 360 && $G A $slug 2>&1 | tail -9; done
left 380 && $G A optimizers misconceptions/adam_swapped_betas 2>&1 | tail -9
left 400 && $G A optimizers --jobs 2 --copies 8 2>&1 | tail -9
say 12 the tests
left 420 && timeout 90 $PY -m pytest -q -c tests/gpu/bare.ini --rootdir . -m gpu -rs tests/gpu 2>&1 | tail -14 | cut -c1-200
say the end; [ "$DEV" = cuda ] && nvidia-smi --query-gpu=memory.used --format=csv,noheader
exit 0
