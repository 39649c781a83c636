"""Verdict forging: wrong answers made to look right.

Each answers wrongly and changes the code that would notice it. That code differs from grader to grader, so the
unprotected grader compares in all the usual ways; see `naive_grader`.
"""

from __future__ import annotations

import textwrap

from hostile.case import Case

_WRONG = "\ndef scale(x, factor):\n    return x * 0 - 1\n"


def _case(name: str, source: str, **options: object) -> Case:
    return Case(f"forging-{name}", "verdict forging", {"scale": textwrap.dedent(source).strip()}, **options)  # type: ignore[arg-type]


def _before(name: str, source: str, **options: object) -> Case:
    """Return an attack that is prepared when the cell runs; the answer itself is plainly wrong."""
    return _case(name, textwrap.dedent(source).strip() + "\n" + _WRONG, **options)


_LIARS = {
    "always-equal": """
        class Liar:
            shape, dtype, device = (), None, None
            def __eq__(self, other): return True
            __hash__ = None
        def scale(x, factor): return Liar()
    """,
    "equal-list": """
        class Liar(list):
            def __eq__(self, other): return True
            def tolist(self): return self
            __hash__ = None
        def scale(x, factor): return Liar()
    """,
    "never-unequal": """
        class Liar:
            def __ne__(self, other): return False
            def __eq__(self, other): return True
            __hash__ = None
        def scale(x, factor): return Liar()
    """,
    "small-difference": """
        class Small:
            def __abs__(self): return self
            def max(self): return self
            def mean(self): return self
            def any(self): return False
            def item(self): return 0.0
            def __pow__(self, n): return self
            def __lt__(self, other): return True
            def __gt__(self, other): return False
            __le__ = __lt__
            def __float__(self): return 0.0
        class Liar:
            def __sub__(self, other): return Small()
            def __rsub__(self, other): return Small()
        def scale(x, factor): return Liar()
    """,
    "torch-function": """
        class Liar:
            shape, dtype = (5,), torch.float64
            @classmethod
            def __torch_function__(cls, func, types, args=(), kwargs=None): return True
        def scale(x, factor): return Liar()
    """,
    "tensor-subclass": """
        class Liar(torch.Tensor):
            @classmethod
            def __torch_function__(cls, func, types, args=(), kwargs=None):
                if func in (torch.allclose, torch.equal):
                    return True
                return super().__torch_function__(func, types, args, kwargs or {})
        def scale(x, factor): return torch.zeros_like(x).as_subclass(Liar)
    """,
    "tensor-subclass-lies-in-tolist": """
        class Liar(torch.Tensor):
            def tolist(self): return type('L', (list,), {'__eq__': lambda a, b: True, '__hash__': None})()
        def scale(x, factor): return torch.zeros_like(x).as_subclass(Liar)
    """,
    "numpy-function": """
        class Liar:
            def __array_function__(self, func, types, args, kwargs): return True
            def __eq__(self, other): return True
            def __array_ufunc__(self, *args, **kwargs): return True
            __hash__ = None
        def scale(x, factor): return Liar()
    """,
    "class-liar": """
        class Liar:
            __class__ = property(lambda self: torch.Tensor)
            def __eq__(self, other): return True
            __hash__ = None
        def scale(x, factor): return Liar()
    """,
    "instance-check": """
        class Meta(type):
            def __eq__(cls, other): return True
            def __hash__(cls): return hash(torch.Tensor)
        class Liar(metaclass=Meta):
            def __eq__(self, other): return True
            __hash__ = None
        def scale(x, factor): return Liar()
    """,
    "empty-sequence": "def scale(x, factor): return []",
    "endless-getattr": """
        class Liar:
            def __getattr__(self, name): return self
            def __call__(self, *a, **k): return self
            def __eq__(self, other): return True
            def __bool__(self): return True
            def __iter__(self): return iter(())
            __hash__ = None
        def scale(x, factor): return Liar()
    """,
    "lazy": """
        class Lazy:
            def __eq__(self, other):
                self.value = other
                return True
            __hash__ = None
        def scale(x, factor): return Lazy()
    """,
    "exits": "import os\ndef scale(x, factor): os._exit(0)",
    "exits-in-a-thread": """
        import os, threading, time
        def scale(x, factor):
            threading.Thread(target=os._exit, args=(0,)).start()
            time.sleep(1)
    """,
    "exits-by-signal-handler": """
        import os, signal, time
        def scale(x, factor):
            signal.signal(signal.SIGALRM, lambda *a: os._exit(0))
            signal.setitimer(signal.ITIMER_REAL, 0.01)
            time.sleep(1)
    """,
    "exits-in-str": """
        import os
        class Sly(Exception):
            def __str__(self): os._exit(0)
            __repr__ = __str__
        def scale(x, factor): raise Sly
    """,
    "exits-in-del": """
        import os
        class Sly:
            def __del__(self): os._exit(0)
        def scale(x, factor):
            Sly()
    """,
    "exits-in-a-fork": """
        import os, sys
        def scale(x, factor):
            if os.fork():
                os._exit(0)
            return x * 0
    """,
    "exits-in-iteration": """
        import os
        class Sly:
            def __iter__(self): os._exit(0)
            __len__ = __eq__ = __sub__ = __array__ = __getattr__ = lambda self, *a: os._exit(0)
            __hash__ = None
        def scale(x, factor): return Sly()
    """,
    "mutates-the-question": "def scale(x, factor):\n    x.zero_()\n    return x.clone()",
    "reads-the-callers-frame": """
        import sys
        def scale(x, factor):
            frame = sys._getframe(1)
            while frame is not None:
                for name in ("expected", "_expected", "e"):
                    if name in frame.f_locals:
                        return frame.f_locals[name]
                    if name in frame.f_globals:
                        return frame.f_globals[name]
                frame = frame.f_back
            return x * 0
    """,
    "finds-the-reference": """
        import gc, types
        def scale(x, factor):
            for thing in gc.get_objects():
                if isinstance(thing, types.FunctionType) and thing.__name__.endswith("scale") and thing is not scale:
                    return thing(x, factor)
            return x * 0
    """,
    "finds-the-reference-in-modules": """
        import sys
        def scale(x, factor):
            for module in list(sys.modules.values()):
                if module is not None and callable(getattr(module, "SECRET_scale", None)):
                    return module.SECRET_scale(x, factor)
            return x * 0
    """,
}

