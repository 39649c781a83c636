"""The worker's loop: answer the judge's requests on one socket until it closes.

Nothing here is trusted after the first line of a student's code. A student may rewrite all of it and gains nothing,
because the judge believes only values that it compared.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from autograder.sandbox.wire.formulas import compute
from autograder.sandbox.wire.frames import Frame, FrameError, PeerClosed, receive_frame, send_frame
from autograder.sandbox.wire.values import Codec
from autograder.sandbox.worker.blame import raised_in_notebook
from autograder.sandbox.worker.borrowed import borrowed
from autograder.sandbox.worker.cells import locate_error, run_cell
from autograder.sandbox.worker.figures import close_figures
from autograder.sandbox.worker.files import Snapshot
from autograder.sandbox.worker.forbid import take_away
from autograder.sandbox.worker.generators import read_generators, set_generators
from autograder.sandbox.worker.ops import Environment
from autograder.sandbox.worker.outputs import muted
from autograder.sandbox.worker.permits import names_behind, opened
from autograder.sandbox.worker.pictures import draw
from autograder.sandbox.worker.pressure import heed_memory, memory_errors
from autograder.sandbox.worker.shell import WorkerShell
from autograder.sandbox.worker.standing import Standing

__all__ = ["announce", "serve"]

#: How often to look for the end of a child whose socket is closed, and the pause before the next look.
LINGER_ROUNDS = 40
LINGER_S = 0.005


class _Worker:
    def __init__(self, sock: socket.socket, shell: WorkerShell, device: str, private: str) -> None:
        self.sock = sock
        self.shell = shell
        self.device = device
        self.nonce = ""
        self.child = 0
        self.private = private
        self.snapshot: Snapshot | None = None
        self.environment = Environment(shell.user_ns, device=device)
        self.standing: Standing | None = None
        #: Where the generators of random numbers stood when the notebook had run, where no copy of it can be made.
        self.generators: dict[str, Any] | None = None
        self.codec = Codec(device=device, make_callable=self._remote_callable, make_formula=_formula)

    def run(self) -> None:
        while True:
            frame = receive_frame(self.sock)
            self.nonce = frame.nonce
            if frame.type == "quit":
                return
            if frame.type == "fork":
                self._fork(self.codec.decode(frame.payload, frame.buffers))
                continue
            if frame.type == "end":
                self._end(frame)
                continue
            if frame.type == "cell":
                self._send("answer", self._cell(frame))
                continue
            if frame.type == "scene":
                self._put_back()
                self._set_up(self.codec.decode(frame.payload, frame.buffers))
                self._send("answer", None)
                continue
            if frame.type == "lend":
                self._borrow(self.codec.decode(frame.payload, frame.buffers))
                self._send("answer", None)
                continue
            if frame.type == "draw":
                self._send("answer", draw(self.codec.decode(frame.payload, frame.buffers)))
                continue
            # A script is many requests in one frame; each is answered as soon as its answer is ready.
            for node in _parts(frame.payload) if frame.type == "script" else [frame.payload]:
                self._ops(node, frame.buffers)

    def _send(self, kind: str, value: Any) -> None:
        try:
            self._post(kind, *self.codec.encode(value))
        except PeerClosed:
            raise
        except FrameError as error:
            if kind == "answer" and isinstance(value, dict) and "outputs" in value:
                self._send(kind, _printed_only(value))
                return
            self._post(kind, *self.codec.encode({"too_large": str(error)[:200]}))

    def _post(self, kind: str, node: Any, buffers: list[bytes]) -> None:
        send_frame(self.sock, Frame(kind, self.nonce, node, tuple(buffers)))

    def _cell(self, frame: Frame) -> Any:
        request = self.codec.decode(frame.payload, frame.buffers)
        # In a notebook that is graded by its own cells nothing is noted, and nothing is put back.
        noting = request.get("noting") is True
        if noting and self.standing is None:
            self.standing = Standing(self.shell.user_ns)
        try:
            with memory_errors():
                answer = run_cell(
                    self.shell,
                    request["source"],
                    limit_s=request["limit_s"],
                    limit_bytes=request["limit_bytes"],
                    name=request["name"],
                    undrawn=request.get("undrawn") is True,
                    strict=request.get("strict") is True,
                    after=request.get("after"),
                )
        except MemoryError as error:
            answer = {"outputs": [], "error": locate_error(error)}
        if noting and self.standing is not None:
            # A notebook can break anything that this needs; then less is noted.
            with suppress(Exception):
                answer |= self.standing.after_cell(request.get("exercise"))
        return answer

    def _put_back(self) -> None:
        """Let this process be as the notebook left it, as far as it can be put back, where no copy can be made.

        What an exercise changed inside the notebook's own objects stays: see `autograder.engines.hidden.quiet`.
        """
        if self.generators is not None and self.device == "cuda":
            import torch

            # What failed on the device without being told yet ends this process, and not the next exercise.
            torch.cuda.synchronize()
        self._tidy()
        with suppress(Exception):
            if self.generators is None:
                self.generators = read_generators(self.device)
            else:
                self.environment = Environment(self.shell.user_ns, device=self.device)
                close_figures()
                set_generators(self.generators)

    def _set_up(self, wanted: Any) -> None:
        """Set the state that a check expects, and take away what its exercise forbids."""
        # A notebook may have broken what this needs; then the state stays as it is.
        with suppress(Exception):
            if self.standing is not None:
                self.standing.set_scene(wanted["scene"], wanted["exercise"])
        # Last, and never left out: if it fails, this process ends.
        take_away(wanted["forbidden"], notebook=self.shell.user_ns)

    def _borrow(self, names: Any) -> None:
        """Bind names of the notebook to functions that are computed in another process."""
        for name in names:
            self.shell.user_ns[name] = borrowed(name, self.shell.user_ns.get(name), self._ask_back)

    def _ask_back(self, question: dict[str, Any]) -> Any:
        """Ask the judge in the middle of a request, and return what it says.

        Raises:
            FrameError: if the question is too large, or something else than an answer comes.
        """
        self._post("callback", *self.codec.encode(question))
        frame = receive_frame(self.sock)
        if frame.type != "callback_answer" or frame.nonce != self.nonce:
            raise FrameError("unexpected answer")
        return self.codec.decode(frame.payload, frame.buffers)

    def _ops(self, node: Any, buffers: Sequence[Any]) -> None:
        """Carry out operations and send the answer.

        Reading the question and encoding the answer move tensors to the device and back, and a GPU often reports an
        earlier failure only then: an exception there is an answer like any other.
        """
        try:
            with muted(), memory_errors():
                answers = self.environment.run(self.codec.decode(node, buffers))
                answer = self._encoded({"answers": answers, "error": None})
        except (PeerClosed, FrameError):
            raise
        except BaseException as error:  # noqa: BLE001 - SystemExit and friends are the student's too
            told = {**locate_error(error), "own": raised_in_notebook(error)}
            answer = self.codec.encode({"answers": [], "error": told})
        try:
            self._post("answer", *answer)
        except PeerClosed:
            raise
        except FrameError as error:
            self._send("answer", {"too_large": str(error)[:200]})

    def _encoded(self, value: Any) -> tuple[Any, list[bytes]]:
        try:
            return self.codec.encode(value)
        except FrameError as error:
            return self.codec.encode({"too_large": str(error)[:200]})

    def _fork(self, wanted: Any) -> None:
        """Fork a child with this state, in the wanted scene; its socket came along with a one-byte message."""
        _, fds, _, _ = socket.recv_fds(self.sock, 1, 1)
        child_end = fds[0]
        self._tidy()
        child = os.fork()
        if child == 0:
            self.sock.close()
            self.sock = socket.socket(fileno=child_end)
            self.child = 0
            self._set_up(wanted)
            return
        os.close(child_end)
        self.child = child

    def _tidy(self) -> None:
        """Restore the directory as the notebook left it, for the next child."""
        with suppress(Exception):
            if self.snapshot is not None:
                self.snapshot.restore()
            elif self.private != "/":
                self.snapshot = Snapshot(self.private)

    def _end(self, frame: Frame) -> None:
        """End the last child, even in the middle of its work; without a pid namespace signals are refused.

        If the judge found the child gone, the answer is the signal that had ended it.
        """
        ended_by = None
        with suppress(ProcessLookupError, PermissionError, ChildProcessError):
            if self.child and self.codec.decode(frame.payload, frame.buffers):
                ended_by = self._wait_for_end()
            if self.child:
                os.kill(self.child, signal.SIGKILL)
                os.waitpid(self.child, 0)
        self.child = 0
        _reap()
        self._send("answer", ended_by)

    def _wait_for_end(self) -> int | None:
        """Return the signal that ended the child; its socket closes a moment before it can be waited for."""
        for _ in range(LINGER_ROUNDS):
            pid, status = os.waitpid(self.child, os.WNOHANG)
            if pid:
                self.child = 0
                return os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
            time.sleep(LINGER_S)
        return None

    def _remote_callable(self, identifier: int) -> Any:
        """Return a function that lives in the judge: values go there, value and gradient come back.

        The gradient with respect to each tensor argument comes along, so that autograd works through it.
        """
        import torch

        worker = self

        def ask(tensors: tuple[Any, ...]) -> tuple[Any, ...]:
            answer = worker._ask_back({"id": identifier, "args": tensors})
            if answer["error"]:
                raise ValueError(answer["error"])
            return answer["value"], *answer["grads"]

        class Remote(torch.autograd.Function):
            @staticmethod
            def forward(*tensors: Any) -> Any:
                return ask(tensors)

            @staticmethod
            def setup_context(ctx: Any, inputs: Any, output: Any) -> None:  # noqa: ARG004 - torch's signature
                ctx.mark_non_differentiable(*output[1:])
                ctx.save_for_backward(*output[1:])

            @staticmethod
            def backward(ctx: Any, upstream: Any, *_: Any) -> Any:
                grads = tuple(upstream * g for g in ctx.saved_tensors)
                return grads if len(grads) != 1 else grads[0]

        def call(*args: Any) -> Any:
            return Remote.apply(*(torch.as_tensor(a) for a in args))[0]

        return call


def _parts(payload: Any) -> list[Any]:
    """Return the nodes of a list, each to be decoded by itself."""
    if not isinstance(payload, list) or payload[:1] != ["l"] or not isinstance(payload[-1], list):
        raise FrameError("a script is a list of requests")
    return payload[-1]


def _printed_only(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer that was too large without its displays, or without any outputs if it has no displays."""
    outputs = [o for o in answer["outputs"] if o["output_type"] in {"stream", "error"}]
    if len(outputs) < len(answer["outputs"]):
        return {**answer, "outputs": outputs, "cut": True}
    return {**{k: v for k, v in answer.items() if k != "outputs"}, "cut": True}


def _formula(arguments: int, steps: Any) -> Any:
    """Return a function of the judge's that is computed here."""
    import torch

    used = names_behind(name.partition(":")[2] for name, *_ in steps)

    def call(*args: Any) -> Any:
        if len(args) != arguments:
            raise TypeError(f"this function takes {arguments} arguments, and was given {len(args)}")
        # The judge's function may use what is forbidden to students.
        with opened(used):
            return compute(steps, [torch.as_tensor(a) for a in args])

    return call


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def announce(sock: socket.socket, problem: str | None, **facts: Any) -> None:
    """Tell the judge that the confinement holds, or why it does not; no student's code has run yet.

    `facts` are the fields of `autograder.sandbox.channel.Readiness`.
    """
    node, buffers = Codec().encode({"problem": problem, **facts})
    send_frame(sock, Frame("answer", "ready", node, tuple(buffers)))


def serve(sock: socket.socket, shell: WorkerShell, device: str, private: str) -> None:
    """Answer requests until the judge closes the socket or says quit; `private` is the worker's own directory."""
    heed_memory()
    with suppress(PeerClosed):
        _Worker(sock, shell, device, private).run()
