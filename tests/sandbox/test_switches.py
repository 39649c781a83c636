"""Switches are read, told apart and set again, each kind of them."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

CHANGES = {
    "grad mode": "torch.set_grad_enabled(False)",
    "inference mode": "mode = torch.inference_mode(); mode.__enter__()",
    "the default dtype": "torch.set_default_dtype(torch.float64)",
    "modes of tensor functions": "torch.set_default_device('meta')",
    "deterministic algorithms": "torch.use_deterministic_algorithms(True)",
    "anomaly detection": "torch.autograd.set_detect_anomaly(True)",
    "autocast": "cast = torch.autocast('cpu'); cast.__enter__()",
    "the precision of float32 products": "torch.set_float32_matmul_precision('medium')",
    "the number of threads": "torch.set_num_threads(3)",
    "hooks on all modules": "torch.nn.modules.module.register_module_forward_hook(print)",
    "hooks on saved tensors": "torch.autograd.graph.save_on_cpu().__enter__()",
    "torch's print options": "torch.set_printoptions(precision=1)",
    "numpy's errstate": "np.seterr(all='raise')",
    "numpy's print options": "np.set_printoptions(precision=2)",
    "warnings' filters": "warnings.simplefilter('error')",
    "built-in names": "builtins.sum = 3",
    "the recursion limit": "sys.setrecursionlimit(444)",
    "tracing": "sys.setprofile(lambda *a: None)",
    "garbage collection": "gc.disable()",
    "the working directory": "os.chdir('/')",
    "sys.path": "sys.path.insert(0, 'mine')",
    "decimal's context": "decimal.getcontext().prec = 3",
}
PROGRAM = """
import builtins, decimal, gc, json, os, sys, warnings
import numpy as np, torch
from autograder.sandbox.worker.switches import read_switches, set_switches
torch.set_num_threads(2)
start = read_switches()
found = {{}}
for name, source in {changes!r}.items():
    exec(source)
    changed = read_switches()
    set_switches(start)
    back = start.differing(read_switches())
    set_switches(changed)
    again = changed.differing(read_switches())
    set_switches(start)
    found[name] = [start.differing(changed), back, again]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found() -> dict[str, list[list[str]]]:
    """Change each of them, set it back and change it again, in a process of its own."""
    import json

    program = textwrap.dedent(PROGRAM).format(changes=CHANGES)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    result: dict[str, list[list[str]]] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize("name", CHANGES)
def test_a_switch_is_seen_and_set(found: dict[str, list[list[str]]], name: str) -> None:
    """It differs after the change, not after it was set back, and can be set to the notebook's value."""
    differing, back, again = found[name]
    assert name in differing
    assert back == []
    assert again == []
