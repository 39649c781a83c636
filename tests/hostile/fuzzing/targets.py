"""What is fuzzed: functions from bytes to nothing, which raise only if something is wrong.

Each target hands its input to the code that meets a student's bytes first, catches the exceptions that this code
documents, and checks what was accepted. Any other exception is a finding, and so is an input that costs more memory or
time than this:

- memory, by tracemalloc: what the frames in the input announce (64 MiB + 4 MiB at most, and a copy of what
  really came), plus `BYTES_PER_BYTE` for each byte of input (more for Python source), plus `SLACK_BYTES`, which for
  notebooks is the memory of the 2000 cells that they may have;
- time: `CAP_S` seconds of this thread's CPU time.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import json
import re
import socket
import struct
import tempfile
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from unittest import mock

import nbformat
import torch
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from tiny_course import make_tiny_course

from autograder.checks.numerics.compare import compare
from autograder.checks.student import RemoteTransport, Student, StudentCrashed, StudentError
from autograder.course.assignment import load_assignment
from autograder.course.notebook.autograded import CellRun, autograded_notebook
from autograder.course.notebook.cells import grade_id, is_solution
from autograder.course.notebook.compose import compose_source
from autograder.course.notebook.harmless import plain
from autograder.course.notebook.modules import read_module, segment
from autograder.course.notebook.pictures import KINDS, is_picture
from autograder.course.notebook.prose import harmless_prose
from autograder.course.notebook.read import load_template, parse_notebook, read_submission
from autograder.engines.hidden.examples import show
from autograder.engines.hidden.scrutiny.find import scrutinise
from autograder.errors import AssignmentError, ProtocolError, SubmissionRejected
from autograder.feedback.text import clean, one_line
from autograder.sandbox.channel import Channel, WorkerGone
from autograder.sandbox.gallery import Gallery
from autograder.sandbox.session import SessionLimits, read_outcome
from autograder.sandbox.spec import WorkerLimits
from autograder.sandbox.wire.frames import MAX_BODY_BYTES, MAX_HEADER_BYTES, FrameError, receive_frame
from autograder.sandbox.wire.values import Codec

__all__ = ["NONCE", "PNG", "REPOSITORY", "TARGETS", "Finding", "Target", "announced"]

REPOSITORY = Path(__file__).resolve().parents[3]
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

#: Python's objects for the densest JSON (`[],[],`) take 24 times its size, and the decoded values as much again.
BYTES_PER_BYTE = 64
#: In `1+1+1` each sign makes objects of a syntax tree.
BYTES_PER_BYTE_OF_SOURCE = 512
SLACK_BYTES = {"frames": 2 << 20, "text": 2 << 20, "json": 16 << 20}
CAP_S = 5.0
#: The other end is closed, so nothing waits for it: a target that takes this long hangs.
WAIT_S = 60.0

#: Replaces the call's nonce, so that an input can answer the request to which it belongs.
NONCE = "00112233445566ff"
_LENGTHS = struct.Struct("<II")
#: The number of bytes that fit into a socket's buffers, so that no second thread is needed to write them.
_IMMEDIATE = 64 << 10


class Finding(AssertionError):
    """An input was accepted that should not have been, or cost more than it may."""


@dataclass(frozen=True)
class Target:
    """One thing to fuzz; calling it with bytes measures and judges them.

    `form` says how inputs are built, for the mutator: `frames`, `json` or `text`.
    """

    name: str
    form: str
    run: Callable[[bytes], None]
    per_byte: int = BYTES_PER_BYTE

    def __call__(self, data: bytes) -> None:
        """Run one input.

        Raises:
            Finding: if what was accepted is wrong, or too expensive.
            Exception: everything that the code raises without documenting it.
        """
        allowed = 2 * announced(data) if self.form == "frames" else 0
        allowed += self.per_byte * len(data) + SLACK_BYTES[self.form]
        peak, seconds = self._measured(data)
        if peak > allowed or seconds > CAP_S:
            # One-time work, such as an import or the filling of a cache, is not the input's fault.
            peak, seconds = self._measured(data)
        if peak > allowed:
            raise Finding(f"{peak} bytes were allocated for {len(data)} bytes of input; {allowed} are allowed")
        if seconds > CAP_S:
            raise Finding(f"{len(data)} bytes of input took {seconds:.1f} s; {CAP_S:g} s are allowed")

    def _measured(self, data: bytes) -> tuple[int, float]:
        """Run one input; return the peak of allocated memory, in bytes, and the seconds of CPU time."""
        tracemalloc.start()
        started = time.thread_time()
        try:
            self.run(data)
            return tracemalloc.get_traced_memory()[1], time.thread_time() - started
        finally:
            tracemalloc.stop()

    def warm_up(self, seeds: list[bytes]) -> None:
        """Run the seeds once without measuring: the first input pays for imports and caches."""
        for data in seeds:
            self.run(data)


def announced(data: bytes) -> int:
    """Return the announced size of the largest acceptable frame in a stream, in bytes."""
    largest = offset = 0
    while offset + _LENGTHS.size <= len(data):
        header, body = _LENGTHS.unpack_from(data, offset)
        if header > MAX_HEADER_BYTES or body > MAX_BODY_BYTES:
            break
        largest = max(largest, header + body)
        offset += _LENGTHS.size + header + body
    return largest


@contextlib.contextmanager
def delivered(data: bytes) -> Iterator[socket.socket]:
    """Yield one end of a socket pair; the bytes were written to the other end, which is closed for writing."""
    ours, theirs = socket.socketpair()
    writer = None
    with ours, theirs:
        if len(data) <= _IMMEDIATE:
            theirs.sendall(data)
            theirs.shutdown(socket.SHUT_WR)
        else:
            writer = threading.Thread(target=_write, args=(theirs, data))
            writer.start()
        try:
            yield ours
        finally:
            ours.close()
            if writer is not None:
                writer.join()


def _write(sock: socket.socket, data: bytes) -> None:
    with contextlib.suppress(OSError):
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def scripted(data: bytes) -> Iterator[Channel]:
    """Yield a channel whose peer answers every request with `data`, with a nonce that is known beforehand."""
    with delivered(data) as sock, mock.patch("secrets.token_hex", return_value=NONCE):
        channel = Channel(sock)
        yield channel
        channel.close()


def must_be_text(value: object) -> None:
    """Require that every string inside can be written to a file, a database or a page."""
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise Finding(f"text that is no Unicode got in: {error}") from None
    elif isinstance(value, Mapping):
        for key, item in value.items():
            must_be_text(key)
            must_be_text(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            must_be_text(item)


# -- the judge's decoder -----------------------------------------------------------------------------------


def frames(data: bytes) -> None:
    """Receive frames until the stream ends; every decoded value can be encoded and decoded again."""
    with delivered(data) as sock:
        try:
            while True:
                frame = receive_frame(sock, deadline=time.monotonic() + WAIT_S)
                value = Codec(record_claims=True).decode(frame.payload, frame.buffers)
                must_be_text(value)
                again(value)
                worked_on(value)
        except FrameError:
            return


def worked_on(value: Any) -> None:
    """Require that torch can work on every tensor that was accepted."""
    if isinstance(value, torch.Tensor):
        value.clone().reshape(-1).sum()
    elif isinstance(value, (list, tuple)):
        for item in value:
            worked_on(item)
    elif isinstance(value, dict):
        worked_on(list(value.values()))


def again(value: Any) -> None:
    """Require that a decoded value survives another trip."""
    try:
        node, buffers = Codec().encode(value)
        Codec().decode(json.loads(json.dumps(node, allow_nan=False)), buffers)
    except FrameError as error:
        raise Finding(f"what was decoded cannot be said again: {error}") from None


def cell(data: bytes) -> None:
    """Run a cell in a peer that answers with `data`, and show the claimed outputs."""
    request = {"source": "1", "limit_s": 1.0, "limit_bytes": 1000, "name": "cell 1"}
    with scripted(data) as channel:
        try:
            outcome = read_outcome(channel.request("cell", request, WAIT_S))
        except (ProtocolError, WorkerGone):
            return
    if outcome.fault is not None:
        fault = outcome.fault
        must_be_text([fault.type, fault.message, fault.cell or "", fault.source or ""])
    shown = _shown(CellRun(outcome.outputs, outcome.execution_count))
    for output in shown.cells[_runnable()].outputs:
        if output.output_type not in {"stream", "error", "display_data", "execute_result"}:
            raise Finding(f"an output of type {output.output_type!r}")
        if not set(output.get("data", {})) <= _SHOWN_TYPES:
            raise Finding(f"outputs of types {sorted(output.data)}")
        _Written().feed(output.get("data", {}).get("text/html", ""))


#: The types in which an output may be shown. HTML is written anew, see `_Written`.
_SHOWN_TYPES = {"text/plain", "text/markdown", "text/latex", "text/html", *(kind for kind in KINDS)}
_ATTRIBUTES = {"class": "dataframe|tex2jax_ignore mathjax_ignore", "border": "1", "colspan": r"\d+", "rowspan": r"\d+"}
_ATTRIBUTES |= {"src": r"data:image/[a-z+]+;base64,[A-Za-z0-9+/=]+", "style": "max-width: 100%; max-height: 50em; .*"}
_WRITTEN = (
    "b blockquote br code del div em hr i img ins kbd ol pre s small span strong sub sup table u ul var caption li"
)
_WRITTEN += " tbody td tfoot th thead tr"


class _Written(HTMLParser):
    """Checks that HTML holds only the tags of tables and texts, with attributes that we write."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _WRITTEN.split():
            raise Finding(f"a tag {tag!r}")
        for name, value in attrs:
            if name not in _ATTRIBUTES or not re.fullmatch(_ATTRIBUTES[name], value or ""):
                raise Finding(f"an attribute {name}={value!r}")


