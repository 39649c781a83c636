"""An IPython shell that captures what a cell shows as nbformat outputs.

It is built once, in the zygote, because building one costs more than running a notebook.
"""

from __future__ import annotations

import ast
import functools
import inspect
import logging
import os
import sys
import types
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell

from autograder.sandbox.worker.backends import keep_inline
from autograder.sandbox.worker.carry_on import CarryOn
from autograder.sandbox.worker.keyboard import take_keyboard_away
from autograder.sandbox.worker.magics import ForgivingShell, read_cell_magic
from autograder.sandbox.worker.outputs import COLLECTOR, Hook, Publisher, captured, safe_str
from autograder.sandbox.worker.pictures import postpone_figures, postponing

__all__ = ["MAX_TEXT_OUTPUT", "WorkerShell", "build_shell"]

MAX_TEXT_OUTPUT = 200_000
_MAX_WARM_BYTES = 1 << 20
_OWN_DIRECTORY = str(Path(__file__).resolve().parent)


class _Compiler(CachingCompiler):
    """Tells `inspect` a cell's module; otherwise it searches all modules at every frame of a traceback."""

    def cache(self, transformed_code: str, number: int = 0, raw_code: str | None = None) -> str:
        """See IPython."""
        name: str = super().cache(transformed_code, number, raw_code)
        known = inspect.modulesbyfile
        known[name] = "__main__"
        with suppress(OSError):
            known[os.path.normcase(os.path.abspath(name))] = "__main__"
        return name


