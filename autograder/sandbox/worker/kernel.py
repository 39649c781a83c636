"""Cells in a real Jupyter kernel inside the worker: for languages other than Python.

This process starts the kernel, in the same confinement, and nbclient drives it. Answers have the same form as the
shell's, so the judge need not know which of the two ran a cell.
"""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import suppress
from typing import Any

from autograder.sandbox.spec import KernelCommand
from autograder.sandbox.wire.frames import Frame, FrameError, PeerClosed, receive_frame, send_frame
from autograder.sandbox.wire.values import Codec

__all__ = ["prepare_client", "serve_kernel"]

START_S = 60
#: How long outputs may lag behind the reply.
_OUTPUT_S = 4


def prepare_client() -> None:
    """Import what drives a kernel, once for all workers; start no thread and open no socket."""
    import importlib

    for name in ("jupyter_client.manager", "jupyter_client.provisioning.local_provisioner", "nbclient", "nbformat.v4"):
        importlib.import_module(name)


class _Kernel:
    """One kernel, started when the first cell comes."""

    def __init__(self, command: KernelCommand) -> None:
        self._command = command
        self._loop = asyncio.new_event_loop()
        self._client: Any = None
        self._reply: dict[str, Any] | None = None

    def run_cell(self, request: dict[str, Any]) -> dict[str, Any]:
        """Run one cell; if the kernel ends, this process ends with it, as with the shell."""
        from nbclient.exceptions import CellTimeoutError, DeadKernelError
        from nbformat.v4 import new_code_cell

        cell = new_code_cell(request["source"])
        late = False
        try:
            if self._client is None:
                self._loop.run_until_complete(self._start())
            self._reply = None
            self._client.nb.cells = [cell]
            self._client.timeout = request["limit_s"]
            self._loop.run_until_complete(self._client.async_execute_cell(cell, 0))
        except DeadKernelError:
            os._exit(1)
        except CellTimeoutError:
            # An interrupted cell still prints, or the kernel never told its end.
            late = True
        content = (self._reply or {}).get("content", {})
        return _answer(cell, content, request, late=late or content.get("ename") == "CellTimeoutError")

    async def _start(self) -> None:
        from jupyter_client.kernelspec import KernelSpec
        from jupyter_client.manager import AsyncKernelManager
        from nbclient import NotebookClient
        from nbformat.v4 import new_notebook

        manager = AsyncKernelManager(kernel_name=self._command.name, connection_file=f"{os.getcwd()}/.kernel.json")
        spec = KernelSpec(
            argv=list(self._command.argv), env=self._command.env, interrupt_mode=self._command.interrupt_mode
        )
        manager._kernel_spec = spec  # noqa: SLF001 - the judge has looked it up; its directory is not in sight here
        client = NotebookClient(
            new_notebook(),
            km=manager,
            allow_errors=True,
            interrupt_on_timeout=True,
            raise_on_iopub_timeout=True,
            iopub_timeout=_OUTPUT_S,
            startup_timeout=START_S,
            error_on_timeout={
                "ename": "CellTimeoutError",
                "evalue": "",
                "traceback": ["CellTimeoutError: no reply from the kernel before the time was up"],
            },
            on_cell_executed=self._keep,
        )
        await client.async_start_new_kernel(cwd=os.getcwd())
        await client.async_start_new_kernel_client()
        self._client = client

    def _keep(self, execute_reply: dict[str, Any] | None, **_: Any) -> None:
        self._reply = execute_reply


def _answer(cell: Any, content: dict[str, Any], request: dict[str, Any], *, late: bool) -> dict[str, Any]:
    outputs, used, cut = [], 0, False
    for output in cell.outputs:
        plain = _plain(output)
        used += len(str(plain))
        if used > request["limit_bytes"]:
            cut = True
            break
        outputs.append(plain)
    failed = late or content.get("status") == "error"
    error = None
    if failed:
        name = "CellTimeoutError" if late else str(content.get("ename", "Error"))
        error = {
            "type": name[:200],
            "message": str(content.get("evalue", ""))[:2000],
            "not_implemented": False,
            "cell": request["name"],
            "line": None,
            "source": None,
        }
        if not any(o["output_type"] == "error" for o in outputs):
            # As nbgrader does: an error that was not shown still counts.
            lines = [str(line) for line in content.get("traceback", ())] or [name]
            shown = {"ename": name, "evalue": error["message"], "traceback": lines}
            outputs.append({"output_type": "error", **shown})
    count = content.get("execution_count")
    return {
        "outputs": outputs,
        "cut": cut,
        "error": error,
        "timeout": late,
        "count": count if isinstance(count, int) else None,
    }


def _plain(output: Any) -> dict[str, Any]:
    """Return an output as plain values; of its data only text is kept."""
    found = dict(output)
    if "data" in found:
        found["data"] = {str(k): v for k, v in found["data"].items() if isinstance(v, str)}
        found["metadata"] = {}
    if "traceback" in found:
        found["traceback"] = [str(line) for line in found["traceback"]]
    return found


def serve_kernel(sock: socket.socket, command: KernelCommand) -> None:
    """Answer requests to run cells until the judge closes the socket."""
    kernel, codec = _Kernel(command), Codec()
    with suppress(PeerClosed):
        while True:
            frame = receive_frame(sock)
            if frame.type == "quit":
                return
            request = codec.decode(frame.payload, frame.buffers)
            answer = kernel.run_cell(request) if frame.type == "cell" else {"answers": [], "error": None}
            try:
                node, buffers = codec.encode(answer)
                send_frame(sock, Frame("answer", frame.nonce, node, tuple(buffers)))
            except PeerClosed:
                raise
            except FrameError as error:
                node, buffers = codec.encode({"too_large": str(error)[:200]})
                send_frame(sock, Frame("answer", frame.nonce, node, tuple(buffers)))
