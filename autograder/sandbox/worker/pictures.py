"""Hand a figure out undrawn, with its numbers apart, to a process that draws it later, or never.

Drawing is most of what a notebook with plots costs, and a class plots the same again and again. So a cell's figure
leaves as a compressed pickle without its floating-point arrays, which go beside it. The judge never unpickles: it
recognises a figure by the bytes and the numbers. A figure that is new is drawn by a fresh worker, in which no student's
code ran.
"""

from __future__ import annotations

import contextlib
import copyreg
import functools
import io
import pickle
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self

import numpy as np

from autograder.sandbox.wire.values import Raw

__all__ = ["Undrawn", "draw", "postpone_figures", "postponing"]

#: A larger figure is drawn at once: it would take more room undrawn than drawn.
MAX_PICKLE_BYTES = 1 << 20
MAX_UNDRAWN_BYTES = 256 << 10
MAX_NUMBERS = 1 << 15
_PROTOCOL = 5


class Undrawn(str):
    """Stands for a picture among a display's data, until it is drawn."""

    __slots__ = ("parts",)
    parts: dict[str, Any]

    def __new__(cls, parts: dict[str, Any]) -> Self:
        """Wrap what `draw` takes."""
        made = super().__new__(cls, "a picture that is not drawn yet")
        made.parts = parts
        return made

    @property
    def size(self) -> int:
        """How many bytes it is."""
        numbers: int = sum(a.nbytes for a in self.parts["numbers"])
        return numbers + len(self.parts["figure"])


class _Pickler(pickle.Pickler):
    """Takes floating-point arrays out, and leaves out what differs from one process to the next."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, protocol=_PROTOCOL)
        self.numbers: list[Any] = []
        # This table replaces copyreg's, which knows numpy's functions: a logarithmic axis has some.
        own = {np.ndarray: self._reduce_array, _line_class(): _reduce_line}
        self.dispatch_table = copyreg.dispatch_table | _node_reducers() | own
        self._room = MAX_NUMBERS

    def _reduce_array(self, array: Any) -> Any:
        if array.dtype.kind != "f":
            return array.__reduce_ex__(_PROTOCOL)
        self._room -= array.size
        if self._room < 0:
            raise pickle.PicklingError("too many numbers")
        # By rows, since a column has one unit: x or y.
        columns = array.shape[-1] if array.ndim > 1 else 1
        self.numbers.append(array.astype(np.float64).reshape(array.size // max(columns, 1), columns))
        return _take, (array.dtype.str, array.shape)


def _line_class() -> type:
    from matplotlib.lines import Line2D

    return Line2D


def _reduce_line(line: Any) -> Any:
    # The data as given may be lists, or tensors; what is drawn are arrays.
    line.recache()
    made, args, state, *_ = line.__reduce_ex__(_PROTOCOL)
    return made, args, {**state, "_xorig": line._x, "_yorig": line._y}  # noqa: SLF001 - no other name has them


def _reduce_node(node: Any) -> Any:
    # Its parents are stored under memory addresses of this process.
    made, args, state, *_ = node.__reduce_ex__(_PROTOCOL)
    return made, args, {**state, "_parents": dict(enumerate(state["_parents"].values()))}


@functools.cache
def _node_reducers() -> dict[type, Any]:
    """Return what pickles a transform, for every kind of transform that matplotlib has."""
    from matplotlib.transforms import TransformNode

    found: dict[type, Any] = {}
    waiting = [TransformNode]
    while waiting:
        kind = waiting.pop()
        found[kind] = _reduce_node
        waiting += kind.__subclasses__()
    return found


_taken: Iterator[Any] = iter(())


def _take(dtype: str, shape: tuple[int, ...]) -> Any:
    """Put the next array back into its figure."""
    return np.asarray(next(_taken)).reshape(shape).astype(dtype)


class _Waiting:
    """Whether figures wait now, and what matplotlib's settings were before any notebook."""

    on = False
    settings: Mapping[str, Any] = {}
    #: Reserves room in the cell's limit for an undrawn figure; false if it has to be drawn at once.
    takes: Callable[[int], bool]
    at_once: Callable[..., Any]
    sharp_at_once: Callable[..., Any]


