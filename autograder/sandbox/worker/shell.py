"""An IPython shell that captures what a cell shows as nbformat outputs.

It is built once, in the zygote, because building one costs more than running a notebook.
"""

from __future__ import annotations

import ast
import functools
import inspect
import io
import os
import signal
import sys
import types
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell

from autograder.sandbox.worker.carry_on import CarryOn, carry_on
from autograder.sandbox.worker.descriptors import drain_descriptors
from autograder.sandbox.worker.pictures import Undrawn, postpone_figures, postponing

__all__ = [
    "CellTimeout",
    "Collector",
    "ProcessorTime",
    "WorkerShell",
    "build_shell",
    "locate_error",
    "muted",
    "run_cell",
]

MAX_TEXT_OUTPUT = 200_000
_MAX_WARM_BYTES = 1 << 20
_OWN_DIRECTORY = str(Path(__file__).resolve().parent)


class CellTimeout(KeyboardInterrupt):
    """The cell ran longer than its limit; raised inside it, as Jupyter interrupts a kernel."""


class ProcessorTime(KeyboardInterrupt):
    """The notebook used up its processor time; raised inside the cell that was at it."""


class Collector:
    """The outputs of the running cell, in order, up to a number of bytes."""

    def __init__(self) -> None:
        self.outputs: list[dict[str, Any]] = []
        self.limit_bytes = 0
        self.used_bytes = 0
        self.truncated = False

    def reset(self, limit_bytes: int) -> None:
        """Start a cell."""
        self.outputs = []
        self.limit_bytes = limit_bytes
        self.used_bytes = 0
        self.truncated = False

    def take(self, size: int) -> bool:
        """Whether `size` more bytes fit; they are counted if so."""
        if self.used_bytes + size > self.limit_bytes:
            self.truncated = True
            return False
        self.used_bytes += size
        return True

    def stream(self, name: str, text: str) -> None:
        """Append printed text; the part beyond the limit is dropped."""
        room = self.limit_bytes - self.used_bytes
        if len(text) > room:
            self.truncated = True
            text = text[:room]
        if not text:
            return
        self.used_bytes += len(text)
        last = self.outputs[-1] if self.outputs else None
        if last is not None and last["output_type"] == "stream" and last["name"] == name:
            last["parts"].append(text)
        else:
            self.outputs.append({"output_type": "stream", "name": name, "parts": [text]})

    def add(self, output: dict[str, Any], size: int) -> None:
        """Append a display, a result or an error if it fits."""
        if self.take(size):
            self.outputs.append(output)

    def finish(self) -> list[dict[str, Any]]:
        """Return nbformat outputs."""
        done = []
        for output in self.outputs:
            parts = output.pop("parts", None)
            if parts is not None:
                output["text"] = "".join(parts)
            done.append(output)
        if self.truncated:
            note = "[the rest of this cell's output was cut: it exceeded the assignment's limit]\n"
            done.append({"output_type": "stream", "name": "stderr", "text": note})
        return done


COLLECTOR = Collector()


class _Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of a cell."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str) -> None:
        self._name = name

    def write(self, text: str) -> int:
        COLLECTOR.stream(self._name, str(text))
        return len(text)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1 if self._name == "stdout" else 2


class _Publisher(DisplayPublisher):
    def publish(self, data: Any, metadata: Any = None, **_: Any) -> None:
        COLLECTOR.add(_rich("display_data", data), _mime_size(data))

    def clear_output(self, wait: bool = False) -> None:  # noqa: FBT001, FBT002 - IPython's signature
        COLLECTOR.outputs.clear()


class _Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        output = _rich("execute_result", format_dict)
        COLLECTOR.add({**output, "execution_count": self.prompt_count}, _mime_size(format_dict))

    def log_output(self, format_dict: Any) -> None:
        pass

    def finish_displayhook(self) -> None:
        pass


class _Compiler(CachingCompiler):
    """Tells `inspect` which module a cell belongs to: it would search all modules, at every frame of a traceback."""

    def cache(self, transformed_code: str, number: int = 0, raw_code: str | None = None) -> str:
        """See IPython."""
        name: str = super().cache(transformed_code, number, raw_code)
        known = inspect.modulesbyfile
        known[name] = "__main__"
        with suppress(OSError):
            known[os.path.normcase(os.path.abspath(name))] = "__main__"
        return name


