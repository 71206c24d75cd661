"""Outlook's envelope and archives as programs write them, with what is asked for in them."""

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping

SIGNATURE = bytes.fromhex("789f3e22")
_GUID = bytes(range(16))


def attribute(number: int, data: bytes, level: int = 2) -> bytes:
    checksum = sum(data) & 0xFFFF
    return struct.pack("<BII", level, number, len(data)) + data + struct.pack("<H", checksum)


def prop(kind: int, name: int, value: bytes) -> bytes:
    padded = value + bytes(-len(value) % 4)
    return struct.pack("<HHII", kind, name, 1, len(value)) + padded


# Properties of other kinds, as a file has them besides: a number, a named one, several texts.
OTHERS = (
    struct.pack("<HHI", 0x0003, 0x3705, 1),
    struct.pack("<HH", 0x000B, 0x8001) + _GUID + struct.pack("<III", 0, 0x8514, 1),
    struct.pack("<HH", 0x0003, 0x8002)
    + _GUID
    + struct.pack("<II", 1, 6)
    + b"a\0b\0\0\0\0\0"
    + bytes(4),
    struct.pack("<HHI", 0x101E, 0x3A00, 2)
    + struct.pack("<I", 2)
    + b"a\0\0\0"
    + struct.pack("<I", 2)
    + b"b\0\0\0",
    struct.pack("<HH", 0x0040, 0x3007) + bytes(8),
)


def properties(*props: bytes) -> bytes:
    return struct.pack("<I", len(props)) + b"".join(props)


def attached(title: bytes, data: bytes, *props: bytes, numbers: int = 0x00060000) -> bytes:
    """One file of an envelope."""
    told = attribute(0x00069005, properties(*OTHERS, *props)) if props else b""
    begins = attribute(numbers + 0x9002, bytes(14))
    return begins + attribute(0x00018010, title + b"\0") + attribute(numbers + 0x800F, data) + told


def wide_name(name: str) -> bytes:
    return prop(0x001F, 0x3707, name.encode("utf-16-le") + b"\0\0")


def inner_message(envelope: bytes) -> bytes:
    """A mail attached to the mail."""
    told = prop(0x000D, 0x3701, _GUID + envelope)
    return attribute(0x00069002, bytes(14)) + attribute(0x00069005, properties(told))


def envelope(*files: bytes, codepage: int = 874) -> bytes:
    head = SIGNATURE + b"\x01\x00" + attribute(0x00089006, struct.pack("<I", 0x10000), level=1)
    head += attribute(0x00069007, struct.pack("<II", codepage, 0), level=1)
    return head + attribute(0x00078008, b"IPM.Note\0", level=1) + b"".join(files)


def archive(files: Mapping[str, bytes], *, stored: Iterable[str] = (), codec: str = "") -> bytes:
    """A zip file; with a codec the names stand in its bytes and do not say so."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in files.items():
            written = name.encode(codec).decode("cp437") if codec else name
            info = zipfile.ZipInfo(written, (2023, 10, 5, 9, 0, 0))
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            zipped.writestr(info, data, how)
    made = buffer.getvalue()
    return _plain_names(made) if codec else made


def _plain_names(made: bytes) -> bytes:
    """The same with the names' bytes of cp437 instead of UTF-8, and no flag that says so."""
    with zipfile.ZipFile(io.BytesIO(made)) as zipped:
        names = zipped.namelist()
    out, at = bytearray(), 0
    (directory,) = struct.unpack_from("<L", made, len(made) - 6)  # as the end record says
    moved = []
    for name in names:  # every local header, then its bytes
        fields = list(struct.unpack_from("<4s5H3L2H", made, at))
        raw = name.encode("cp437")
        moved.append(len(out))
        body = at + 30 + fields[9] + fields[10]
        fields[2], fields[9] = 0, len(raw)
        out += struct.pack("<4s5H3L2H", *fields) + raw + made[body : body + fields[7]]
        at = body + fields[7]
    begin, at = len(out), directory
    for name, place in zip(names, moved, strict=True):
        fields = list(struct.unpack_from("<4s6H3L5H2L", made, at))
        at += 46 + fields[10] + fields[11] + fields[12]
        raw = name.encode("cp437")
        fields[3], fields[10], fields[16] = 0, len(raw), place
        out += struct.pack("<4s6H3L5H2L", *fields) + raw
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, len(names), len(names), len(out) - begin, begin, 0
    )
    return bytes(out + end)
