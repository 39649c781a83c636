"""Which pictures a browser may get: of three kinds, recognised by their bytes, and not too large to be unpacked."""

from __future__ import annotations

import base64
import binascii
import re

__all__ = ["KINDS", "MAX_PIXELS", "is_picture"]

KINDS = ("image/png", "image/jpeg", "image/gif")
#: A page shrinks a picture, but unpacks all of it, at four bytes a pixel; photos from phones have up to 50 million.
MAX_PIXELS = 64_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
#: Segments of a JPEG that state its size: the starts of frames, without DHT, JPG and DAC, which lie between them.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def is_picture(kind: str, text: object) -> bool:
    """Whether the base64 text is a picture of that type with at most `MAX_PIXELS`."""
    if not isinstance(text, str) or not _BASE64.fullmatch(text):
        return False
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    size = _SIZES[kind](data) if kind in _SIZES else None
    return size is not None and 0 < size[0] * size[1] <= MAX_PIXELS


def _png_size(data: bytes) -> tuple[int, int] | None:
    """Read IHDR, which comes first: PNG specification, sections 5.2 and 11.2.1."""
    if not data.startswith(_PNG) or len(data) < 24:  # noqa: PLR2004 - signature, length, type, width, height
        return None
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def _gif_size(data: bytes) -> tuple[int, int] | None:
    """Read the logical screen descriptor: GIF89a specification, section 18."""
    if data[:6] not in {b"GIF87a", b"GIF89a"} or len(data) < 10:  # noqa: PLR2004 - signature, width, height
        return None
    return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Go from segment to segment to the frame header: ITU-T T.81, sections B.1.1 and B.2.2."""
    if not data.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - each segment starts so
        marker = data[at + 1]
        if marker in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        # Fill bytes stand before a marker; RSTn, SOI, EOI and TEM have no length.
        bare = marker == 0xFF or marker == 0x01 or 0xD0 <= marker <= 0xD9  # noqa: PLR2004, PLR1714 - markers
        at += (1 if marker == 0xFF else 2) if bare else 2 + int.from_bytes(data[at + 2 : at + 4], "big")  # noqa: PLR2004
    return None


_SIZES = {"image/png": _png_size, "image/jpeg": _jpeg_size, "image/gif": _gif_size}
