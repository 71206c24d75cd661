"""Outlook's own envelope, `winmail.dat` (MS-OXTNEF): the files in it, and nothing else of it.

Every length that the file states is held against what is there before it is used.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.collect.headers import plain_text

SIGNATURE = bytes.fromhex("789f3e22")

_DEEPEST = 3  # messages within messages
_MOST = 100_000  # attributes and properties of one envelope
_BEGINS_FILE, _TITLE, _DATA, _PROPERTIES, _CODEPAGE = 0x9002, 0x8010, 0x800F, 0x9005, 0x9007
_KNOWN_BY = 0xFFFF  # the lower half of an attribute's number; the upper one is its type
_ATTRIBUTE = struct.Struct("<BII")
_LEVELS = (1, 2)  # of the message, of a file
_CHECKSUM = 2  # bytes behind each attribute
_PROPERTY = struct.Struct("<HH")
_NUMBER = struct.Struct("<I")
# The names of an attached file among its properties, the best first, and what it holds.
_NAMES = (0x3707, 0x3704, 0x3001)
_CONTENT = 0x3701
_NAMED, _GUID = 0x8000, 16  # a property with a name of its own, and the set it is of
_SEVERAL = 0x1000
_TEXT, _WIDE_TEXT, _OBJECT, _BYTES = 0x001E, 0x001F, 0x000D, 0x0102
_SIZES = {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4}
_SIZES |= {0x0014: 8, 0x0040: 8, 0x0048: 16}


class BrokenEnvelopeError(Exception):
    """An envelope that ends too early, or states what it does not hold."""


@dataclass
class _File:
    """One attached file as far as it was read: its names by property, 0 the plain title."""

    names: dict[int, bytes] = field(default_factory=dict)
    data: bytes = b""
    message: bytes = b""


def files_in_envelope(data: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file, those of the messages within too; BrokenEnvelopeError."""
    charset, files = "", list[_File]()
    for number, content in _attributes(data):
        if number == _CODEPAGE and len(content) >= _NUMBER.size:
            charset = f"windows-{_NUMBER.unpack_from(content)[0]}"
        elif number == _BEGINS_FILE:
            files.append(_File())
        elif files:
            _add(files[-1], number, content)
    for file in files:
        if file.message and depth < _DEEPEST:
            yield from files_in_envelope(file.message, depth + 1)
        elif file.data:
            yield _name(file, charset), file.data


def _add(file: _File, number: int, content: bytes) -> None:
    if number == _TITLE:
        file.names[0] = content
    elif number == _DATA:
        file.data = content
    elif number == _PROPERTIES:
        for kind, name, value in _properties(content):
            if name in _NAMES and kind in (_TEXT, _WIDE_TEXT):
                file.names[name] = _utf8(value) if kind == _WIDE_TEXT else value
            elif name == _CONTENT and kind == _BYTES:
                file.data = file.data or value
            elif name == _CONTENT and kind == _OBJECT:
                is_message = value[_GUID:].startswith(SIGNATURE)
                file.message, file.data = (value[_GUID:], b"") if is_message else (b"", value)


def _utf8(value: bytes) -> bytes:
    return value.decode("utf-16-le", "replace").encode()


def _name(file: _File, charset: str) -> str:
    found = (file.names[key] for key in (*_NAMES, 0) if file.names.get(key, b"").strip(b"\0 "))
    return plain_text(next(found, b"").partition(b"\0")[0], charset)


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of every attribute, each of which says how long it is."""
    if not data.startswith(SIGNATURE):
        raise BrokenEnvelopeError
    at = len(SIGNATURE) + 2  # a key that nobody needs
    for _ in range(_MOST):
        if at >= len(data):
            return
        if data[at] not in _LEVELS:  # what a gateway has put behind the end
            return
        _, number, size = _ATTRIBUTE.unpack_from(_piece(data, at, _ATTRIBUTE.size))
        yield number & _KNOWN_BY, _piece(data, at + _ATTRIBUTE.size, size)
        at += _ATTRIBUTE.size + size + _CHECKSUM
    raise BrokenEnvelopeError


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Type, number and value of every property; of several values none is given."""
    count, at = _number(data, 0), 4
    for _ in range(min(count, _MOST)):
        kind, name = _PROPERTY.unpack_from(_piece(data, at, _PROPERTY.size))
        at += _PROPERTY.size
        if name >= _NAMED:
            by_text = _number(data, at + _GUID) == 1
            size = _number(data, at + _GUID + 4) if by_text else 0
            at += _GUID + 8 + _padded(size)
        several = bool(kind & _SEVERAL) or kind in (_TEXT, _WIDE_TEXT, _OBJECT, _BYTES)
        values = _number(data, at) if several else 1
        at += 4 if several else 0
        for _ in range(min(values, _MOST)):
            size, begin = _size(data, at, kind & ~_SEVERAL)
            if values == 1:
                yield kind, name, _piece(data, begin, size)
            at = begin + _padded(size)
            _piece(data, at, 0)


def _size(data: bytes, at: int, kind: int) -> tuple[int, int]:
    """How long a value is, and where it begins."""
    if kind in _SIZES:
        return _SIZES[kind], at
    if kind not in (_TEXT, _WIDE_TEXT, _OBJECT, _BYTES):
        raise BrokenEnvelopeError
    return _number(data, at), at + 4


def _number(data: bytes, at: int) -> int:
    return int(_NUMBER.unpack_from(_piece(data, at, _NUMBER.size))[0])


def _piece(data: bytes, at: int, size: int) -> bytes:
    if at + size > len(data):
        raise BrokenEnvelopeError
    return data[at : at + size]


def _padded(size: int) -> int:
    return size + -size % 4
