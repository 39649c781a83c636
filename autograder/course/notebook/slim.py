"""Drop the outputs of a large notebook, and keep what was written in it.

A notebook of hundreds of megabytes is mostly outputs and pictures, and its code is small. Parsing it as a whole would
take several times its size in memory, so its bytes are scanned here: the outputs of each cell and the notebook's own
metadata are left out, and pictures once there is no more room for them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from autograder.course.notebook.bounds import Bounds, megabytes
from autograder.errors import SubmissionRejected, SubmissionTooLarge
from autograder.sentences import say, together

__all__ = ["Slimmed", "slim"]

#: Everything up to the next bracket outside a text; the repeats are possessive, so no bytes make them backtrack.
_FLAT = rb'[^"\[\]{}]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"\[\]{}]*+)*+'
#: The same, and also past lists and objects that hold no others.
_TO_BRACKET = re.compile(_FLAT + rb"(?:[\[{]" + _FLAT + rb"[\]}]" + _FLAT + rb")*+", re.DOTALL)
_TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_WORD = re.compile(rb"[^\s,\[\]{}\":]++")
_SPACE = re.compile(rb"[ \t\r\n]*+")
_INLINE = re.compile(rb"\(data:image/[a-z+.-]{1,20};base64,[A-Za-z0-9+/=\\]*+\)")
_GONE = b"(picture-left-out)"
#: No person writes so many brackets; each one takes a step of Python.
_MAX_BRACKETS = 5_000_000
_MAX_KEY = 200


@dataclass(frozen=True, slots=True)
class Slimmed:
    """A notebook's JSON without outputs, and the number of bytes of the pictures that were left out."""

    data: bytes
    left_out: int