def answers(data: bytes) -> None:
    """Ask a peer that answers with `data`, as a hidden check does, and compare its answers."""
    x = torch.tensor([1.0, 2.0], dtype=torch.float64)
    with scripted(data) as channel:
        transport = RemoteTransport(channel, WAIT_S)
        transport.restart_clock(WAIT_S)
        student = Student(transport)
        try:
            found = student.minimise(lambda t: (t**2).sum(), x)
        except (StudentError, StudentCrashed):
            return
    must_be_text(found)
    must_be_text(show(found))
    for expected in (x, [x, x], (1, 2.5), {"a": x, "b": 1}, "text", 7, None, torch.float32, torch.tensor([1, 2])):
        mismatch = compare(found, expected)
        if mismatch is not None:
            must_be_text(mismatch.message)


# -- the notebook reader -----------------------------------------------------------------------------------


@functools.cache
def _course() -> Any:
    """A tiny course that stays for as long as this process does."""
    folder = tempfile.TemporaryDirectory(prefix="fuzz")
    course = make_tiny_course(Path(folder.name))
    course.hand_in("ada", course.solved())
    return folder, course, load_template(course.assignment), compose_source(course.assignment)


@functools.cache
def _plain_submission() -> Any:
    _, course, template, _ = _course()
    return read_submission(course.hand_in("bob", course.solved()), course.assignment, template)


