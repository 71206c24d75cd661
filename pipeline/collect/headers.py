"""Reading the header of a mail: texts in any encoding, moments and file names."""

import binascii
import re
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message as Mail
from email.utils import parsedate_to_datetime

from schemas.kit.thai.thai_text import clean

BANGKOK = timezone(timedelta(hours=7))

_KEPT = 8 << 10  # characters of a header that are looked at
_LONGEST_NAME = 150
_LONGEST_SUFFIX = 10
_MOST_REFERENCES = 50
_YEARS = range(1990, 2200)
_BUDDHIST_YEARS = range(2400, 2700)
_BUDDHIST_ERA = 543
_THAI = ("tis-620", "tis620", "windows-874", "x-windows-874", "ms874", "iso-8859-11", "cp874")
_CHARSETS = dict.fromkeys(_THAI, "cp874") | {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "iso-8859-1": "cp1252",
    "windows-1252": "cp1252",
    "utf-16": "utf-16",
}
_WORD = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?\s]{0,40})?\?([bBqQ])\?([^?]*)\?=")
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_UNSEEN = re.compile(r"[\u202a-\u202e\u2061-\u2069\ufffe\uffff]+")
_IDENTIFIER = re.compile(r"<[^<>\s]{1,400}>")


def fields(mail: Mail, name: str) -> list[str]:
    """Every header of that name as it was sent, bytes beyond ASCII decoded, cut to what is kept."""
    values = (value[:_KEPT] for value in _as_sent(mail, name))
    return [plain_text(value.encode("utf-8", "surrogateescape")) for value in values]


def is_cut(mail: Mail, name: str) -> bool:
    """Whether a header of that name goes on behind what is kept of it."""
    return any(len(value) > _KEPT for value in _as_sent(mail, name))


def _as_sent(mail: Mail, name: str) -> list[str]:
    wanted = name.casefold()
    return [str(value) for key, value in mail.raw_items() if key.casefold() == wanted]


def field(mail: Mail, name: str) -> str:
    """The topmost header of that name, or nothing."""
    return next(iter(fields(mail, name)), "")


def subject(mail: Mail) -> str:
    """The subject in plain text on one line."""
    return one_line(decoded(field(mail, "Subject")))


def identifiers(mail: Mail, name: str) -> tuple[str, ...]:
    """The message identifiers in a header, the latest ones where there are very many."""
    return tuple(_IDENTIFIER.findall(field(mail, name))[-_MOST_REFERENCES:])


def received_at(mail: Mail) -> tuple[datetime | None, bool]:
    """When it came by the topmost `Received:`, else by `Date:` and that this was used."""
    stamped = moment(field(mail, "Received").rpartition(";")[2])
    if stamped is not None:
        return stamped, False
    written = moment(field(mail, "Date"))
    return written, written is not None


def moment(text: str) -> datetime | None:
    """A mail's date in our time zone, which no zone means too; a year in พ.ศ. is understood."""
    try:
        time = parsedate_to_datetime(" ".join(text.split())[:200])
        if time.year in _BUDDHIST_YEARS:
            time = time.replace(year=time.year - _BUDDHIST_ERA)
        if time.year not in _YEARS:
            return None
        zone = UTC if "-0000" in text else BANGKOK
        return (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(BANGKOK)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def file_name(part: Mail) -> str:
    """The name a part was sent under, by RFC 2231, RFC 2047 or raw; nothing where it has none."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        name = one_line(_parameter(part, header, parameter))
        if name:
            return cleaned_name(name)
    return ""


def cleaned_name(name: str) -> str:
    """A name that is safe to show: its last component, without what cannot be seen."""
    last = re.split(r"[/\\]", one_line(name))[-1].strip(" .")
    stem, dot, suffix = last.rpartition(".")
    if not stem or len(suffix) > _LONGEST_SUFFIX:
        stem, dot, suffix = last, "", ""
    return stem[: _LONGEST_NAME - len(dot + suffix)] + dot + suffix


def one_line(text: str) -> str:
    """Text without line breaks, controls and marks that turn the direction of writing."""
    return clean(_UNSEEN.sub("", _BREAKS.sub(" ", text)))


def decoded(text: str) -> str:
    """A header's encoded words in plain text; a letter split between two words is made whole."""
    pieces: list[tuple[bytes, str]] = []
    plain: list[str] = []
    end = 0
    for word in _WORD.finditer(text):
        between, end = text[end : word.start()], word.end()
        if not pieces or between.strip():
            plain += [_join(pieces), between]
            pieces = []
        pieces.append((_word_bytes(word[2], word[3]), word[1]))
    return "".join((*plain, _join(pieces), text[end:]))


def _join(pieces: list[tuple[bytes, str]]) -> str:
    """Neighbouring words as one text, those of one charset decoded together."""
    runs: list[tuple[bytes, str]] = []
    for data, charset in pieces:
        if runs and runs[-1][1] == charset:
            runs[-1] = (runs[-1][0] + data, charset)
        else:
            runs.append((data, charset))
    return "".join(plain_text(data, charset) for data, charset in runs)


def _word_bytes(encoding: str, text: str) -> bytes:
    plain = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(plain, header=True)
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", plain)
    whole = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def _parameter(part: Mail, header: str, name: str) -> str:
    """One parameter of a header, whichever way it is encoded."""
    plain = Mail()
    plain[header] = " ".join(field(part, header).split())
    try:
        value = plain.get_param(name, "", header)
    except (ValueError, LookupError, TypeError):
        return ""
    if isinstance(value, tuple):
        charset, _, text = value
        try:
            return plain_text(text.encode("latin-1"), charset or "")
        except UnicodeEncodeError:
            return text
    return decoded(str(value))


def plain_text(data: bytes, charset: str = "") -> str:
    """Bytes as text in the charset they claim, else as UTF-8, else as Thai of one byte a letter."""
    for encoding in (_CHARSETS.get(charset.lower(), "utf-8"), "utf-8", "cp874"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")
