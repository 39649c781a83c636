"""The judge's end of one connection: send requests, wait until a deadline, accept only well-formed answers."""

from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.errors import ProtocolError
from autograder.sandbox.wire.frames import (
    Frame,
    FrameError,
    FrameReader,
    Packed,
    PeerClosed,
    PeerTimeout,
    RawFrame,
    TooLarge,
    parse_frame,
    send_frame,
    send_packed,
)
from autograder.sandbox.wire.values import Codec
from autograder.sentences import Sentence

__all__ = ["AnswerTooLarge", "Channel", "Lender", "Readiness", "WorkerGone", "WorkerLate"]

MAX_CALLBACKS = 200_000
#: The most bytes of all tensors together with which a check's function is called back.
MAX_CALLBACK_BYTES = 8 << 20
#: Values in a header take more memory than their text.
HEADER_WEIGHT = 4


#: Answers a call of a lent function. It gets the function's name, positional and keyword arguments, and the notebook's
#: names of its parameters; it returns a `value`, or an `error` and its built-in `type`.
Lender = Callable[[str, tuple[Any, ...], dict[str, Any], list[str]], dict[str, Any]]


class WorkerGone(Exception):
    """The worker's process ended, or closed its socket, before it answered; `reason` says why, if that is known."""

    def __init__(self, reason: Sentence | None = None) -> None:
        self.reason = reason or Sentence()
        super().__init__(self.reason)


class WorkerLate(Exception):
    """The worker did not answer in time."""


class AnswerTooLarge(ProtocolError):
    """The answer is larger than allowed for the request; the worker can be asked again."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a new worker says before any code of a student's runs in it.

    `problem` says why it is not confined, `of_device` that the GPU is to blame; `device` is what
    `autograder.sandbox.worker.cuda.start` found out; `cpu_s` is the processor time that all this took.
    """

    problem: str | None = None
    of_device: bool = False
    device: Mapping[str, Any] = field(default_factory=dict)
    cpu_s: float = 0.0