def _runnable() -> int:
    found: int = _plain_submission().cells[1].index
    return found


def _shown(run: CellRun) -> Any:
    """Return the autograded notebook of an honest submission, with one cell that ran like this; it must be valid."""
    _, course, _, source = _course()
    shown = autograded_notebook(_plain_submission(), course.assignment, source, {_runnable(): run}, {})
    nbformat.validate(shown)
    nbformat.writes(shown).encode("utf-8")
    return shown


def notebook(data: bytes) -> None:
    """Read a notebook that was handed in; if it is accepted, its locked cells are the template's."""
    _, course, template, _ = _course()
    path = course.root / "submitted" / "ada" / "tiny" / "tiny.ipynb"
    path.write_bytes(data)
    with contextlib.suppress(SubmissionRejected):
        parse_notebook(path)
    try:
        submission = read_submission(path, course.assignment, template)
    except SubmissionRejected as error:
        message = str(error)
        must_be_text(message)
        if len(message) >= 500 or not message.isprintable():
            raise Finding(f"a message no one can read: {message[:600]!a}") from None
        return
    must_be_text(list(submission.notes))
    must_be_text([text for c in submission.cells for text in (c.name, c.source)])
    shown = autograded_notebook(submission, course.assignment, template, {}, {"double": "report"})
    nbformat.validate(shown)
    nbformat.writes(shown).encode("utf-8")
    for original in template.cells:
        identifier = grade_id(original)
        if identifier and not is_solution(original):
            copies = [c.source for c in submission.notebook.cells if grade_id(c) == identifier]
            if copies != [original.source]:
                raise Finding(f"the locked cell {identifier} is {copies!a}")