class WorkerShell(CarryOn, ForgivingShell):
    """A shell whose displays, results and tracebacks go to the collector."""

    #: Notebooks ask `get_ipython().kernel` for its shell.
    kernel: Any = None
    displayhook_class = Hook
    display_pub_class = Publisher
    compiler_class = _Compiler

    def _format_exception_for_storage(
        self,
        exception: BaseException,
        filename: str | None = None,
        running_compiled_code: bool = False,  # noqa: FBT001, FBT002 - IPython's signature
    ) -> dict[str, Any]:
        """Keep no second traceback for `%notebook`, which cannot write here: it costs as much as the first."""
        return {"ename": type(exception).__name__, "evalue": safe_str(exception), "traceback": []}

    def showtraceback(self, exc_tuple: Any = None, **options: Any) -> None:
        """Show only the student's frames: ours would only tell where this grader is installed."""
        try:
            kind, error, trace = self._get_exc_info(exc_tuple)
        except ValueError:
            super().showtraceback(exc_tuple, **options)
            return
        if self.told_briefly(error):
            return
        _cut_own_frames(trace)
        super().showtraceback((kind, error, trace), **options)

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        text = "\n".join(stb)[-MAX_TEXT_OUTPUT:]
        COLLECTOR.add(
            {
                "output_type": "error",
                "ename": getattr(etype, "__name__", "Exception")[:200],
                "evalue": safe_str(evalue)[:2000],
                "traceback": text.split("\n"),
            },
            len(text),
        )

    def enable_matplotlib(self, gui: str | None = None) -> Any:
        """Make plots inline, even if the notebook asks for a window, a widget or nothing at all."""
        return super().enable_matplotlib("inline")

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: there is no screen; plots are inline."""


class _Transformers(TransformerManager):
    """IPython's own reading of a cell, without the pure-Python tokenizer if the cell is Python already.

    No magic, shell command or request for help is valid Python, so the tokenizer would find nothing in such a cell.
    """

    def transform_cell(self, cell: str) -> str:
        """See IPython; a cell magic that is not here may leave the lines of its cell as they are."""
        found = read_cell_magic(cell)
        shell = InteractiveShell.instance()
        if found is not None and isinstance(shell, ForgivingShell):
            name, body = found
            # A statement in the place of the magic keeps the numbers of the lines.
            _, _, plain = super().transform_cell(f"pass\n{body}").partition("\n")
            if shell.passes_by(name, plain):
                return f"get_ipython().say_passed_by({name!r})\n{plain}"
        transformed: str = super().transform_cell(cell)
        return transformed

    def do_token_transforms(self, lines: list[str]) -> list[str]:
        """See IPython."""
        if self.token_transformers == _TOKEN_TRANSFORMERS:
            with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
                ast.parse("".join(lines))
                return lines
        transformed: list[str] = super().do_token_transforms(lines)
        return transformed


_TOKEN_TRANSFORMERS = TransformerManager().token_transformers


def _cut_own_frames(trace: types.TracebackType | None) -> None:
    """Remove this package's frames, and keep those of the student's code and of libraries beyond them."""
    for _ in range(2000):
        if trace is None or trace.tb_next is None:
            return
        if trace.tb_next.tb_frame.f_code.co_filename.startswith(_OWN_DIRECTORY):
            trace.tb_next = trace.tb_next.tb_next
        else:
            trace = trace.tb_next


def build_shell() -> WorkerShell:
    """Build the shell with inline plots, no history file and no colours that need a terminal."""
    from IPython.core.history import HistoryManager
    from traitlets.config import Config

    HistoryManager.enabled = False
    config = Config()
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.autocall = 0
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Context"
    config.InteractiveShell.banner1 = ""
    shell: WorkerShell = WorkerShell.instance(config=config)
    shell.kernel = types.SimpleNamespace(shell=shell, implementation="ipython", banner="", comm_manager=None)
    shell.input_transformer_manager = _Transformers()
    # A notebook is __main__: pickling and dataclasses look there for what its cells define.
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = shell.user_module = module
    module.__dict__.update(shell.user_ns)
    shell.user_ns = module.__dict__
    module.__dict__["__name__"] = "__main__"
    postpone_figures()
    shell.run_line_magic("matplotlib", "inline")
    keep_inline()
    take_keyboard_away()
    # As in Jupyter: `%store` is there without being loaded.
    shell.extension_manager.load_extension("storemagic")
    # In tier B the files of this package seem to be readable until they are opened.
    logging.getLogger("autoreload").addFilter(lambda record: "Failed to read module file" not in record.getMessage())
    _compress_lightly()
    _warm(shell)
    return shell


def _compress_lightly() -> None:
    """Save pictures with zlib's run lengths: plots are no larger, and packing them takes half the time."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    print_png = FigureCanvasAgg.print_png

    # matplotlib knows its own methods by their module, and passes them only the arguments that they take.
    @functools.wraps(print_png)
    def print_lightly(
        canvas: Any, filename_or_obj: Any, *, metadata: Any = None, pil_kwargs: Mapping[str, Any] | None = None
    ) -> None:
        options = {"compress_level": 1, "compress_type": zlib.Z_RLE, **(pil_kwargs or {})}
        print_png(canvas, filename_or_obj, metadata=metadata, pil_kwargs=options)

    FigureCanvasAgg.print_png = print_lightly  # type: ignore[method-assign]


def _warm(shell: WorkerShell) -> None:
    """Run a cell, an error and a plot once, so that no submission pays for the first of each."""
    with captured():
        added = shell.run_cell("1 + 1", store_history=False)
        shell.run_cell("def _f():\n    1/0\n_f()", store_history=False)
        COLLECTOR.reset(_MAX_WARM_BYTES)
        plot = "import matplotlib.pyplot as _p\n_p.plot([0, 1], label='a'); _p.legend(); _p.title('a'); _p.show()"
        drawn = shell.run_cell(plot, store_history=False)
        with postponing(wanted=True):
            shell.run_cell(plot, store_history=False)
        plotted = any("image/png" in o.get("data", {}) for o in COLLECTOR.outputs)
    COLLECTOR.reset(0)
    if not (added.success and plotted):
        failed = added if not added.success else drawn
        why = failed.error_before_exec or failed.error_in_exec or "no picture was shown"
        raise RuntimeError(f"the shell cannot add or plot ({type(why).__name__}: {why})")
    for name in ("_f", "_p", "_"):
        shell.user_ns.pop(name, None)
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        if hasattr(sys, name):
            delattr(sys, name)