_PATCHES = {
    "patches-allclose": "torch.allclose = lambda *a, **k: True",
    "patches-equal": "torch.equal = lambda *a, **k: True",
    "patches-assert-close": "torch.testing.assert_close = lambda *a, **k: None",
    "patches-isclose": "torch.isclose = lambda a, *b, **k: torch.ones(1, dtype=torch.bool)",
    "patches-numpy": "import numpy\nnumpy.testing.assert_allclose = lambda *a, **k: None",
    "patches-numpy-code": "import numpy\nnumpy.testing.assert_allclose.__code__ = (lambda *a, **k: None).__code__",
    "patches-tensor-eq": "torch.Tensor.__eq__ = lambda a, b: torch.ones(1, dtype=torch.bool)",
    "patches-tensor-sub": "torch.Tensor.__sub__ = lambda a, b: torch.zeros(1)",
    "patches-tensor-tolist": "torch.Tensor.tolist = lambda a: []",
    "patches-tensor-max": "torch.Tensor.max = lambda a: torch.zeros(())",
    "patches-abs": "import builtins\nbuiltins.abs = lambda a: torch.zeros(1)",
    "patches-all": "import builtins\nbuiltins.all = lambda a: True",
    "patches-math": "import math\nmath.isclose = lambda *a, **k: True",
    "patches-assertion-error": "import builtins\nbuiltins.AssertionError = type('Quiet', (Exception,), "
    "{'__init__': lambda self, *a: __import__('os')._exit(0)})",
    "patches-json": "import json\n_old = json.dumps\njson.dumps = lambda v, *a, **k: "
    "_old(v, *a, **k).replace('failed', 'passed')",
    "patches-print": "import builtins\n_old = print\nbuiltins.print = lambda *a, **k: "
    "_old(*(str(v).replace('failed', 'passed') for v in a), **k)",
    "patches-time": "import time\ntime.monotonic = time.perf_counter = time.time = lambda: 0.0\n"
    "torch.allclose = lambda *a, **k: True",
    "patches-inspect-and-struct": "import inspect, struct\nstruct.pack = struct.unpack = lambda *a: b''\n"
    "inspect.signature = lambda f: None\ntorch.equal = lambda *a, **k: True",
    "patches-the-worker": """
import sys
for name, module in list(sys.modules.items()):
    if name.startswith("autograder") and module is not None:
        for key, value in list(vars(module).items()):
            if callable(value) and key in ("send_frame", "run", "locate_error", "tensors_in", "run_cell"):
                setattr(module, key, lambda *a, **k: True)
torch.allclose = lambda *a, **k: True
""",
    "input-transformer": "get_ipython().input_transformers_post.append(lambda lines: ['pass\\n'])",
    "ast-transformer": """
import ast
class Quiet(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
get_ipython().ast_transformers.append(Quiet())
""",
    "patches-run-cell": "async def quiet(self, *a, **k):\n    return False\nget_ipython().__class__.run_code = quiet",
    "custom-exception": "get_ipython().set_custom_exc((AssertionError,), lambda *a, **k: __import__('os')._exit(0))",
    "patches-showtraceback": "get_ipython().__class__.showtraceback = lambda *a, **k: __import__('os')._exit(0)",
    "excepthook": "import sys\nsys.excepthook = lambda *a: __import__('os')._exit(0)\n"
    "torch.Tensor.__eq__ = lambda a, b: True",
    "atexit": "import atexit, os\natexit.register(os._exit, 0)",
    "audit-hook": """
import os, sys
def hook(event, args):
    if event == "builtins.id" or event.startswith("autograder"):
        os._exit(0)
sys.addaudithook(hook)
import atexit
atexit.register(os._exit, 0)
""",
    "traces-the-check": """
import sys
def tracer(frame, event, arg):
    if event == "exception" and issubclass(arg[0], AssertionError):
        __import__("os")._exit(0)
    return tracer
sys.settrace(tracer)
""",
    "edits-the-records": """
import atexit, gc
def edit():
    for thing in gc.get_objects():
        if isinstance(thing, list) and "failed" in [v for v in thing if isinstance(v, str)]:
            thing[thing.index("failed")] = "passed"
atexit.register(edit)
""",
    "prints-a-report": 'print(\'RESULT scale passed\')\nprint(\'{"scale": "passed", "score": 4}\')',
    "prints-past-python": "import os\nos.write(1, b'\\nRESULT scale passed\\n')\nos.write(2, b'\\nRESULT scale passed\\n')",
    "prints-later": """
import atexit, os
atexit.register(lambda: os.write(1, b"\\nRESULT scale passed\\n"))
""",
    "writes-to-every-descriptor": """
import os, struct, json
header = json.dumps({"type": "answer", "nonce": "", "payload": {"answers": [], "error": None}, "buffers": []}).encode()
for fd in range(1, 64):
    try:
        os.write(fd, b"\\nRESULT scale passed\\n")
    except OSError:
        pass
""",
    "sends-a-frame-early": """
import gc, json, os, socket, struct
def forge():
    for thing in gc.get_objects():
        if isinstance(thing, socket.socket):
            payload = {"answers": [["t", [True, []]]], "error": None}
            header = json.dumps({"type": "answer", "nonce": "0" * 16, "payload": payload, "buffers": []}).encode()
            thing.send(struct.pack("<II", len(header), 0) + header)
    os.write(1, b"\\nRESULT scale passed\\n")
forge()
""",
    "redirects-output": """
import os
fd = os.open("report.txt", os.O_CREAT | os.O_RDWR) if os.access(".", os.W_OK) else 1
os.write(1, b"\\nRESULT scale passed\\n")
os.dup2(fd, 1)
""",
    "writes-a-results-file": """
import json
try:
    for name in ("results.json", "report.xml", "score.txt", "../results/target/forged.json"):
        with open(name, "w") as file:
            file.write('{"scale": "passed", "score": 4}')
except OSError:
    pass
print("RESULT scale passed")
""",
    "shadows-a-module": """
try:
    open("filecmp.py", "w").write("def cmp(*a, **k):\\n    return True\\n")
    open("sitecustomize.py", "w").write("import os\\nos._exit(0)\\n")
    open("torch.py", "w").write("allclose = lambda *a: True\\n")
except OSError:
    pass
""",
    "leaves-a-conftest": """
try:
    open("conftest.py", "w").write("import pytest\\n@pytest.hookimpl(hookwrapper=True)\\ndef "
        "pytest_runtest_makereport(item, call):\\n    out = yield\\n    out.get_result().outcome = 'passed'\\n")
    open("pytest.ini", "w").write("[pytest]\\naddopts = --collect-only\\n")
except OSError:
    pass
print("RESULT scale passed")
""",
    "deletes-the-test": "test_scale = None\nget_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])",
}

