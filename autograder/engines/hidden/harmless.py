"""The part of Python, torch and numpy that is known to change nothing but what it is given; see `quiet`."""

from __future__ import annotations

import ast
import builtins
import sys

__all__ = [
    "BUILT_IN",
    "DECORATORS",
    "FUNCTIONS",
    "KNOWN",
    "MAKES_FIXED",
    "OF_TENSORS",
    "OWN_OBJECTS",
    "REACHING",
    "SPECIAL",
    "is_harmless",
    "is_module",
]

#: What changes something, runs a text, or leads to what other code works with; in a notebook that has one of these
#: nothing is known.
REACHING = frozenset(
    {
        *("exec", "eval", "globals", "locals", "vars", "__import__", "__builtins__", "builtins"),
        *("importlib", "ctypes", "gc", "inspect", "threading", "signal", "atexit", "mock", "monkeypatch", "ipython"),
        *("settrace", "setprofile", "_getframe", "__dict__", "__globals__", "__code__", "__closure__", "__defaults__"),
        *("__subclasses__", "__setattr__", "__getattribute__", "f_globals", "f_locals", "tb_frame"),
        *("gi_frame", "user_ns", "library", "_C", "_python_dispatch", "overrides", "MethodType", "FunctionType"),
    }
)
#: Double underscores that a method of a student's may call.
SPECIAL = frozenset(
    {"__init__", "__name__", "__qualname__", "__call__", "__len__", "__getitem__", "__iter__", "__str__", "__repr__"}
)
#: Modules whose functions change nothing but what they are given. What draws random numbers is among them: the states
#: of all generators are put back.
_MODULES = frozenset(
    {
        *("torch", "torch.nn", "torch.nn.functional", "torch.nn.init", "torch.linalg", "torch.special", "torch.fft"),
        *("torch.autograd", "torch.autograd.functional", "torch.optim", "torch.optim.optimizer", "torch.nn.utils"),
        *("torch.utils.data", "torch.nn.modules", "torch.nn.parameter", "torch.func", "math", "cmath", "numpy"),
        *("numpy.linalg", "numpy.random", "random", "copy", "itertools", "operator", "collections", "typing"),
        *("dataclasses", "fractions", "statistics", "numbers", "abc", "enum", "collections.abc", "numpy.typing"),
        *("matplotlib.pyplot", "functools", "contextlib"),
    }
)
#: What else those modules have: functions that keep something or put a switch, and modules with such functions.
_KEEPING = frozenset(
    {
        *("cache", "lru_cache", "cached_property", "singledispatch", "singledispatchmethod", "compile"),
        *("default_generator", "rcParams", "rc", "rcdefaults", "rc_context", "style", "xkcd", "ion", "ioff", "memmap"),
        *("switch_backend", "seterr", "seterrcall", "setbufsize", "detect_anomaly"),
        *("backends", "hub", "utils", "jit", "ops", "cuda", "mps", "distributed", "multiprocessing", "random", "fx"),
        *("overrides", "compiler", "onnx", "package", "profiler", "classes", "accelerator", "serialization", "core"),
        *("is_inference_mode_enabled", "import_ir_module", "parse_ir", "get_file_path", "register_parametrization"),
    }
)
_PUTTING = ("_", "set_", "use_", "register_", "enable_", "disable_", "unregister_", "init_", "save", "load")
#: Functions of other modules, or so called, that are as harmless: switches are put back.
FUNCTIONS = frozenset(
    {
        *("torch.cuda.is_available", "torch.backends.mps.is_available", "torch.set_grad_enabled", "warnings.warn"),
        *("warnings.catch_warnings", "warnings.simplefilter", "warnings.filterwarnings"),
    }
)
BUILT_IN = frozenset(
    {
        *("abs", "all", "any", "bool", "bytes", "callable", "chr", "complex", "dict", "divmod", "enumerate", "filter"),
        *(
            "float",
            "format",
            "frozenset",
            "getattr",
            "hasattr",
            "hash",
            "id",
            "int",
            "isinstance",
            "issubclass",
            "iter",
        ),
        *("len", "list", "map", "max", "min", "next", "object", "ord", "pow", "print", "property", "range", "repr"),
        *(
            "reversed",
            "round",
            "set",
            "slice",
            "sorted",
            "staticmethod",
            "str",
            "sum",
            "setattr",
            "super",
            "tuple",
            "type",
            "zip",
        ),
        *("NotImplemented", "Ellipsis", "__name__"),
        *(n for n, v in vars(builtins).items() if isinstance(v, type) and issubclass(v, BaseException)),
    }
)
DECORATORS = frozenset(
    {
        *("torch.no_grad", "torch.enable_grad", "torch.inference_mode", "staticmethod", "property", "functools.wraps"),
        *("dataclasses.dataclass", "abc.abstractmethod", "torch.autograd.function.once_differentiable"),
        "contextlib.contextmanager",
    }
)
#: Calls whose result nothing can change, if nothing can change what they are given.
MAKES_FIXED = frozenset(
    {"torch.device", "float", "int", "str", "bool", "frozenset", "len", "abs", "min", "max", "round"}
)
#: Attributes of tensors and layers that code may set on all that it holds. Others only on its own objects, for the
#: object may be a function or a class.
OF_TENSORS = frozenset({"grad", "data", "requires_grad", "weight", "bias", "training"})
OWN_OBJECTS = frozenset({"self", "ctx"})
KNOWN = (
    *(ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.Slice, ast.Tuple, ast.List, ast.Set, ast.Dict),
    *(ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Call, ast.IfExp, ast.Lambda, ast.JoinedStr),
    *(ast.FormattedValue, ast.Starred, ast.NamedExpr, ast.keyword, ast.comprehension, ast.ListComp, ast.SetComp),
    *(ast.DictComp, ast.GeneratorExp, ast.Yield, ast.YieldFrom, ast.FunctionDef, ast.ClassDef, ast.arguments, ast.arg),
    *(ast.Return, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.If, ast.For, ast.While, ast.With),
    *(ast.withitem, ast.Try, ast.ExceptHandler, ast.Raise, ast.Assert, ast.Pass, ast.Break, ast.Continue, ast.Delete),
    *(ast.Nonlocal, ast.Import, ast.ImportFrom, ast.alias, ast.operator, ast.unaryop, ast.boolop, ast.cmpop),
    *(ast.expr_context, ast.Match, ast.match_case, ast.pattern),
)


def is_module(path: str) -> bool:
    """Whether a name is that of a module."""
    return path in sys.modules or path in _MODULES


def is_harmless(path: str) -> bool:
    """Whether a name in a library is a function or class that keeps nothing, or a value that nobody changes."""
    if path in FUNCTIONS | DECORATORS:
        return True
    parts = path.split(".")
    module = next(
        (i for i in range(len(parts), 0, -1) if ".".join(parts[:i]) in sys.modules or ".".join(parts[:i]) in _MODULES),
        0,
    )
    if not module or ".".join(parts[:module]) not in _MODULES or module == len(parts):
        return False
    return not any(part in _KEEPING or part.startswith(_PUTTING) for part in parts[module:])