class WorkerShell(CarryOn, InteractiveShell):
    """`InteractiveShell` whose displays, results and tracebacks go to the collector."""

    displayhook_class = _Hook
    display_pub_class = _Publisher
    compiler_class = _Compiler

    def _format_exception_for_storage(
        self,
        exception: BaseException,
        filename: str | None = None,
        running_compiled_code: bool = False,  # noqa: FBT001, FBT002 - IPython's signature
    ) -> dict[str, Any]:
        """Keep no second traceback for `%notebook`, which has no place to write to: it costs as much as the first."""
        return {"ename": type(exception).__name__, "evalue": _safe_str(exception), "traceback": []}

    def showtraceback(self, exc_tuple: Any = None, **options: Any) -> None:
        """Show the student's frames only: ours would tell nothing but where this grader is installed."""
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
                "evalue": _safe_str(evalue)[:2000],
                "traceback": text.split("\n"),
            },
            len(text),
        )

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: there is no screen; plots are inline."""


class _Transformers(TransformerManager):
    """IPython's own reading of a cell, without the pure-Python tokenizer where a cell is Python as it stands.

    No magic, shell command or request for help is valid Python, so there is nothing to be found in such a cell.
    """

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
    for _ in range(2000):
        if trace is None or trace.tb_next is None:
            return
        if trace.tb_next.tb_frame.f_code.co_filename.startswith(_OWN_DIRECTORY):
            trace.tb_next = None
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
    shell.input_transformer_manager = _Transformers()
    # A notebook is __main__: pickling and dataclasses look there for what its cells define.
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = shell.user_module = module
    module.__dict__.update(shell.user_ns)
    shell.user_ns = module.__dict__
    module.__dict__["__name__"] = "__main__"
    postpone_figures()
    shell.run_line_magic("matplotlib", "inline")
    # A tight bounding box would lay every figure out twice: half of what a plot costs.
    shell.run_line_magic("config", "InlineBackend.print_figure_kwargs = {'bbox_inches': None}")
    _compress_lightly()
    _warm(shell)
    return shell


def _compress_lightly() -> None:
    """Save pictures with zlib's run lengths: plots are no larger for it, and packing them takes half the time."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    print_png = FigureCanvasAgg.print_png

    # matplotlib passes its own methods, which it knows by their module, only what they take.
    @functools.wraps(print_png)
    def print_lightly(
        canvas: Any, filename_or_obj: Any, *, metadata: Any = None, pil_kwargs: Mapping[str, Any] | None = None
    ) -> None:
        options = {"compress_level": 1, "compress_type": zlib.Z_RLE, **(pil_kwargs or {})}
        print_png(canvas, filename_or_obj, metadata=metadata, pil_kwargs=options)

    FigureCanvasAgg.print_png = print_lightly  # type: ignore[method-assign]


def _warm(shell: WorkerShell) -> None:
    """Take the paths that the first cell, error and plot of every submission would otherwise pay for."""
    saved = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Stream("stdout"), _Stream("stderr")
    try:
        added = shell.run_cell("1 + 1", store_history=False).success
        shell.run_cell("def _f():\n    1/0\n_f()", store_history=False)
        COLLECTOR.reset(_MAX_WARM_BYTES)
        plot = "import matplotlib.pyplot as _p\n_p.plot([0, 1], label='a'); _p.legend(); _p.title('a'); _p.show()"
        shell.run_cell(plot, store_history=False)
        with postponing(wanted=True):
            shell.run_cell(plot, store_history=False)
        plotted = any("image/png" in o.get("data", {}) for o in COLLECTOR.outputs)
    finally:
        sys.stdout, sys.stderr = saved
        COLLECTOR.reset(0)
    if not (added and plotted):
        raise RuntimeError("the shell cannot add or plot")
    for name in ("_f", "_p", "_"):
        shell.user_ns.pop(name, None)
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        if hasattr(sys, name):
            delattr(sys, name)


def run_cell(
    shell: WorkerShell,
    source: str,
    *,
    limit_s: float,
    limit_bytes: int,
    name: str,
    undrawn: bool = False,
    after: str | None = None,
) -> dict[str, Any]:
    """Run one cell; return its nbformat outputs, whether it ended well, and where it failed.

    With `undrawn`, an output may have its figure under the key `undrawn` in the place of a picture. `after` says what
    is run after a statement that stopped: None for nothing, as in Jupyter; "all"; with "definitions" nothing else is
    run from the beginning.
    """
    COLLECTOR.reset(limit_bytes)
    error: BaseException | None = None
    with _captured(), postponing(wanted=undrawn), _alarm(limit_s):
        try:
            if after is None:
                result = shell.run_cell(source, store_history=True)
                error = result.error_before_exec or result.error_in_exec
            else:
                late = (CellTimeout, ProcessorTime)
                error = carry_on(shell, source, late, only_definitions=after == "definitions")
        except (CellTimeout, ProcessorTime) as late:
            error = late
            shell.showtraceback()
    printed = drain_descriptors(MAX_TEXT_OUTPUT)
    if printed:
        COLLECTOR.stream("stdout", printed)
    remember_cell(shell, name)
    return {
        "outputs": COLLECTOR.finish(),
        "cut": COLLECTOR.truncated,
        "error": None if error is None else locate_error(error),
        "timeout": isinstance(error, CellTimeout),
        "count": shell.execution_count - 1,
    }


