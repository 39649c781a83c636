"""The values that cross the wire: a closed set of Python and tensor types, as tagged JSON plus raw buffers.

Tags: `n` None, `b` bool, `i` int, `f` float (hex, so bit for bit), `s` str, `S` and `B` text and bytes in a buffer,
`l` list, `t` tuple, `d` dict, `T` tensor, `A` numpy array, `N` numpy scalar, `h` handle (an object kept in the
worker), `c` callable kept in the judge, `g` formula of the judge's (`formulas`), `y` dtype, `o` an object that cannot
cross (only its class name does).

Decoding allocates only after `prod(shape) * itemsize == nbytes` held, and resolves no names:
the judge refuses `c` and `g`, and `o` is only a label. Each buffer belongs to one value, so that what is decoded
is no larger than what was sent.
"""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.sandbox.wire.formulas import Formula, from_plain, to_plain
from autograder.sandbox.wire.frames import FrameError
from autograder.sandbox.wire.trees import MAX_DEPTH

__all__ = ["Codec", "Handle", "Opaque", "Raw", "claim", "claims", "copy_claims"]

MAX_NODES = 200_000
MAX_TENSOR_BYTES = 32 << 20
MAX_INT_DIGITS = 1300
#: The longest text in the header, in characters; a longer one becomes a buffer, which is not escaped.
MAX_TEXT = 512
MAX_ESCAPED_TEXT = 64
MAX_DIMS = 16
#: The product of a shape's lengths, zeros left out: torch cannot work on an empty tensor whose strides overflow.
MAX_EXTENT = 1 << 48
#: Keys of a dict that are no texts: their hashes can be chosen to collide, and a dict of colliding keys takes quadratic
#: time.
MAX_NUMBER_KEYS = 4096
_MAX_PARTS = 3
_NONE = ["n"]

_DTYPES = {
    "float64": 8,
    "float32": 4,
    "float16": 2,
    "bfloat16": 2,
    "int64": 8,
    "int32": 4,
    "int16": 2,
    "int8": 1,
    "uint8": 1,
    "bool": 1,
    "complex64": 8,
    "complex128": 16,
}


@dataclass(frozen=True, slots=True)
class Handle:
    """An object that stays in the worker."""

    id: int