@dataclass(slots=True)
class _Slimmer:
    data: bytes
    name: str
    bounds: Bounds
    kept: list[bytes] = field(default_factory=list)
    cells: int = 0
    outputs: int = 0
    pictures: int = 0
    left_out: int = 0
    brackets: int = 0

    # -- reading -------------------------------------------------------------------------------------------

    def space(self, at: int) -> int:
        found = _SPACE.match(self.data, at)
        assert found is not None
        return found.end()

    def end(self, at: int) -> int:
        """Return the end of the value that begins at a position."""
        if self.data[at : at + 1] not in {b"[", b"{"}:
            found = (_TEXT if self.data[at : at + 1] == b'"' else _WORD).match(self.data, at)
            if found is None:
                raise self.broken(at)
            return found.end()
        depth = 0
        while True:
            depth += 1 if self.data[at] in b"[{" else -1
            self.brackets += 1
            if self.brackets > _MAX_BRACKETS:
                size = megabytes(len(self.data))
                raise SubmissionTooLarge(say("reading.nested", name=self.name, size=size))
            at += 1
            if depth == 0:
                return at
            found = _TO_BRACKET.match(self.data, at)
            assert found is not None
            at = found.end()
            if self.data[at : at + 1] in {b"", b'"'}:
                raise self.broken(at)

    def broken(self, at: int) -> SubmissionRejected:
        line = self.data.count(b"\n", 0, at) + 1
        return SubmissionRejected(say("reading.not-json-in", line=line, name=self.name))

    def entries(self, at: int, closing: bytes) -> tuple[int, bool]:
        """Go to the next entry of a list or an object; False where it ends, with the position after it."""
        at = self.space(at)
        if self.data[at : at + 1] == b",":
            at = self.space(at + 1)
        if self.data[at : at + 1] == closing:
            return at + 1, False
        if at >= len(self.data):
            raise self.broken(at)
        return at, True

    def key(self, at: int) -> tuple[str, int]:
        found = _TEXT.match(self.data, at)
        if found is None:
            raise self.broken(at)
        colon = self.space(found.end())
        if self.data[colon : colon + 1] != b":":
            raise self.broken(colon)
        return found[0][1 : _MAX_KEY + 1].rstrip(b'"').decode("utf-8", "replace"), self.space(colon + 1)

    # -- writing -------------------------------------------------------------------------------------------

    def notebook(self, at: int) -> int:
        """Keep a notebook, or a worksheet of one in the older format."""
        self.kept.append(b"{")
        at, more = self.entries(at + 1, b"}")
        first = True
        while more:
            name, value = self.key(at)
            listed = self.data[value : value + 1] == b"["
            start = b"" if first else b","
            if name in {"cells", "worksheets"} and listed:
                self.kept.append(start + f'"{name}":['.encode())
                at = self.list(value + 1, worksheets=name == "worksheets")
                self.kept.append(b"]")
                first = False
            else:
                end = self.end(value)
                if name != "metadata":
                    self.kept.append(start + self.data[at:end])
                    first = False
                at = end
            at, more = self.entries(at, b"}")
        self.kept.append(b"}")
        return at

    def list(self, at: int, *, worksheets: bool) -> int:
        at, more = self.entries(at, b"]")
        first = True
        while more:
            if not first:
                self.kept.append(b",")
            first = False
            if self.data[at : at + 1] != b"{":
                end = self.end(at)
                self.kept.append(self.data[at:end])
                at = end
            elif worksheets:
                at = self.notebook(at)
            else:
                at = self.cell(at)
                self.cells += 1
                if self.cells > self.bounds.cells:
                    many = say("reading.more-cells", name=self.name, most=self.bounds.cells)
                    raise SubmissionTooLarge(together(many, self.bounds.remedy("cells")))
            at, more = self.entries(at, b"]")
        return at

    def cell(self, at: int) -> int:
        parts = []
        at, more = self.entries(at + 1, b"}")
        while more:
            name, value = self.key(at)
            end = self.end(value)
            size = end - value
            if name == "outputs":
                self.outputs += size
            elif name == "attachments":
                if self.room(size):
                    parts.append(self.data[at:end])
            elif name == "source" and size > _MAX_KEY and self.data.find(b"data:image/", value, end) >= 0:
                parts.append(self.data[at:value] + _INLINE.sub(self._inline, self.data[value:end]))
            else:
                parts.append(self.data[at:end])
            at, more = self.entries(end, b"}")
        self.kept.append(b"{" + b",".join(parts) + b"}")
        return at

    def _inline(self, found: re.Match[bytes]) -> bytes:
        return found[0] if self.room(len(found[0])) else _GONE

    def room(self, size: int) -> bool:
        """Whether a picture is kept."""
        self.pictures += size
        if self.pictures - self.left_out > self.bounds.pictures_bytes:
            self.left_out += size
            return False
        return True


def slim(data: bytes, name: str, bounds: Bounds) -> Slimmed:
    """Return a notebook's JSON without outputs, and with as many pictures as there is room for.

    Anything but a notebook is returned or refused as it would be at any size.

    Raises:
        SubmissionRejected: if it is no JSON.
        SubmissionTooLarge: if the rest is still beyond the bounds.
    """
    slimmer = _Slimmer(data, name, bounds)
    at = slimmer.space(3 if data.startswith(b"\xef\xbb\xbf") else 0)
    if data[at : at + 1] != b"{":
        raise slimmer.broken(at)
    at = slimmer.space(slimmer.notebook(at))
    if at < len(data):
        raise slimmer.broken(at)
    slimmed = b"".join(slimmer.kept)
    text = len(slimmed) - (slimmer.pictures - slimmer.left_out)
    if text > bounds.text_bytes:
        large = say(
            "reading.text-too-large",
            name=name,
            size=megabytes(text),
            outputs=megabytes(slimmer.outputs),
            pictures=megabytes(slimmer.pictures),
            most=bounds.text_bytes >> 20,
        )
        raise SubmissionTooLarge(together(large, bounds.remedy("text_mib"), say("reading.data-beside")))
    return Slimmed(slimmed, slimmer.left_out)
