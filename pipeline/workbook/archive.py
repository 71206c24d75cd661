"""The zip file around a workbook: its directory judged whole before any byte is inflated."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pipeline.workbook.refusal import NotAWorkbook, damaged, too_big, unsafe

# The limits come from the sizes of 2,500 workbooks of 53 public repositories; behind each
# stands the largest that was met among the good ones.
LARGEST_DIRECTORY = 1 << 20  # bytes; the largest good one is about 100 kB
MOST_MEMBERS = 2_000  # largest good workbook: 1,033
LARGEST_PART = 256 << 20  # bytes inflated; largest good part: 57 MB
LARGEST_PACKAGE = 384 << 20  # bytes inflated, all parts; largest good workbook: 60 MB
UNSQUEEZED_PART = 32 << 20  # bytes; below this size no ratio is asked for
HIGHEST_RATIO = 250  # inflated : stored; highest good part: 170
LONGEST_TRAILER = 4 << 10  # bytes after the end record; a zip comment, or a mail gateway's line
CHUNK = 64 << 10  # bytes given to the XML parser at once: keeps old parsers from rescanning

_LONGEST_COMMENT = 0xFFFF
_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_END_MARK, _CENTRAL_MARK, _LOCAL_MARK = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _UTF8 = 0x1, 0x800
_ZIP = "zip"
# Where four bytes are too few, or a program streams, sizes stand in a field of eight-byte numbers.
_FIELD, _WIDE = struct.Struct("<2H"), struct.Struct("<Q")
_WIDE_MARK, _ELSEWHERE = 1, 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the zip: its name, where its bytes lie, what they must become."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    header: int
    start: int


def read_directory(data: bytes) -> dict[str, Member]:
    """List the members by lower-case name; nothing is inflated.

    Raises NotAWorkbook where two readers could disagree on what the file holds.
    """
    count, size, offset = _end_record(data)
    members = list(_entries(data, count, size, offset))
    _check_sizes(members)
    _check_spans(members, offset)
    return _by_name(members)


def inflate(data: bytes, member: Member) -> Iterator[bytes]:
    """Give a member's bytes in pieces of at most 64 KiB, its size and checksum proven."""
    crc, size = 0, 0
    for piece in _pieces(data, member):
        crc = zlib.crc32(piece, crc)
        size += len(piece)
        if size > member.size:
            raise damaged(member.name)
        yield piece
    if size != member.size or crc != member.crc:
        raise damaged(member.name)


def _pieces(data: bytes, member: Member) -> Iterator[bytes]:
    """Give the inflated bytes as they come, never more than one piece in memory."""
    end = member.start + member.packed
    if member.method == _STORED or not member.packed:  # .NET writes nothing at all for nothing
        for start in range(member.start, end, CHUNK):
            yield data[start : min(start + CHUNK, end)]
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for start in range(member.start, end, CHUNK):
        rest = data[start : min(start + CHUNK, end)]
        while rest and not inflater.eof:
            yield _step(inflater, rest, member)
            rest = inflater.unconsumed_tail
    while not inflater.eof:
        piece = _step(inflater, b"", member)
        if not piece:
            raise damaged(member.name)
        yield piece


def _step(inflater: "zlib._Decompress", packed: bytes, member: Member) -> bytes:
    """Inflate up to one piece."""
    try:
        return inflater.decompress(packed, CHUNK)
    except zlib.error:
        raise damaged(member.name) from None


def _end_record(data: bytes) -> tuple[int, int, int]:
    """Give entry count, size and offset of the one directory that the file may have."""
    records = []
    position = data.find(_END_MARK, max(0, len(data) - _END.size - _LONGEST_COMMENT))
    while 0 <= position <= len(data) - _END.size:
        _, disk, first_disk, count_here, count, size, offset, _ = _END.unpack_from(data, position)
        if offset + size == position:
            split = disk or first_disk or count_here != count
            records.append((position, split, count, size, offset))
        position = data.find(_END_MARK, position + 1)
    if not records:
        raise damaged(_ZIP)
    if len(records) > 1:
        raise unsafe("end_records", _ZIP)
    position, split, count, size, offset = records[0]
    if split or len(data) - position - _END.size > LONGEST_TRAILER:
        raise damaged(_ZIP)
    if size > LARGEST_DIRECTORY:
        raise too_big("directory", size, LARGEST_DIRECTORY)
    if count > MOST_MEMBERS:
        raise too_big("members", count, MOST_MEMBERS)
    return count, size, offset


