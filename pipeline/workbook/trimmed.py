"""A workbook of ours without what XlsxWriter says too much: fixed row heights, a list of names."""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_ROW = re.compile(rb"<row [^>]*>")
_FIXED = b' customHeight="1"'
_NAMES = re.compile(rb"<HeadingPairs>.*</TitlesOfParts>", re.DOTALL)


def trimmed(data: bytes) -> bytes:
    """The workbook with its rows as high as they are, but no height fixed; the rest unchanged.

    Excel fits a row to its text unless its height is fixed. The document's properties no longer
    name every sheet and defined name: some hundred bytes that nobody reads.
    """
    target = BytesIO()
    with (
        ZipFile(BytesIO(data)) as source,
        ZipFile(target, "w", ZIP_DEFLATED) as copy,
    ):
        for part in source.infolist():
            content = source.read(part)
            if part.filename.startswith("xl/worksheets/sheet"):
                content = _ROW.sub(lambda row: row[0].replace(_FIXED, b""), content)
            elif part.filename == "docProps/app.xml":
                content = _NAMES.sub(b"", content)
            copy.writestr(_same(part), content, compresslevel=9)
    return target.getvalue()


def _same(part: ZipInfo) -> ZipInfo:
    made = ZipInfo(part.filename, part.date_time)
    made.compress_type, made.external_attr = ZIP_DEFLATED, part.external_attr
    made.create_system = part.create_system
    return made
