"""Workbooks that weigh little and cost much: one of each kind that was met in the wild or made."""

import io
import zipfile
from collections.abc import Iterator

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET = (
    f'<worksheet xmlns="{MAIN}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:n="urn:n">'
    "<sheetData>{rows}</sheetData>{rest}</worksheet>"
)


def sheet_xml(rows: str = "", rest: str = "") -> str:
    """The part of a sheet with these rows, and what follows its table."""
    return _SHEET.replace("{rows}", rows).replace("{rest}", rest)


def with_links(*links: tuple[str, str, str]) -> str:
    """A part of links: identifier, kind and target of each."""
    listed = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/relationships/{kind}" Target="{target}"/>'
        for name, kind, target in links
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def with_sheet(xml: str, others: dict[str, str] | None = None) -> bytes:
    """The smallest workbook around a sheet's XML."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": with_links(("a", "officeDocument", "book.xml")),
        "book.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}/relationships"><sheets>'
        '<sheet name="a" sheetId="1" r:id="s"/></sheets></workbook>',
        "_rels/book.xml.rels": with_links(("s", "worksheet", "a.xml")),
        "a.xml": xml,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (parts | (others or {})).items():
            archive.writestr(name, text)
    return buffer.getvalue()


def with_texts(texts: str, rows: str) -> bytes:
    """A workbook whose cells name texts of a table."""
    links = with_links(("s", "worksheet", "a.xml"), ("t", "sharedStrings", "t.xml"))
    return with_sheet(sheet_xml(rows), {"_rels/book.xml.rels": links, "t.xml": texts})


def bombs() -> Iterator[tuple[str, bytes]]:
    """Each bomb by its name."""
    cell = '<row r="1"><c r="A1"><v>1</v></c></row>'
    numbered = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 400_000))
    yield "rows without end", with_sheet(sheet_xml(numbered))
    yield "cells without end", with_sheet(sheet_xml(f"<row>{'<c><v>1</v></c>' * 100_000}</row>"))
    wide = f"<row>{'<c><v>1</v></c>' * 10_000}</row>" * 300
    yield "a sheet full of cells", with_sheet(sheet_xml(wide))
    blanks = f"<row>{'<c/>' * 16_000}</row>" * 400
    yield "blank cells", with_sheet(sheet_xml(blanks))
    yield "spaces", with_sheet(sheet_xml(cell + " " * 300_000_000))
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    yield "a cell in the last corner", with_sheet(sheet_xml(far))
    merged = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    yield "everything merged", with_sheet(sheet_xml(cell, merged))
    yield (
        "a column hidden to the end",
        with_sheet(
            sheet_xml(cell).replace(
                "<sheetData>", '<cols><col min="1" max="99999999"/></cols><sheetData>'
            )
        ),
    )
    yield "a row beyond the last", with_sheet(sheet_xml(cell.replace('"1"', '"99999999999"')))
    text = f'<sst xmlns="{MAIN}" uniqueCount="{{}}"><si><t>{{}}</t></si></sst>'
    named = ("<row>" + '<c t="s"><v>0</v></c>' * 10_000 + "</row>") * 15
    yield "a text named often", with_texts(text.format(1, "ก" * 30_000), named)
    yield "a promise of texts", with_texts(text.format(4_294_967_295, "a"), cell)
    yield "one long text", with_texts(text.format(1, "a" * 200_000_000), cell)
    yield "one long tag", with_sheet(sheet_xml(cell, f'<n:x a="{"a" * 64_000_000}"/>'))
    yield "elements within elements", with_sheet(sheet_xml(cell, "<n:x>" * 200_000))
    pairs = zip("abcdefgh", "bcdefghi", strict=True)
    entities = ("<!ENTITY " + after + ' "' + f"&{before};" * 10 + '">' for before, after in pairs)
    laughs = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(entities)
    yield "a billion laughs", with_sheet(laughs + "]>" + sheet_xml(cell))
