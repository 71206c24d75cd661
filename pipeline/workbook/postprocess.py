"""What the writer of workbooks leaves undone, done in the finished package."""

import re
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_ROW = re.compile(rb"<row [^>]*>")
_FIXED = b' customHeight="1"'
# A formula whose value is an empty text, which is written like no value at all.
_EMPTY = re.compile(rb'<c (r="[A-Z0-9]+"(?: s="[0-9]+")?)>(<f[^<]*</f>)<v></v></c>')
_TEXT = rb'<c \1 t="str">\2<v></v></c>'
_APP = "docProps/app.xml"
_NAMES = re.compile(rb"<HeadingPairs>.*</TitlesOfParts>", re.DOTALL)
_CORE, _CLOSING = "docProps/core.xml", b"</cp:coreProperties>"
_LANGUAGE = b"<dc:language>th-TH</dc:language>"


def finished(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The workbook in Thai, every formula with its value, for those who open it in a viewer.

    `change` gives each part, by its name, as it is to be; the same workbook gives the same bytes.
    """
    target = BytesIO()
    with (
        ZipFile(BytesIO(data)) as source,
        ZipFile(target, "w", ZIP_DEFLATED) as copy,
    ):
        for part in source.infolist():
            content = _completed(part.filename, change(part.filename, source.read(part)))
            copy.writestr(_same(part), content, compresslevel=9)
    return target.getvalue()


def trimmed(name: str, content: bytes) -> bytes:
    """A part without what is said too much: fixed row heights, a list of the sheets' names.

    Excel fits a row to its text unless its height is fixed. The names in the document's properties
    are some hundred bytes that nobody reads.
    """
    if _SHEET.fullmatch(name):
        return _ROW.sub(lambda row: row[0].replace(_FIXED, b""), content)
    return _NAMES.sub(b"", content) if name == _APP else content


def _completed(name: str, content: bytes) -> bytes:
    if name == _CORE:
        return content.replace(_CLOSING, _LANGUAGE + _CLOSING)
    return _EMPTY.sub(_TEXT, content) if _SHEET.fullmatch(name) else content


def _same(part: ZipInfo) -> ZipInfo:
    copy = ZipInfo(part.filename, part.date_time)
    copy.compress_type, copy.external_attr = ZIP_DEFLATED, part.external_attr
    copy.create_system = part.create_system
    return copy
