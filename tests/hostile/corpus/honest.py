"""Honest oddities: right answers in notebooks that careless graders refuse. Each has full marks in every tier."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hostile.case import Case

Notebook = dict[str, Any]

_SCALES = {
    "warns": "import warnings\ndef scale(x, factor):\n    warnings.warn('careful')\n    return x * factor",
    "warns-deprecated": "import warnings\ndef scale(x, factor):\n    warnings.warn('old', DeprecationWarning, stacklevel=2)\n"
    "    return factor * x",
    "writes-to-stderr": "import sys\ndef scale(x, factor):\n    print('busy', file=sys.stderr)\n    return x * factor",
    "prints-a-lot": "def scale(x, factor):\n    for i in range(200):\n        print('step', i, x)\n    return x * factor",
    "prints-without-newline": "def scale(x, factor):\n    print('.', end='', flush=True)\n    return x * factor",
    "plots-inside": "import matplotlib.pyplot as plt\ndef scale(x, factor):\n    plt.figure()\n    plt.plot(x.flatten())\n"
    "    plt.show()\n    return x * factor",
    "leaves-figures-open": "import matplotlib.pyplot as plt\ndef scale(x, factor):\n    fig, ax = plt.subplots()\n"
    "    return x * factor",
    "logs": "import logging\nlogging.basicConfig(level=logging.DEBUG)\ndef scale(x, factor):\n    logging.info('in')\n"
    "    logging.getLogger(__name__).error('out')\n    return x * factor",
    "uses-tqdm-like-carriage-returns": "def scale(x, factor):\n    for i in range(5):\n        print(f'\\r{i}/5', end='')\n"
    "    return x * factor",
    "uses-threads": "from concurrent.futures import ThreadPoolExecutor\ndef scale(x, factor):\n"
    "    with ThreadPoolExecutor(4) as pool:\n        return torch.stack(list(pool.map(lambda v: v * factor, x)))",
    "uses-a-daemon-thread": "import threading\ndef scale(x, factor):\n    out = []\n"
    "    t = threading.Thread(target=lambda: out.append(x * factor), daemon=True)\n    t.start()\n    t.join()\n"
    "    return out[0]",
    "uses-a-dataclass": "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Scaler:\n    factor: float\n"
    "    def __call__(self, x):\n        return x * self.factor\ndef scale(x, factor):\n    return Scaler(factor)(x)",
    "uses-lru-cache": "from functools import lru_cache\n@lru_cache(maxsize=None)\ndef same(f):\n    return f\n"
    "def scale(x, factor):\n    return x * same(factor)",
    "uses-a-generator": "def parts(x, f):\n    for row in x:\n        yield row * f\ndef scale(x, factor):\n"
    "    return torch.stack(list(parts(x, factor)))",
    "checks-types": "def scale(x, factor):\n    assert isinstance(x, torch.Tensor), 'a tensor, please'\n"
    "    if not isinstance(factor, (int, float)):\n        raise TypeError(factor)\n    return x * factor",
    "uses-typing": "from typing import Union, Optional\ndef scale(x: torch.Tensor, factor: Optional[float] = None) -> "
    "'torch.Tensor':\n    return x * (1.0 if factor is None else factor)",
    "seeds": "import random\nimport numpy as np\ntorch.manual_seed(0)\nnp.random.seed(0)\nrandom.seed(0)\n"
    "def scale(x, factor):\n    torch.manual_seed(1)\n    return x * factor",
    "is-slow": "import time\ndef scale(x, factor):\n    time.sleep(0.02)\n    total = 0\n    for i in range(30000):\n"
    "        total += i\n    return x * factor",
    "loops": "def scale(x, factor):\n    out = torch.empty_like(x)\n    flat, target = x.reshape(-1), out.reshape(-1)\n"
    "    for i in range(flat.numel()):\n        target[i] = flat[i] * factor\n    return out",
    "uses-numpy": "import numpy as np\ndef scale(x, factor):\n    return torch.from_numpy(np.multiply(x.numpy(), factor))",
    "uses-einsum": "def scale(x, factor):\n    return torch.einsum('...,->...', x, torch.tensor(factor, dtype=x.dtype))",
    "is-a-lambda": "scale = lambda x, factor: x * factor",
    "is-a-partial": "import functools, operator\ndef _s(f, x, factor):\n    return f(x, factor)\n"
    "scale = functools.partial(_s, operator.mul)",
    "is-a-callable-object": "class Scale:\n    def __call__(self, x, factor):\n        return x * factor\nscale = Scale()",
    "is-decorated": "import functools, time\ndef timed(f):\n    @functools.wraps(f)\n    def inner(*a, **k):\n"
    "        start = time.perf_counter()\n        try:\n            return f(*a, **k)\n        finally:\n"
    "            print(time.perf_counter() - start)\n    return inner\n@timed\ndef scale(x, factor):\n    return x * factor",
    "is-scripted": "@torch.jit.script\ndef scale(x: torch.Tensor, factor: float) -> torch.Tensor:\n    return x * factor",
    "is-recursive": "def scale(x, factor):\n    if x.dim() > 1:\n        return torch.stack([scale(r, factor) for r in x])\n"
    "    return x * factor",
    "gives-a-transposed-view": "def scale(x, factor):\n    return (x.t().contiguous() * factor).t()",
    "gives-a-negative-view": "def scale(x, factor):\n    return torch._neg_view(-(x * factor))",
    "gives-a-strided-view": "def scale(x, factor):\n    return torch.stack([x * factor, x], -1)[..., 0]",
    "gives-a-parameter": "def scale(x, factor):\n    return torch.nn.Parameter(x * factor)",
    "keeps-a-graph": "def scale(x, factor):\n    x = x.clone().requires_grad_()\n    return x * factor",
    "changes-print-options": "torch.set_printoptions(precision=2, sci_mode=True)\nimport numpy as np\n"
    "np.set_printoptions(suppress=True)\ndef scale(x, factor):\n    return x * factor",
    "sets-the-default-dtype": "torch.set_default_dtype(torch.float64)\ndef scale(x, factor):\n    return x * factor",
    "sets-threads": "torch.set_num_threads(2)\ndef scale(x, factor):\n    return x * factor",
    "catches-everything": "def scale(x, factor):\n    try:\n        return x.mul(factor)\n    except:\n        return None",
    "uses-a-global": "FACTORS = {}\ndef scale(x, factor):\n    global LAST\n    LAST = factor\n    FACTORS[factor] = 1\n"
    "    return x * LAST",
    "has-non-ascii-names": "def skalieré(größe, факτor):\n    # ускорение → 速い\n    return größe * факτor\n"
    "scale = lambda x, factor: skalieré(x, factor)",
    "defines-a-test-of-its-own": "def scale(x, factor):\n    return x * factor\n"
    "assert scale(torch.ones(2), 2.0).tolist() == [2, 2]\nprint('all right')",
    "times-itself": "def scale(x, factor):\n    return x * factor\n%timeit -n2 -r1 scale(torch.ones(2), 2.0)",
    "uses-inline-magic": "%matplotlib inline\ndef scale(x, factor):\n    return x * factor",
    "uses-time-magic": "%%time\ndef scale(x, factor):\n    return x * factor",
    "uses-capture-magic": "%%capture\ndef scale(x, factor):\n    return x * factor\nprint('hidden')",
    "asks-for-help": "def scale(x, factor):\n    return x * factor\nscale?",
    "uses-eval-and-getattr-innocently": "def scale(x, factor):\n    net = torch.nn.Linear(1, 1)\n    net.eval()\n"
    "    return getattr(x, 'mul')(factor)",
    "uses-a-data-loader": "from torch.utils.data import DataLoader\ndef scale(x, factor):\n"
    "    return torch.cat([b * factor for b in DataLoader(x, batch_size=2, num_workers=2)])",
    "uses-a-context-manager": "from contextlib import contextmanager\n@contextmanager\ndef quiet():\n    with torch.no_grad():\n"
    "        yield\ndef scale(x, factor):\n    with quiet():\n        return x * factor",
    "raises-and-recovers": "def scale(x, factor):\n    for attempt in range(3):\n        try:\n            if attempt < 2:\n"
    "                raise RuntimeError('again')\n            return x * factor\n        except RuntimeError:\n"
    "            continue",
    "collects-garbage": "import gc\ndef scale(x, factor):\n    out = x * factor\n    gc.collect()\n    return out",
    "draws-random-numbers": "def scale(x, factor):\n    noise = torch.randn(3)\n    return x * factor + 0 * noise.sum()",
    "uses-async": "import asyncio\nasync def work(x, f):\n    await asyncio.sleep(0)\n    return x * f\ndef scale(x, factor):\n"
    "    import threading\n    out = []\n    t = threading.Thread(target=lambda: out.append(asyncio.run(work(x, factor))))\n"
    "    t.start()\n    t.join()\n    return out[0]",
}


def _extra_cells(*sources: str) -> Callable[[Notebook], None]:
    def edit(notebook: Notebook) -> None:
        for number, source in enumerate(sources):
            extra: Notebook = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
            notebook["cells"].append({**extra, "id": f"mine-{number}", "source": source})

    return edit


def _old_format(notebook: Notebook) -> None:
    """Write the notebook as a Jupyter of 2016 did: 4.0, no cell ids, sources as lists."""
    notebook["nbformat_minor"] = 0
    for cell in notebook["cells"]:
        cell.pop("id", None)
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)


def _third_format(notebook: Notebook) -> str:
    """Write it in nbformat 3: worksheets and inputs."""
    cells = [
        {
            "cell_type": "code",
            "input": "".join(cell["source"]),
            "language": "python",
            "metadata": cell["metadata"],
            "outputs": [],
            "collapsed": False,
        }
        for cell in notebook["cells"]
    ]
    data = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": cells, "metadata": {}}],
    }
    return json.dumps(data)


def _outputs_kept(notebook: Notebook) -> None:
    for number, cell in enumerate(notebook["cells"]):
        cell["execution_count"] = number
        cell["outputs"] = [{"output_type": "stream", "name": "stderr", "text": ["warning: old\n"]}]


def _moved_down(notebook: Notebook) -> None:
    """Keep a helper in an extra cell, above the setup."""
    extra: Notebook = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "id": "top"}
    notebook["cells"].insert(0, {**extra, "source": "import math\nTWO = 2"})


def _locked_cell_gone(notebook: Notebook) -> None:
    notebook["cells"] = [c for c in notebook["cells"] if c["metadata"]["nbgrader"]["grade_id"] != "test_scale"]


_EDITS: dict[str, Callable[[Notebook], Any]] = {
    "windows-line-ends": lambda n: json.dumps(n, indent=1).replace("\n", "\r\n").encode(),
    "windows-line-ends-inside": lambda n: json.dumps(n).replace("\\n", "\\r\\n"),
    "byte-order-mark": lambda n: b"\xef\xbb\xbf" + json.dumps(n).encode(),
    "older-format": _old_format,
    "much-older-format": _third_format,
    "outputs-left-in": _outputs_kept,
    "failing-extra-cell": _extra_cells("1 / 0", "undefined_name"),
    "plotting-extra-cells": _extra_cells("import matplotlib.pyplot as plt\nplt.plot([1, 2])", "print('done')"),
    "comparing-extra-cell": _extra_cells("opt = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1)"),
    "unfinished-extra-cell": _extra_cells("def later(:\n    pass"),
    "helper-above": _moved_down,
    "locked-cell-deleted": _locked_cell_gone,
}

#: What every oddity needs besides its own part.
_REST = {
    "total": "def total(numbers):\n    return sum(numbers)",
    "Descent": "class Descent(torch.optim.Optimizer):\n    def __init__(self, params, lr):\n"
    "        super().__init__(params, {'lr': lr})\n\n    @torch.no_grad()\n    def step(self):\n"
    "        for group in self.param_groups:\n            for p in group['params']:\n"
    "                if p.grad is not None:\n                    p -= group['lr'] * p.grad",
}
_PLAIN = {"scale": "def scale(x, factor):\n    return x * factor", **_REST}

HONEST = (
    *(Case(f"honest-{n}", "honest", {"scale": s, **_REST}, most=10.0) for n, s in _SCALES.items()),
    *(Case(f"honest-{n}", "honest", _PLAIN, edit=e, most=10.0) for n, e in _EDITS.items()),
)