@contextlib.contextmanager
def postponing(*, wanted: bool, room_bytes: int = 0) -> Iterator[None]:
    """Let figures wait while a cell runs, as long as all of them together fit in `room_bytes`."""
    left = room_bytes

    def takes(size: int) -> bool:
        nonlocal left
        if size > left:
            return False
        left -= size
        return True

    _Waiting.on = wanted
    _Waiting.takes = staticmethod(takes)
    try:
        yield
    finally:
        _Waiting.on = False


def postpone_figures() -> None:
    """Let the figures of inline plots pass through here; outside `postponing` they are drawn at once.

    Call it before the shell sets inline plots up: each later `%matplotlib inline` uses these functions, too.
    """
    import matplotlib as mpl
    from IPython.core import pylabtools

    settings: Any = mpl.rcParams.copy()
    _Waiting.settings = dict(settings)
    _Waiting.at_once = staticmethod(pylabtools.print_figure)
    _Waiting.sharp_at_once = staticmethod(pylabtools.retina_figure)
    pylabtools.print_figure = _picture
    pylabtools.retina_figure = _sharp_picture


def _picture(fig: Any, fmt: str = "png", bbox_inches: Any = "tight", base64: bool = False, **options: Any) -> Any:  # noqa: FBT001, FBT002 - IPython's signature
    options["bbox_inches"] = bbox_inches
    undrawn = _undrawn(fig, {**options, "fmt": fmt}) if fmt == "png" and base64 else None
    return _Waiting.at_once(fig, fmt=fmt, base64=base64, **options) if undrawn is None else undrawn


def _sharp_picture(fig: Any, base64: bool = False, **options: Any) -> Any:  # noqa: FBT001, FBT002 - IPython's signature
    # "retina" means twice as many pixels, shown at the size that these give.
    undrawn = _undrawn(fig, {**options, "fmt": "retina"}) if base64 else None
    return _Waiting.sharp_at_once(fig, base64=base64, **options) if undrawn is None else undrawn


def _undrawn(fig: Any, options: Mapping[str, Any]) -> Undrawn | None:
    """Return a figure that waits; None if it is to be drawn at once."""
    from matplotlib.figure import Figure

    if _Waiting.on and type(fig) is Figure and fig.axes:
        # What cannot be pickled, such as a student's own artist, can still be drawn.
        with contextlib.suppress(Exception):
            undrawn = Undrawn(_parts(fig, options))
            # For many figures the picture is smaller than the parts.
            if undrawn.size <= MAX_UNDRAWN_BYTES and _Waiting.takes(undrawn.size):
                return undrawn
    return None


def _parts(figure: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    import matplotlib as mpl

    settings: Any = mpl.rcParams
    before, now = _Waiting.settings, dict(settings)
    changed = {k: now[k] for k in before if k != "backend" and now[k] != before[k]}
    file = io.BytesIO()
    pickler = _Pickler(file)
    pickler.dump((figure, changed, options))
    pickled = file.getvalue()
    if len(pickled) > MAX_PICKLE_BYTES or b"__main__" in pickled:
        raise pickle.PicklingError("too large, or made of classes that only the notebook defines")
    return {"figure": Raw(zlib.compress(pickled, 1)), "numbers": pickler.numbers}


def draw(parts: Mapping[str, Any]) -> dict[str, Any]:
    """Draw what a worker handed out: {"png": base64 text} or {"problem": one line}.

    Unpickling can run any code of the figure's maker: only a worker that is used for nothing else may do it.
    """
    global _taken  # noqa: PLW0603 - a pickle calls functions by their name only
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    try:
        _taken = iter(parts["numbers"])
        figure, changed, options = pickle.loads(zlib.decompress(parts["figure"]))  # noqa: S301 - see above
        with mpl.rc_context(changed):
            return {"png": _Waiting.at_once(figure, base64=True, **options)}
    except Exception as error:  # noqa: BLE001 - a text that matplotlib cannot set, for one
        return {"problem": f"{type(error).__name__}: {error}"[:500]}
    finally:
        plt.close("all")