class Channel:
    """One socket to one worker process (or to a fork of it)."""

    def __init__(self, sock: socket.socket, why_gone: Callable[[], Sentence] = Sentence) -> None:
        """Use a connected socket; `why_gone` says why the other end may be gone, if the judge knows."""
        self._sock = sock
        self._why_gone = why_gone
        sock.setblocking(False)
        #: Whether the other end was found closed.
        self.gone = False
        #: The size of the last answer once it was decoded, roughly.
        self.answer_bytes = 0
        self._reader = FrameReader(sock)
        self._callables: dict[int, Callable[..., Any]] = {}
        self._lender: Lender | None = None
        self.codec = Codec(on_callable=self._register, record_claims=True)

    def explain_end(self, why_gone: Callable[[], Sentence]) -> None:
        """Use this function from now on to say why the other end may be gone."""
        self._why_gone = why_gone

    def close(self) -> None:
        """Close the socket; the worker behind it ends by itself if it can."""
        self._sock.close()

    def _register(self, function: Callable[..., Any]) -> int:
        identifier = len(self._callables) + 1
        self._callables[identifier] = function
        return identifier

    def send_descriptor(self, fd: int, deadline_s: float, value: Any = None) -> None:
        """Ask the worker to fork; the child serves on `fd`, in the state that `value` describes."""
        deadline = time.monotonic() + deadline_s
        node, buffers = self.codec.encode(value)
        try:
            send_frame(self._sock, Frame("fork", secrets.token_hex(8), node, tuple(buffers)), deadline=deadline)
            socket.send_fds(self._sock, [b"f"], [fd])
        except (PeerClosed, OSError):
            raise WorkerGone(self._why_gone()) from None
        except PeerTimeout:
            raise WorkerLate from None

    def lend(self, names: Sequence[str], lender: Lender, deadline_s: float) -> None:
        """Let names of the notebook mean functions that `lender` computes on this side, from now on.

        Raises:
            WorkerGone, WorkerLate, ProtocolError: as for `request`.
        """
        self._lender = lender
        self.request("lend", list(names), deadline_s)

    def expect_ready(self, deadline_s: float) -> Readiness:
        """Wait until the worker says, before any student's code runs, that it is confined, or what its problem is."""
        frame = self._receive(time.monotonic() + deadline_s)
        if frame.nonce != "ready" or frame.type != "answer":
            raise ProtocolError("the worker did not report that it is ready")
        said = self._decode(frame)
        if not isinstance(said, dict) or "problem" not in said:
            raise ProtocolError("the worker did not report that it is ready")
        device = said.get("device")
        return Readiness(
            problem=None if said["problem"] is None else str(said["problem"]),
            of_device=said.get("of_device") is True,
            device=dict(device) if isinstance(device, dict) else {},
            cpu_s=float(said.get("cpu_s", 0.0)),
        )

    def request(self, kind: str, value: Any, deadline_s: float, max_bytes: int | None = None) -> Any:
        """Send one request and return its answer; calls of the judge's functions are served meanwhile.

        Raises:
            WorkerGone, WorkerLate: as named.
            AnswerTooLarge: if it has more than `max_bytes`.
            ProtocolError: if anything else than a well-formed answer to this request came.
        """
        deadline = time.monotonic() + deadline_s
        nonce = secrets.token_hex(8)
        self._callables.clear()
        node, buffers = self.codec.encode(value)
        self._send(Frame(kind, nonce, node, tuple(buffers)), deadline)
        for _ in range(MAX_CALLBACKS):
            frame = self._receive(deadline, max_bytes)
            if frame.nonce != nonce:
                raise ProtocolError("an answer to another question")
            decoded = self._decode(frame)
            if frame.type == "answer":
                return decoded
            if frame.type != "callback":
                raise ProtocolError(f"a {frame.type} from the worker")
            reply, reply_buffers = self.codec.encode(self._call_back(decoded))
            try:
                self._send(Frame("callback_answer", nonce, reply, tuple(reply_buffers)), deadline)
            except FrameError:
                # The arguments were within the limit, but value and gradients together may exceed it.
                raise ProtocolError("a call back whose answer is too large") from None
        raise ProtocolError("too many calls back")

    def post(self, packed: Packed, deadline_s: float) -> str:
        """Send a frame whose answers are fetched by `fetch`; return its nonce.

        Raises:
            WorkerGone, WorkerLate: as named.
        """
        nonce = secrets.token_hex(8)
        try:
            send_packed(self._sock, packed, nonce, deadline=time.monotonic() + deadline_s)
        except PeerClosed:
            self.gone = True
            raise WorkerGone(self._why_gone()) from None
        except PeerTimeout:
            raise WorkerLate from None
        return nonce

    def fetch(self, deadline: float, max_bytes: int | None = None) -> RawFrame:
        """Return the bytes of the next answer to a posted frame.

        Raises:
            WorkerGone, WorkerLate: as named.
            AnswerTooLarge: if there are more than `max_bytes`.
            ProtocolError: if it exceeds the limits of a frame.
        """
        try:
            return self._reader.receive(deadline, max_bytes)
        except PeerClosed:
            self.gone = True
            raise WorkerGone(self._why_gone()) from None
        except PeerTimeout:
            raise WorkerLate from None
        except TooLarge as error:
            raise AnswerTooLarge(str(error)) from None
        except FrameError as error:
            raise ProtocolError(str(error)) from None

    def read(self, raw: RawFrame, nonce: str) -> Any:
        """Return the value of a fetched answer.

        Raises:
            ProtocolError: if it is no well-formed answer to the frame that was posted under `nonce`.
        """
        try:
            frame = parse_frame(raw)
        except FrameError as error:
            raise ProtocolError(str(error)) from None
        if frame.nonce != nonce or frame.type != "answer":
            raise ProtocolError("an answer to another question")
        return self._decode(frame)

    def _send(self, frame: Frame, deadline: float) -> None:
        try:
            send_frame(self._sock, frame, deadline=deadline)
        except PeerClosed:
            self.gone = True
            raise WorkerGone(self._why_gone()) from None
        except PeerTimeout:
            raise WorkerLate from None

    def _receive(self, deadline: float, max_bytes: int | None = None) -> Frame:
        try:
            raw = self._reader.receive(deadline, max_bytes)
            self.answer_bytes = HEADER_WEIGHT * len(raw.header) + len(raw.body)
            return parse_frame(raw)
        except PeerClosed:
            self.gone = True
            raise WorkerGone(self._why_gone()) from None
        except PeerTimeout:
            raise WorkerLate from None
        except TooLarge as error:
            raise AnswerTooLarge(str(error)) from None
        except FrameError as error:
            raise ProtocolError(str(error)) from None

    def _decode(self, frame: Frame) -> Any:
        try:
            return self.codec.decode(frame.payload, frame.buffers)
        except FrameError as error:
            raise ProtocolError(str(error)) from None

    def _call_back(self, request: Any) -> dict[str, Any]:
        """Compute a check's own function and its gradients for the worker's tensors, or a lent function for values."""
        import torch

        if not isinstance(request, dict) or not isinstance(request.get("args"), tuple):
            raise ProtocolError("a call back without arguments")
        if "lent" in request:
            return self._lent_answer(request)
        function = self._callables.get(request["id"]) if type(request.get("id")) is int else None
        if function is None:
            raise ProtocolError("a call back to a function that was not passed")
        args = request["args"]
        if not all(isinstance(a, torch.Tensor) for a in args):
            return {"error": "this function takes tensors", "value": None, "grads": ()}
        if sum(a.nbytes for a in args) > MAX_CALLBACK_BYTES:
            raise ProtocolError("a call back whose arguments are too large")
        try:
            inputs = [a.detach().clone().requires_grad_(a.is_floating_point()) for a in args]
            with torch.enable_grad():
                value = function(*inputs)
                wanted = [t for t in inputs if t.requires_grad]
                grads = torch.autograd.grad(value, wanted, allow_unused=True) if wanted else ()
                value = value.detach()
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - the student's argument does not fit the check's function
            return {"error": f"{type(error).__name__}: {error}"[:500], "value": None, "grads": ()}
        given = iter(grads)
        full = []
        for tensor in inputs:
            grad = next(given) if tensor.requires_grad else None
            full.append(torch.zeros_like(tensor) if grad is None else grad)
        return {"error": None, "value": value, "grads": tuple(full)}

    def _lent_answer(self, request: dict[str, Any]) -> dict[str, Any]:
        name, kwargs = request["lent"], request.get("kwargs")
        if self._lender is None or not isinstance(name, str) or not isinstance(kwargs, dict):
            raise ProtocolError("a call of a function that was not lent")
        if not all(isinstance(key, str) for key in kwargs):
            raise ProtocolError("an argument whose name is no text")
        names = request.get("names")
        own = [n for n in names if isinstance(n, str)] if isinstance(names, list) else []
        return self._lender(name, request["args"], kwargs, own)