class Raw(bytes):
    """Bytes of our own that cross as they are; a student's bytes do not."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Opaque:
    """Something that cannot cross; `label` is what the worker claims its class is called."""

    label: str


def claims(tensor: Any) -> dict[str, Any]:
    """Return what the worker claims about a decoded tensor: `device` ("cpu", "cuda", "other") and `requires_grad`.

    The claims hold for slices and other views of a decoded tensor too. About a tensor that a check computed from it
    nothing is known: its device is None.

    Example:
        >>> claims(student.double(torch.ones(2)))
        {'device': 'cpu', 'requires_grad': False}
    """
    found: dict[str, Any] | None = getattr(tensor, "_claims", None) or getattr(_storage(tensor), "_claims", None)
    return found or {"device": None, "requires_grad": False}


def claim(tensor: Any, device: str | None, *, requires_grad: bool) -> None:
    """Note the claims about a tensor and all its views; it may share its memory with nothing else."""
    said = {"device": device, "requires_grad": requires_grad}
    tensor._claims = said  # noqa: SLF001 - nothing else of ours may lie on a tensor
    storage = _storage(tensor)
    if storage is not None:
        storage._claims = said  # noqa: SLF001 - torch keeps this object as long as the memory


def copy_claims(source: Any, target: Any) -> None:
    """Note the claims about a tensor for its copy too."""
    claim(target, **claims(source))


def _storage(tensor: Any) -> Any:
    """Return the memory of a tensor; None if it has none, such as a sparse one."""
    try:
        return tensor.untyped_storage()
    except (NotImplementedError, RuntimeError):
        return None


@dataclass(slots=True)
class Codec:
    """Encodes and decodes for one side of one connection.

    `device`: the device of decoded tensors (worker side). `on_callable`: registers a callable and returns its
    id (judge side). `make_callable`, `make_formula`: what `c` and `g` become (worker side).
    """

    device: str | None = None
    on_callable: Callable[[Any], int] | None = None
    make_callable: Callable[[int], Any] | None = None
    make_formula: Callable[[int, Any], Any] | None = None
    record_claims: bool = False
    _nodes: int = field(default=0, init=False)
    _taken: set[int] = field(default_factory=set, init=False)

    # -- encoding ------------------------------------------------------------------------------------------

    def encode(self, value: Any) -> tuple[Any, list[bytes]]:
        """Return `value` as a JSON node and its buffers; what cannot cross becomes an `o` label.

        Raises:
            FrameError: if it has more parts than `decode` accepts.
        """
        self._nodes = 0
        buffers: list[bytes] = []
        return self._encode(value, buffers, 0), buffers

    def _encode(self, value: Any, buffers: list[bytes], depth: int) -> Any:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise FrameError("value of too many parts")
        if depth > MAX_DEPTH:
            return ["o", "nested too deeply"]
        if value is None:
            return _NONE
        kind = type(value)
        if kind is bool:
            return ["b", value]
        if kind is int:
            return ["i", str(value)] if value.bit_length() < 4 * 1024 else ["o", "int too large"]
        if kind is float:
            return ["f", value.hex()]
        if kind is str:
            if len(value) > (MAX_TEXT if value.isascii() else MAX_ESCAPED_TEXT):
                buffers.append(value.encode("utf-8", "replace"))
                return ["S", len(buffers) - 1]
            return ["s", value if value.isascii() else value.encode("utf-8", "replace").decode()]
        if kind is Raw:
            buffers.append(value)
            return ["B", len(buffers) - 1]
        return self._encode_object(value, kind, buffers, depth)

    def _encode_object(self, value: Any, kind: type, buffers: list[bytes], depth: int) -> Any:  # noqa: PLR0911, C901
        if isinstance(value, Handle):
            return ["h", value.id]
        # There are no values of a library that was never loaded, and plain values need not wait until it is.
        np, torch = sys.modules.get("numpy"), sys.modules.get("torch")
        if torch is not None and isinstance(value, torch.Tensor):
            return self._encode_tensor(value, buffers)
        if np is not None and isinstance(value, np.ndarray):
            return _encode_array(value, buffers)
        if np is not None and isinstance(value, (np.bool_, np.integer, np.floating)):
            return _encode_scalar(value)
        if torch is not None and isinstance(value, torch.dtype):
            return ["y", str(value).removeprefix("torch.")]
        if isinstance(value, tuple):
            return ["t", [self._encode(v, buffers, depth + 1) for v in value]]
        if isinstance(value, list):
            return ["l", [self._encode(v, buffers, depth + 1) for v in value]]
        if isinstance(value, dict):
            if _number_keys(value) > MAX_NUMBER_KEYS:
                return ["o", f"dict of {len(value)} entries"]
            pairs = [
                [self._encode(k, buffers, depth + 1), self._encode(v, buffers, depth + 1)] for k, v in value.items()
            ]
            return ["d", pairs]
        if isinstance(value, Formula):
            return ["g", self._encode(to_plain(value), buffers, depth + 1)]
        if self.on_callable is not None and callable(value):
            return ["c", self.on_callable(value)]
        return ["o", str(kind.__name__)[:200]]

    def _encode_tensor(self, tensor: Any, buffers: list[bytes]) -> Any:
        import torch

        dtype = _dtype_name(tensor.dtype)
        if tensor.device.type == "meta":
            # It has a shape and no values.
            return ["o", f"meta tensor {tuple(tensor.shape)} {dtype}"[:200]]
        if dtype not in _DTYPES or tensor.layout != torch.strided or tensor.is_quantized:
            return ["o", f"{str(tensor.layout).removeprefix('torch.')} {dtype} tensor"]
        # Before any copy: an expanded view of 2**40 elements has a tiny storage.
        if not _bounded(tensor.shape) or tensor.numel() * _DTYPES[dtype] > MAX_TENSOR_BYTES:
            return ["o", "tensor too large"]
        plain = torch.Tensor.detach(tensor).resolve_conj().resolve_neg().cpu().contiguous()
        raw = plain.view(torch.int16) if dtype == "bfloat16" else plain
        buffers.append(raw.numpy().tobytes())
        note = {
            "dtype": dtype,
            "shape": list(tensor.shape),
            "buffer": len(buffers) - 1,
            "device": tensor.device.type,
            "requires_grad": bool(tensor.requires_grad),
        }
        return ["T", note]

    # -- decoding ------------------------------------------------------------------------------------------

    def decode(self, node: Any, buffers: Sequence[bytes | bytearray | memoryview]) -> Any:
        """Return the value of a JSON node.

        Raises:
            FrameError: if the node is not one that `encode` could have made.
        """
        self._nodes = 0
        self._taken.clear()
        try:
            return self._decode(node, buffers, 0)
        except (TypeError, ValueError, KeyError, IndexError, OverflowError) as error:
            raise FrameError(f"malformed value: {type(error).__name__}") from None

    def _decode(self, node: Any, buffers: Sequence[Any], depth: int) -> Any:  # noqa: PLR0911, PLR0912, C901
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise FrameError("value too deep or too large")
        if not isinstance(node, list) or not node or len(node) > _MAX_PARTS:
            raise FrameError("value without a tag")
        tag = node[0]
        if tag == "n":
            return None
        if tag == "b":
            return node[1] is True
        if tag == "i":
            return _integer(node[1])
        if tag == "f":
            return float.fromhex(_text(node[1], 64))
        if tag == "s":
            return _text(node[1], MAX_TEXT)
        if tag in ("S", "B"):
            data = bytes(self._buffer(node[1], buffers))
            # Bytes that are no UTF-8 raise a ValueError.
            return data if tag == "B" else data.decode("utf-8")
        if tag == "t":
            return tuple(self._decode(v, buffers, depth + 1) for v in _items(node[1]))
        if tag == "l":
            return [self._decode(v, buffers, depth + 1) for v in _items(node[1])]
        if tag == "d":
            out: dict[Any, Any] = {}
            numbers = 0
            for key, value in _items(node[1]):
                name = self._decode(key, buffers, depth + 1)
                if not isinstance(name, (str, int, float, bool, type(None))):
                    name = Opaque("key")
                numbers += not isinstance(name, str)
                if numbers > MAX_NUMBER_KEYS:
                    raise FrameError("dict with too many keys that are no text")
                out[name] = self._decode(value, buffers, depth + 1)
            return out
        if tag == "T":
            return self._decode_tensor(node[1], buffers)
        if tag == "A":
            return self._decode_array(node[1], buffers)
        if tag == "N":
            return _decode_scalar(node[1], node[2])
        if tag == "y":
            return _decode_dtype(node[1])
        if tag == "o":
            return Opaque(_text(node[1], 256))
        if tag == "h":
            identifier = node[1]
            if type(identifier) is not int:
                raise FrameError("handle is not a number")
            return Handle(identifier)
        if tag == "c" and self.make_callable is not None and type(node[1]) is int:
            return self.make_callable(node[1])
        if tag == "g" and self.make_formula is not None:
            return self.make_formula(*from_plain(self._decode(node[1], buffers, depth + 1)))
        raise FrameError("unknown tag")

    def _decode_tensor(self, note: Mapping[str, Any], buffers: Sequence[Any]) -> Any:
        import torch

        dtype, shape, buffer = self._layout(note, buffers)
        if dtype == "bool":
            flat = torch.frombuffer(bytearray(buffer), dtype=torch.uint8) != 0 if len(buffer) else None
        else:
            flat = torch.frombuffer(bytearray(buffer), dtype=getattr(torch, dtype)) if len(buffer) else None
        if flat is None:
            flat = torch.empty(0, dtype=getattr(torch, dtype))
        tensor = flat.reshape(shape)
        if self.device is not None:
            if self.device != "cpu":
                tensor = tensor.to(self.device)
            if note["requires_grad"] is True:
                tensor.requires_grad_()
        if self.record_claims:
            device = note["device"] if note["device"] in ("cpu", "cuda") else "other"
            claim(tensor, device, requires_grad=note["requires_grad"] is True)
        return tensor

    def _decode_array(self, note: Mapping[str, Any], buffers: Sequence[Any]) -> Any:
        import numpy as np

        dtype, shape, buffer = self._layout(note, buffers)
        if dtype == "bfloat16":
            raise FrameError("numpy has no bfloat16")
        if dtype == "bool":
            # A byte that is neither 0 nor 1 makes numpy's comparisons contradict each other.
            return (np.frombuffer(buffer, dtype=np.uint8) != 0).reshape(shape)
        # Writable, like an array that the notebook made itself.
        return np.frombuffer(bytearray(buffer), dtype=dtype).reshape(shape)

    def _layout(self, note: Mapping[str, Any], buffers: Sequence[Any]) -> tuple[str, tuple[int, ...], Any]:
        """Check the claimed dtype and shape of a tensor or array, and take its buffer."""
        dtype, shape = note["dtype"], note["shape"]
        if dtype not in _DTYPES:
            raise FrameError("tensor of an unknown dtype")
        if (
            not isinstance(shape, list)
            or not all(type(n) is int and 0 <= n < 1 << 40 for n in shape)
            or not _bounded(shape)
        ):
            raise FrameError("tensor shape is not a shape")
        buffer = self._buffer(note["buffer"], buffers)
        nbytes = math.prod(shape) * _DTYPES[dtype]
        if nbytes != len(buffer) or nbytes > MAX_TENSOR_BYTES:
            raise FrameError("tensor bytes do not match its shape")
        return dtype, tuple(shape), buffer

    def _buffer(self, index: Any, buffers: Sequence[Any]) -> Any:
        """Return the buffer with that number, and mark it as taken."""
        if type(index) is not int or not 0 <= index < len(buffers):
            raise FrameError("an unknown buffer")
        if index in self._taken:
            # Forty thousand tensors that name one buffer of 32 MiB would be copies of 1.2 TiB.
            raise FrameError("a buffer of two values")
        self._taken.add(index)
        return buffers[index]


@functools.lru_cache(maxsize=64)
def _dtype_name(dtype: Any) -> str:
    return str(dtype).removeprefix("torch.")


def _encode_array(array: Any, buffers: list[bytes]) -> Any:
    if array.dtype.name not in _DTYPES or not _bounded(array.shape) or array.nbytes > MAX_TENSOR_BYTES:
        return ["o", f"numpy array of {str(array.dtype)[:40]}"]
    # The other byte order has the same name.
    buffers.append(array.astype(array.dtype.newbyteorder("="), copy=False).tobytes())
    return ["A", {"dtype": array.dtype.name, "shape": list(array.shape), "buffer": len(buffers) - 1}]


def _bounded(shape: Sequence[int]) -> bool:
    return len(shape) <= MAX_DIMS and math.prod(n or 1 for n in shape) <= MAX_EXTENT


def _number_keys(value: Mapping[Any, Any]) -> int:
    return sum(not isinstance(key, str) for key in value)


def _encode_scalar(value: Any) -> Any:
    """Encode a numpy scalar; whole numbers as digits, because a float would round those beyond 2**53."""
    name = value.dtype.name
    if not _is_scalar(name):
        return ["o", f"numpy {name}"]
    return ["N", name, float(value).hex() if "float" in name else str(int(value))]


def _is_scalar(name: Any) -> bool:
    return name in _DTYPES and name not in {"bfloat16", "complex64", "complex128"}


def _decode_scalar(dtype: Any, text: Any) -> Any:
    import numpy as np

    if not _is_scalar(dtype):
        raise FrameError("unknown scalar dtype")
    if "float" not in dtype:
        return np.dtype(dtype).type(_integer(text))
    with np.errstate(over="ignore"):
        return np.dtype(dtype).type(float.fromhex(_text(text, 64)))


def _decode_dtype(name: Any) -> Any:
    import torch

    return getattr(torch, name) if name in _DTYPES else Opaque("dtype")


def _integer(text: Any) -> int:
    return int(_text(text, MAX_INT_DIGITS))


def _text(value: Any, cap: int) -> str:
    if not isinstance(value, str) or len(value) > cap:
        raise FrameError("text is not text, or too long")
    # JSON can hold half a surrogate pair, which can be written to no file and no database.
    if not value.isascii():
        value.encode("utf-8")
    return value


def _items(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise FrameError("items are not a list")
    return value
