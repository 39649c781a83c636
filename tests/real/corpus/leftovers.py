"""Switches that are left on, at the start or at the end (item 3)."""

from __future__ import annotations

from real.habit import Habit, by_turns, texts
from real.handin import PLACES, HandIn, code_cell

__all__ = ["HABITS"]

_AFTER = {
    "default-device-cpu": "torch.set_default_device('cpu')",
    "default-device-object": "device = torch.device('cpu')\ntorch.set_default_device(device)",
    "default-dtype-double-at-the-start": "torch.set_default_dtype(torch.float64)",
    "default-tensor-type-double": "torch.set_default_tensor_type(torch.DoubleTensor)",
    "deterministic-at-the-start": "torch.use_deterministic_algorithms(True)",
    "anomaly-at-the-start": "torch.autograd.set_detect_anomaly(True)",
    "errstate-raises-at-the-start": "np.seterr(all='raise')",
    "warnings-are-errors-at-the-start": "import warnings\nwarnings.filterwarnings('error')",
    "warnings-ignored": "import warnings\nwarnings.filterwarnings('ignore')",
    "threads-four": "torch.set_num_threads(4)",
    "threads-one-interop": "torch.set_num_interop_threads(1)",
    "print-options": "torch.set_printoptions(precision=2, sci_mode=True)\nnp.set_printoptions(precision=2, suppress=True)",
    "seeds": "np.random.seed(42)\ntorch.manual_seed(42)",
    "shapes-for-repr": "torch.Tensor.__repr__ = lambda self, **_: f'tensor{tuple(self.shape)}'",
    "precision-of-products": "torch.set_float32_matmul_precision('medium')\ntorch.set_flush_denormal(True)",
}

_LAST = {
    "grad-off": "torch.set_grad_enabled(False)",
    "grad-off-by-autograd": "torch.autograd.set_grad_enabled(False)\nprint(torch.is_grad_enabled())",
    "no-grad-entered": "torch.no_grad().__enter__()",
    "inference-mode-entered": "mode = torch.inference_mode()\nmode.__enter__()",
    "default-dtype-double": "torch.set_default_dtype(torch.float64)",
    "default-dtype-half": "torch.set_default_dtype(torch.bfloat16)",
    "default-device-meta": "torch.set_default_device('meta')",
    "deterministic": "torch.use_deterministic_algorithms(True)",
    "deterministic-warn-only": "torch.use_deterministic_algorithms(True, warn_only=True)",
    "anomaly": "torch.autograd.set_detect_anomaly(True)",
    "errstate-raises": "np.seterr(all='raise')",
    "warnings-are-errors": "import warnings\nwarnings.simplefilter('error')",
    "threads": "torch.set_num_threads(2)",
    "chdir": "import os\nos.makedirs('elsewhere', exist_ok=True)\nos.chdir('elsewhere')",
    "chdir-and-removed": "import os, tempfile\nwith tempfile.TemporaryDirectory() as folder:\n    os.chdir(folder)",
    "low-recursion-limit": "import sys\nsys.setrecursionlimit(120)",
    "print-silenced": "import builtins\nbuiltins.print = lambda *a, **k: None",
    "builtin-sum-replaced": "import builtins\nbuiltins.sum = lambda values: None",
    "builtin-round-replaced": "import builtins\nbuiltins.round = torch.round\nbuiltins.float = torch.float",
    "stdout-replaced": "import sys\nsys.stdout = open('out.txt', 'w')",
    "stdout-closed": "import sys\nsys.stderr = None",
    "collector-off": "import gc\ngc.disable()",
    "logging-off": "import logging\nlogging.disable(logging.CRITICAL)",
    "decimal-precision": "import decimal\ndecimal.getcontext().prec = 2",
    "numpy-legacy-print": "np.set_printoptions(legacy='1.13', threshold=0)",
    "figures-everywhere": "plt.rcParams['axes.grid'] = True\nplt.rcParams['axes.titlesize'] = 0",
}


def _grad_off_at_the_start(handin: HandIn) -> None:
    """Gradients are off from the start, and predict has no switch of its own."""
    handin.notebook.cells.insert(2, code_cell("torch.set_grad_enabled(False)"))
    cell = handin.exercise("predict")
    cell.source = cell.source.replace("with torch.no_grad():\n            return model(x)", "return model(x)")


def _profiled(handin: HandIn) -> None:
    """A profiler is set at the end: a person may be asked, because such code could reach what is forbidden."""
    PLACES["last"](handin, "import sys\nsys.setprofile(lambda *a: None)\nsys.settrace(None)")


HABITS: list[Habit] = by_turns([*texts("after-imports", 3, _AFTER), *texts("last", 3, _LAST)])
#: Right only with the switches that stood at the exercise's cell, which the second try sets.
#: It cannot be shown that it leaves the mode as it was, because gradients were off before.
HABITS.append(Habit("predict-relies-on-grad-off", 3, _grad_off_at_the_start, ("sequential",), told=("cell",), but=0.2))
HABITS.append(Habit("audit-of-profile", 3, _profiled, ("gradients", "xavier"), review=None))
