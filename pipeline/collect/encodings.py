"""What a part of a mail holds, decoded as meant: programs and lists spoil what they pass on."""

import binascii
import re
from collections.abc import Iterator
from email.message import Message as Mail
from typing import NamedTuple

from pipeline.collect.headers import field

_COMMENT = re.compile(r"\([^()]*\)")
_TOKEN = re.compile(r"[A-Za-z0-9-]+")
_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_OTHER = re.compile(rb"[^A-Za-z0-9+/=]")
_STRANGE = re.compile(rb"[^A-Za-z0-9+/=\s]")
_PIECE = re.compile(rb"[^=]+")
_UUENCODED = re.compile(
    rb"^begin [0-7]{3,4} ([^\r\n]{1,400})\r?\n((?:[ -`]{1,90}\r?\n)+)end[ \t]*\r?$", re.MULTILINE
)
_HEADER = re.compile(rb"(?:content-type|mime-version)[ \t]*:", re.IGNORECASE)
_OID_SIGNED = bytes.fromhex("06092a864886f70d010702")
_OID_DATA = bytes.fromhex("06092a864886f70d010701")
_OCTETS, _WRAPPED_OCTETS = 0x04, 0x24
_EXPLICIT = 0xA0
_DEEPEST = 8  # octet strings within octet strings


class Content(NamedTuple):
    """The bytes of a part, and whether its encoding shows that they were harmed on the way."""

    data: bytes
    is_broken: bool = False


def content_of(part: Mail) -> Content:
    """What a part holds that holds no others, whichever way its encoding is written."""
    token = _TOKEN.search(_COMMENT.sub(" ", field(part, "Content-Transfer-Encoding")))
    encoding = token[0].lower() if token else ""
    if encoding == "base64":
        text = part.get_payload()
        plain = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else b""
        return _base64(plain)
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = encoding
    content = part.get_payload(decode=True)
    return Content(content if isinstance(content, bytes) else b"")


def _base64(text: bytes) -> Content:
    """Base64, also in padded pieces, up to what a mailing list has put behind it.

    Signs of no letter, or an end within a group of four, are no sender's doing.
    """
    is_broken = False
    kept: list[bytes] = []
    longest, after_blank = 0, False
    for line in map(bytes.strip, text.splitlines()):
        if not line:
            after_blank = bool(kept)
            continue
        ended = kept and (kept[-1].endswith(b"=") or len(kept[-1]) < longest)
        if after_blank and (ended or not _LINE.fullmatch(line)):
            break
        is_broken = is_broken or bool(_STRANGE.search(line))
        kept.append(_OTHER.sub(b"", line))
        longest, after_blank = max(longest, len(line)), False
    joined = b"".join(kept)
    ends = bool(joined) and not joined.endswith(b"=") and _length_of_last(joined) % 4 > 0
    return Content(b"".join(map(_decoded, _PIECE.findall(joined))), is_broken or ends)


def _length_of_last(text: bytes) -> int:
    return len(text) - text.rfind(b"=") - 1


def _decoded(piece: bytes) -> bytes:
    whole = piece[:-1] if len(piece) % 4 == 1 else piece
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def uuencoded(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The name and bytes of each file that stands in a mail's text, as old programs put it."""
    for found in _UUENCODED.finditer(text):
        lines = found[2].splitlines()
        try:
            yield found[1].strip(), b"".join(map(binascii.a2b_uu, lines))
        except binascii.Error:
            continue


def signed_content(data: bytes) -> bytes | None:
    """What a signature encloses (CMS signed-data, RFC 5652); None where it is sealed.

    One that is broken still shows its content, which is plain in it.
    """
    if _OID_SIGNED not in data[:64]:
        return None
    at = data.find(_OID_DATA, 0, 4096)
    try:
        tag, start, _ = _element(data, at + len(_OID_DATA))
        if at >= 0 and tag == _EXPLICIT:
            return _octets(data, start, 0)[0]
    except (IndexError, ValueError):
        pass
    plain = _HEADER.search(data)
    return data[plain.start() :] if plain else None


def _element(data: bytes, at: int) -> tuple[int, int, int | None]:
    """Tag, where the content begins, and its length; None where that is told by its end."""
    tag, first = data[at], data[at + 1]
    if first == 0x80:
        return tag, at + 2, None
    count = first & 0x7F if first & 0x80 else 0
    length = int.from_bytes(data[at + 2 : at + 2 + count], "big") if count else first
    start = at + 2 + count
    if start + length > len(data):
        raise ValueError("beyond the end")
    return tag, start, length


def _octets(data: bytes, at: int, depth: int) -> tuple[bytes, int]:
    """An octet string, whole or in pieces, and where it ends."""
    tag, start, length = _element(data, at)
    if tag == _OCTETS and length is not None:
        return data[start : start + length], start + length
    if tag != _WRAPPED_OCTETS or depth > _DEEPEST:
        raise ValueError("no octet string")
    pieces: list[bytes] = []
    end = None if length is None else start + length
    while start < end if end is not None else data[start : start + 2] != b"\0\0":
        piece, start = _octets(data, start, depth + 1)
        pieces.append(piece)
    return b"".join(pieces), start if end is not None else start + 2
