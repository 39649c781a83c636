"""The names that reading looks for, besides those that an assignment forbids."""

from __future__ import annotations

__all__ = [
    "ANYWHERE",
    "ATTRIBUTES",
    "HOOKS",
    "INTERNALS",
    "MEANS",
    "RUN_TEXT",
    "SCRIPTS",
    "SHELL",
    "TEXT_MEANS",
    "WAYS",
]

#: Where torch keeps its operators: a forbidden name below these is reached on purpose.
INTERNALS = ("torch.ops.", "torch._C.", "torch._VF.")
RUN_TEXT = frozenset({"exec", "eval", "compile", "builtins.exec", "builtins.eval", "builtins.compile"})
#: Methods of IPython's shell that run a text.
SHELL = frozenset({"run_cell", "ex", "ev"})
#: Functions that take a program as a text in torch's own language.
SCRIPTS = frozenset({"torch.jit.CompilationUnit", "torch._C.parse_ir", "torch._C._jit_get_operation"})

#: Names that can reach anything, in code that an exercise uses.
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
        "torch._inductor",
        "torch._export",
        "torch._meta_registrations",
        "torch._higher_order_ops",
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
        "inspect.getmodule",
        "inspect.getclosurevars",
        "inspect.getsourcelines",
        "inspect.getmembers",
        "inspect.currentframe",
        "inspect.stack",
        *("numpy.ctypeslib", "cffi", "os.system", "os.popen", "os.posix_spawn", "os.posix_spawnp"),
        *("inspect.getcallargs", "inspect.getouterframes", "inspect.getinnerframes"),
        "types.CodeType",
        "types.FunctionType",
        "operator.attrgetter",
        "operator.methodcaller",
        # The names that one exercise forbids are not taken away from another process, which can be asked.
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
#: Modules and functions that run a text, or find an object by one, in a definition or an assigned value. Beside these
#: students time, profile and test what they wrote.
TEXT_MEANS = frozenset(
    {
        *("timeit", "cProfile", "profile", "pdb.run", "pdb.runeval", "bdb", "trace", "code", "codeop", "doctest"),
        *("unittest.mock", "typing.get_type_hints", "typing.ForwardRef", "string.Formatter", "importlib.metadata"),
        *("logging.config", "pandas.eval", "inspect.signature", "inspect.get_annotations", "numexpr", "pytest"),
        # Languages of their own, and functions that are found by a text.
        *(
            "jinja2",
            "mako",
            "traitlets",
            "sympy",
            "asteval",
            "pluggy",
            "pkg_resources",
            "importlib_metadata",
            "nbclient",
        ),
    }
)
ATTRIBUTES = frozenset(
    {
        "__subclasses__",
        "__globals__",
        "__builtins__",
        "__code__",
        "__closure__",
        "cell_contents",
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
#: Attributes that lead from one object to another.
WAYS = frozenset({"_C", "ops", "aten", "_VF", "__dict__", "__class__", "__base__", "__bases__", "__mro__", "__self__"})
#: Attributes that change how later cells are read, in any place.
HOOKS = frozenset(
    {"input_transformers_post", "input_transformers_cleanup", "input_transformer_manager", "ast_transformers"}
)
#: Means that matter in every top-level statement, not only in code that an exercise uses: they can change a definition,
#: or the code that takes forbidden names away.
ANYWHERE = frozenset(
    {
        *("sys.settrace", "sys.setprofile", "sys.meta_path", "ctypes", "marshal"),
        *("gc.get_objects", "gc.get_referrers", "gc.get_referents", "gc.unfreeze"),
        *("sys.modules.values", "sys.modules.items", "sys.modules.copy"),
        "autograder",
    }
)
