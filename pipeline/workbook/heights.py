"""Row heights that may still change: Excel fits a row to its text unless its height is fixed."""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_ROW = re.compile(rb"<row [^>]*>")
_FIXED = b' customHeight="1"'


def freed_heights(data: bytes) -> bytes:
    """The workbook with its rows as high as they are, but no height fixed; the rest unchanged."""
    target = BytesIO()
    with (
        ZipFile(BytesIO(data)) as source,
        ZipFile(target, "w", ZIP_DEFLATED) as copy,
    ):
        for part in source.infolist():
            content = source.read(part)
            if _SHEET.fullmatch(part.filename):
                content = _ROW.sub(lambda row: row[0].replace(_FIXED, b""), content)
            copy.writestr(_same(part), content, compresslevel=9)
    return target.getvalue()


def _same(part: ZipInfo) -> ZipInfo:
    made = ZipInfo(part.filename, part.date_time)
    made.compress_type, made.external_attr = ZIP_DEFLATED, part.external_attr
    made.create_system = part.create_system
    return made
