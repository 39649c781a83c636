"""The names that reading looks for besides what an assignment forbids."""

from __future__ import annotations

__all__ = ["ANYWHERE", "ATTRIBUTES", "HOOKS", "INTERNALS", "MEANS", "RUN_TEXT", "SCRIPTS", "SHELL", "WAYS"]

#: Where torch keeps its operators: a forbidden name below these is reached on purpose.
INTERNALS = ("torch.ops.", "torch._C.", "torch._VF.")
RUN_TEXT = frozenset({"exec", "eval", "compile", "builtins.exec", "builtins.eval", "builtins.compile"})
#: Methods of IPython's shell that run a text.
SHELL = frozenset({"run_cell", "ex", "ev"})
#: What takes a program as a text in torch's own language.
SCRIPTS = frozenset({"torch.jit.CompilationUnit", "torch._C.parse_ir", "torch._C._jit_get_operation"})

#: What can reach anything, in code that an exercise uses.
MEANS = frozenset(
    {
        "ctypes",
        "dill",
        "cloudpickle",
        "marshal",
        "pickle.loads",
        "pickle.load",
        "pickle.Unpickler",
        "torch.load",
        "torch.package",
        "torch.library",
        "torch.jit.CompilationUnit",
        "torch._refs",
        "torch._decomp",
        "torch._prims",
        "torch.fx.Graph",
        "torch._C",
        "torch.ops",
        "torch._VF",
        "importlib.reload",
        "importlib.util",
        "importlib.machinery",
        "importlib.abc",
        "imp",
        "runpy",
        "zipimport",
        "pkgutil.get_loader",
        "pkgutil.get_data",
        "linecache",
        "sys.modules",
        "sys._getframe",
        "sys.settrace",
        "sys.setprofile",
        "sys.meta_path",
        "gc.get_objects",
        "gc.get_referrers",
        "gc.get_referents",
        "inspect.getsource",
        "inspect.getsourcelines",
        "inspect.getmembers",
        "inspect.currentframe",
        "inspect.stack",
        "types.CodeType",
        "types.FunctionType",
        "operator.attrgetter",
        "operator.methodcaller",
        # Another process, which an exercise's list does not reach, can be asked.
        "multiprocessing",
        "subprocess",
        "socket",
        "os.fork",
        "os.forkpty",
        "os.pipe",
        "os.mkfifo",
        "concurrent.futures.ProcessPoolExecutor",
    }
)
ATTRIBUTES = frozenset(
    {
        "__subclasses__",
        "__globals__",
        "__builtins__",
        "__code__",
        "__closure__",
        "__loader__",
        "__spec__",
        "__getattribute__",
        "f_globals",
        "f_locals",
        "f_back",
        "tb_frame",
        "gi_frame",
        "cr_frame",
    }
)
#: Attributes that lead from one thing to another.
WAYS = frozenset({"_C", "ops", "aten", "_VF", "__dict__", "__class__", "__base__", "__bases__", "__mro__", "__self__"})
#: What changes how later cells are read, wherever it stands.
HOOKS = frozenset(
    {"input_transformers_post", "input_transformers_cleanup", "input_transformer_manager", "ast_transformers"}
)
#: Means that matter in any top-level statement, not only where an exercise reaches it: they can change a definition, or
#: what takes away what an exercise forbids.
ANYWHERE = frozenset(
    {
        *("sys.settrace", "sys.setprofile", "sys.meta_path", "ctypes", "marshal"),
        *("gc.get_objects", "gc.get_referrers", "gc.get_referents", "gc.unfreeze"),
        *("sys.modules.values", "sys.modules.items", "sys.modules.copy"),
        "autograder",
    }
)