_CELL_NAMES: dict[str, str] = {}


def remember_cell(shell: WorkerShell, name: str) -> None:
    """Note which compiled file the last cell became, so that tracebacks can name the cell."""
    number = shell.execution_count - 1
    for filename, cell_number in getattr(shell.compile, "_filename_map", {}).items():
        if cell_number == number and filename not in _CELL_NAMES:
            _CELL_NAMES[filename] = name


def locate_error(error: BaseException) -> dict[str, Any]:
    """Describe an exception by strings and numbers only: type, message, and the innermost student line."""
    import linecache

    place: dict[str, Any] = {"cell": None, "line": None, "source": None}
    if isinstance(error, SyntaxError) and error.filename in _CELL_NAMES:
        text = error.text if isinstance(error.text, str) else ""
        place = {"cell": _CELL_NAMES[error.filename], "line": error.lineno, "source": text.rstrip()[:500]}
    trace = error.__traceback__
    for _ in range(2000):
        if trace is None:
            break
        filename = trace.tb_frame.f_code.co_filename
        if filename in _CELL_NAMES:
            line = linecache.getline(filename, trace.tb_lineno).strip("\n")
            place = {"cell": _CELL_NAMES[filename], "line": trace.tb_lineno, "source": line[:500]}
        trace = trace.tb_next
    return {
        "type": type(error).__name__[:200],
        # A SyntaxError's text ends in the name of a file that a student has never seen.
        "message": _safe_str(error.msg if isinstance(error, SyntaxError) else error)[:2000],
        "not_implemented": isinstance(error, NotImplementedError),
        **place,
    }


def _safe_str(value: object) -> str:
    try:
        text = str(value)
    except Exception:  # noqa: BLE001 - a hostile or broken __str__ is the student's, not ours
        return "<the exception's message cannot be shown>"
    return text if type(text) is str else ""


def _rich(kind: str, data: Any) -> dict[str, Any]:
    """Return a display or a result, with a figure that is not drawn yet beside its data."""
    undrawn = next((value.parts for value in dict(data).values() if type(value) is Undrawn), None)
    output = {"output_type": kind, "data": _mime(data), "metadata": {}}
    return output if undrawn is None else {**output, "undrawn": undrawn}


def _mime(data: Any) -> dict[str, str]:
    """Keep what is text; PNG arrives as bytes or base64 text."""
    import base64

    out = {}
    for key, value in dict(data).items():
        if isinstance(value, bytes):
            out[str(key)[:100]] = base64.b64encode(value).decode()
        elif isinstance(value, str) and type(value) is not Undrawn:
            out[str(key)[:100]] = value
    return out


def _mime_size(data: Any) -> int:
    return sum(v.size if type(v) is Undrawn else len(v) for v in dict(data).values() if isinstance(v, (bytes, str)))


@contextmanager
def muted() -> Iterator[None]:
    """Drop whatever is printed: hidden checks never show a student's output, so it cannot flood us."""
    COLLECTOR.reset(0)
    saved = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Stream("stdout"), _Stream("stderr")
    try:
        yield
    finally:
        sys.stdout, sys.stderr = saved


@contextmanager
def _captured() -> Iterator[None]:
    """Collect Python's streams."""
    saved = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Stream("stdout"), _Stream("stderr")
    try:
        yield
    finally:
        sys.stdout, sys.stderr = saved


@contextmanager
def _alarm(limit_s: float) -> Iterator[None]:
    def ring(_signum: int, _frame: object) -> None:
        raise CellTimeout(f"this cell ran longer than {limit_s:g} s")

    def spent(_signum: int, _frame: object) -> None:
        raise ProcessorTime("this notebook used up its processor time")

    signal.signal(signal.SIGXCPU, spent)
    signal.signal(signal.SIGALRM, ring)
    # It rings again: a student's `except:` that swallows the first interrupt meets another.
    signal.setitimer(signal.ITIMER_REAL, limit_s, 0.25)
    try:
        yield
    finally:
        with suppress(CellTimeout, ProcessorTime):
            signal.signal(signal.SIGXCPU, signal.SIG_IGN)
            signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