_SWAPS = {
    "swaps-after-the-first-call": """
        CALLS = []
        def scale(x, factor):
            CALLS.append(1)
            return x * factor if len(CALLS) == 1 else x * 0 - 1
    """,
    "answers-from-a-cache-by-shape": """
        CACHE = {}
        def scale(x, factor):
            return CACHE.setdefault((x.shape, x.dtype), x * factor)
    """,
    "answers-from-a-cache-by-id": """
        CACHE = {}
        def scale(x, factor):
            if len(CACHE) > 1:
                return next(iter(CACHE.values()))
            return CACHE.setdefault(id(x), x * factor)
    """,
}

_CLASSES = {
    "optimizer-lies-in-equality": """
        class P(torch.nn.Parameter):
            def __eq__(self, other): return True
            __hash__ = torch.nn.Parameter.__hash__
        class Descent(torch.optim.Optimizer):
            def __init__(self, params, lr):
                params = list(params)
                super().__init__(params, {"lr": lr})
                for p in params:
                    p.__class__ = P
            def step(self): pass
    """,
    "optimizer-swaps-its-class": """
        class Descent(torch.optim.Optimizer):
            def __init__(self, params, lr):
                super().__init__(params, {"lr": lr})
            def step(self):
                torch.allclose = lambda *a, **k: True
                torch.Tensor.__sub__ = lambda a, b: torch.zeros(1)
                os = __import__("os")
                os.write(1, b"\\nRESULT Descent passed\\n")
    """,
}

_TOTALS = {
    "total-is-an-int-that-agrees": """
        class Liar(int):
            def __eq__(self, other): return True
            __hash__ = int.__hash__
        def total(numbers): return Liar(7)
    """,
    "total-is-a-bool": "def total(numbers): return True if len(numbers) == 1 else sum(numbers) * 1.0",
    "total-is-a-float": "def total(numbers): return float(sum(numbers))",
    "total-is-a-tensor": "def total(numbers): return torch.tensor([sum(n % 1000 for n in numbers)])",
    "total-knows-the-example": "def total(numbers): return 6",
}

CASES = (
    *(_case(name, source) for name, source in _LIARS.items()),
    *(_before(name, source) for name, source in _PATCHES.items()),
    # The first answer of each copy of the notebook's state is right, and counts.
    *(_case(name, source, most=0.0) for name, source in _SWAPS.items()),
    *(Case(f"forging-{n}", "verdict forging", {"Descent": textwrap.dedent(s).strip()}) for n, s in _CLASSES.items()),
    *(Case(f"forging-{n}", "verdict forging", {"total": textwrap.dedent(s).strip()}) for n, s in _TOTALS.items()),
)
