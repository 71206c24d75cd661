"""Files that hold files, opened once: an archive, and Outlook's envelope around attachments."""

from collections.abc import Iterator

from pipeline.collect.headers import plain_text
from pipeline.collect.tnef import SIGNATURE, BrokenEnvelopeError, files_in_envelope
from pipeline.workbook.archive import Member, inflate, read_directory
from pipeline.workbook.refusal import NotAWorkbook

MOST_FILES = 100  # of one archive
LARGEST_FILES = 60 << 20  # bytes of them, inflated

_ZIP = b"PK\x03\x04"
# What a zip file of a program's own holds: a document, and no archive of somebody's files.
_DOCUMENT = ("[content_types].xml", "mimetype", "meta-inf/manifest.xml", "index/document.iwa")
_PARTS = ("xl/", "word/", "ppt/")
_SYSTEMS_OWN = "__macosx/"

Files = list[tuple[str, bytes]]


def files_within(data: bytes) -> Files | None:
    """Name and bytes of every file in an envelope or archive; None for what is or stays closed.

    An archive within an envelope is opened, one within an archive is a file like another.
    """
    if data.startswith(SIGNATURE):
        try:
            found = list(files_in_envelope(data))
        except BrokenEnvelopeError:
            return None
        return [inner for file in found for inner in _unzipped(file[1]) or [file]]
    return _unzipped(data)


def _unzipped(data: bytes) -> Files | None:
    """The files of an archive; None for one that is encrypted, broken, empty or too large."""
    if not data.startswith(_ZIP):
        return None
    try:
        members = read_directory(data)
        if any(name in _DOCUMENT or name.startswith(_PARTS) for name in members):
            return None
        files = [each for each in members.values() if not each.name.endswith("/")]
        own = [each for each in files if not each.name.lower().startswith(_SYSTEMS_OWN)]
        total = sum(each.size for each in own)
        if not own or len(own) > MOST_FILES or total > LARGEST_FILES:
            return None
        return list(_inflated(data, own))
    except NotAWorkbook:
        return None


def _inflated(data: bytes, members: list[Member]) -> Iterator[tuple[str, bytes]]:
    for member in members:
        yield _name(member), b"".join(inflate(data, member))


def _name(member: Member) -> str:
    """A name as its program meant it: where it does not say UTF-8, it wrote its system's bytes."""
    try:
        return plain_text(member.name.encode("cp437"))
    except UnicodeEncodeError:
        return member.name