#: Text that an HTML parser would take for the start of something.
_LIVE = re.compile(r"<[A-Za-z/!?]|(?:javascript|vbscript)[\t\n\\]*:", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def text(data: bytes) -> None:
    """Make any text harmless: prose without tags, output without control characters."""
    given = data.decode("utf-8", "surrogateescape")
    shown = harmless_prose(given).source
    if _LIVE.search(shown):
        raise Finding(f"prose in which a tag or a script can start: {shown[:200]!a}")
    for shown in (plain(given), clean(given), one_line(given)):
        must_be_text(shown)
        if _CONTROL.search(shown):
            raise Finding(f"control characters are left: {shown[:200]!a}")
    if "\n" in one_line(given):
        raise Finding("a line of several lines")


def module(data: bytes) -> None:
    """Split a Python file; the text of each definition is that definition."""
    folder, *_ = _course()
    path = Path(folder.name, "module.py")
    path.write_bytes(data)
    try:
        found = read_module(path)
    except AssignmentError:
        return
    for name, node in found.definitions.items():
        try:
            # A backslash may end a line that only empty lines follow.
            (parsed,) = ast.parse(segment(found.lines, node) + "\n\n").body
        except (SyntaxError, ValueError):
            raise Finding(f"the text of {name!a} is not its own: {segment(found.lines, node)[:200]!a}") from None
        if ast.dump(parsed) != ast.dump(node):
            raise Finding(f"the text of {name!a} says something else")


# -- what reads code, prose and figures ---------------------------------------------------------------------


@dataclass(frozen=True)
class CodeCell:
    """A code cell of a student's."""

    name: str
    source: str


@functools.cache
def _forbidding() -> Any:
    """The built-in assignment that forbids most and flags something."""
    return load_assignment(REPOSITORY, "gradients")


def scrutiny(data: bytes) -> None:
    """Read the code of a notebook, split into cells at NUL bytes, for what the assignment forbids."""
    assignment = _forbidding()
    names = [e.id for e in assignment.coded]
    sources = data.decode("utf-8", "replace").split("\0")[: 2 * len(names)]
    cells = [CodeCell(names[n] if n < len(names) else f"cell {n}", source) for n, source in enumerate(sources)]
    lines = {c.name: c.source.count("\n") + 1 for c in cells}
    for exercise, found in scrutinise(cells, assignment).items():
        if exercise not in names:
            raise Finding(f"something was found in {exercise!a}, which is no exercise")
        for finding in found:
            must_be_text([finding.cell, finding.sentence])
            if not finding.sentence.isprintable():
                raise Finding(f"a sentence that is not printable: {finding.sentence[:200]!a}")
            if not 1 <= finding.line <= lines.get(finding.cell, 1):
                raise Finding(f"line {finding.line} of {finding.cell!a} is not there")


#: The elements of a page with rendered Markdown, and the targets of its links and pictures.
_TAGS = frozenset(
    {"p", "div", "span", "a", "img", "em", "strong", "del", "code", "pre", "blockquote", "hr", "br", "ul", "ol", "li"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "sup", "sub", "section"}
)
_LEADS = re.compile(r"(?:https?:|mailto:|attachment:|#|data:image/(?:png|jpeg|gif);base64,)", re.IGNORECASE)


class _Page(HTMLParser):
    """Objects to everything on a page that could act."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # The box of a list of tasks, which nobody can tick.
        box = tag == "input" and {"type": "checkbox", "disabled": None}.items() <= dict(attrs).items()
        if tag not in _TAGS and not box:
            raise Finding(f"the page has a <{tag}>")
        for name, value in attrs:
            if name.startswith("on"):
                raise Finding(f"the page has <{tag} {name}={value!a}>")
            leads = name in {"href", "src"} and value is not None
            if (
                leads
                and not _LEADS.match(value or "")
                and re.match(r"\s*[a-z][a-z0-9+.-]*:", value or "", re.IGNORECASE)
            ):
                raise Finding(f"the page has <{tag} {name}={value!a}>")


def prose(data: bytes) -> None:
    """Make Markdown harmless, with a picture at hand, and render it as nbgrader's pages do."""
    given = data.decode("utf-8", "surrogateescape")
    made = harmless_prose(given, {"d.png": {"image/png": PNG}})
    must_be_text(made.source)
    for name, picture in made.attachments.items():
        # A picture may stand in the text itself.
        shown = f"attachment:{name}" in made.source and all(data == PNG or data in given for data in picture.values())
        if not shown or not all(is_picture(kind, data) for kind, data in picture.items()):
            raise Finding(f"a picture {name!a} that is not shown, or is none: {picture!a:.200}")
    page = _Page()
    # As nbconvert's exporter of pages does it.
    renderer = IPythonRenderer(escape=False, attachments=made.attachments)
    page.feed(MarkdownWithMath(renderer=renderer).render(made.source))
    page.close()


class _Painters:
    """Stands for the zygote whose workers draw: each worker sends the next part of the input."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel

    @contextlib.contextmanager
    def spawn(self, *_: object, **__: object) -> Iterator[_Painters]:
        yield self


def figures(data: bytes) -> None:
    """Run a cell in a peer whose figures are undrawn, and let peers that send the rest of the input draw them."""
    request = {"source": "1", "limit_s": 1.0, "limit_bytes": 1000, "name": "cell 1"}
    limits = SessionLimits(
        cell_s=WAIT_S,
        check_s=1.0,
        submission_s=WAIT_S,
        output_bytes=4 << 20,
        worker=WorkerLimits(),
        outputs_bytes=8 << 20,
    )
    with scripted(data) as channel:
        try:
            outcome = read_outcome(channel.request("cell", request, WAIT_S))
        except (ProtocolError, WorkerGone):
            return
        painters: Any = _Painters(channel)
        # Twice: the second time the drawn figure is known, and the drawing peer has nothing left to send.
        for _ in range(2):
            hung = Gallery().hang({_runnable(): outcome}, painters, limits)[_runnable()]
    if any("undrawn" in output for output in hung.outputs):
        raise Finding("a figure is left undrawn")
    _shown(CellRun(hung.outputs, hung.execution_count))


TARGETS = {
    target.name: target
    for target in (
        Target("frames", "frames", frames),
        Target("cell", "frames", cell),
        Target("answers", "frames", answers),
        Target("notebook", "json", notebook),
        Target("text", "text", text),
        Target("module", "text", module, BYTES_PER_BYTE_OF_SOURCE),
        Target("scrutiny", "text", scrutiny, BYTES_PER_BYTE_OF_SOURCE),
        Target("prose", "text", prose),
        Target("figures", "frames", figures),
    )
}