def _entries(data: bytes, count: int, size: int, offset: int) -> Iterator[Member]:
    """Walk the directory, which must hold exactly the promised entries."""
    end = offset + size
    for _ in range(count):
        if offset + _CENTRAL.size > end:
            raise damaged(_ZIP)
        fields = _CENTRAL.unpack_from(data, offset)
        mark, flags, method, crc, packed, unpacked = fields[0], fields[3], fields[4], *fields[7:10]
        name_size, extra_size, note_size, header = *fields[10:13], fields[16]
        if mark != _CENTRAL_MARK:
            raise damaged(_ZIP)
        offset += _CENTRAL.size
        raw_name = data[offset : offset + name_size]
        extra = data[offset + name_size : offset + name_size + extra_size]
        offset += name_size + extra_size + note_size
        name = _name(raw_name, flags, method)
        unpacked, packed, header = _wide(extra, unpacked, packed, header)
        start = _data_start(data, header, raw_name)
        yield Member(name, method, crc, packed, unpacked, header, start)
    if offset != end:
        raise damaged(_ZIP)


def _wide(extra: bytes, *fields: int) -> Iterator[int]:
    """The sizes and the place of a member, those that the directory leaves to its wide field."""
    wide = _wide_field(extra)
    for field in fields:
        if field != _ELSEWHERE:
            yield field
        elif len(wide) < _WIDE.size:
            raise damaged(_ZIP)
        else:
            yield _WIDE.unpack_from(wide)[0]
            wide = wide[_WIDE.size :]


def _wide_field(extra: bytes) -> bytes:
    """The field of eight-byte numbers among what a directory's entry has besides."""
    while len(extra) >= _FIELD.size:
        mark, size = _FIELD.unpack_from(extra)
        if mark == _WIDE_MARK:
            return extra[_FIELD.size : _FIELD.size + size]
        extra = extra[_FIELD.size + size :]
    return b""


def _name(raw: bytes, flags: int, method: int) -> str:
    """Decode a member's name and refuse what could lead out of the package."""
    try:
        name = raw.decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError:
        raise damaged(_ZIP) from None
    name = name.replace("\\", "/")  # some programs write the stroke of their own system
    if flags & _ENCRYPTED:
        raise NotAWorkbook("password")
    if method not in (_STORED, _DEFLATED):
        raise damaged(_ZIP)
    drive = name[1:2] == ":"
    if not name or drive or name.startswith("/") or "\0" in name:
        raise unsafe("paths", _ZIP)
    if ".." in name.split("/"):
        raise unsafe("paths", _ZIP)
    return name


def _data_start(data: bytes, header: int, raw_name: bytes) -> int:
    """Find where a member's bytes begin; its local header must bear the same name."""
    if header + _LOCAL.size > len(data):
        raise damaged(_ZIP)
    fields = _LOCAL.unpack_from(data, header)
    name_start = header + _LOCAL.size
    if fields[0] != _LOCAL_MARK:
        raise damaged(_ZIP)
    name_size, extra_size = fields[9], fields[10]
    if data[name_start : name_start + name_size] != raw_name:
        raise unsafe("names", _ZIP)
    return int(name_start + name_size + extra_size)


def _check_sizes(members: list[Member]) -> None:
    """Refuse what would inflate to more than we hold."""
    total = 0
    for member in members:
        total += member.size
        if member.size > LARGEST_PART:
            raise too_big("part", member.size, LARGEST_PART)
        if member.size > UNSQUEEZED_PART and member.size > HIGHEST_RATIO * member.packed:
            raise too_big("ratio", member.size // max(member.packed, 1), HIGHEST_RATIO)
        if member.method == _STORED and member.packed != member.size:
            raise damaged(member.name)
    if total > LARGEST_PACKAGE:
        raise too_big("package", total, LARGEST_PACKAGE)


def _check_spans(members: list[Member], directory: int) -> None:
    """Refuse members that share bytes with one another or with the directory."""
    ordered = sorted(members, key=lambda member: member.header)
    for member, following in pairwise(ordered):
        if member.start + member.packed > following.header:
            raise unsafe("overlap", _ZIP)
    if ordered and ordered[-1].start + ordered[-1].packed > directory:
        raise unsafe("overlap", _ZIP)


def _by_name(members: list[Member]) -> dict[str, Member]:
    """Index the members; two names that differ only in case are one name to Excel."""
    named = {member.name.lower(): member for member in members}
    if len(named) != len(members):
        raise unsafe("names", _ZIP)
    return named
