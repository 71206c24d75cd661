"""The first sheet of a marked copy: what is to be corrected, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.workbook.addresses import address
from pipeline.workbook.identity import PLACE, WORKLIST_SIGN
from pipeline.workbook.patch.byte_places import cell_text, element, tag
from pipeline.workbook.patch.looks import CellLook, CellLooks
from pipeline.workbook.patch.parts import Parts, new_part

_SIGNS_OF_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_767  # characters of a cell, which Excel counts in UTF-16
_HIDDEN_WIDTH = 10.0
_PADDING = 0.7109375  # of a column, in characters, as Excel adds it


@dataclass(frozen=True)
class Text:
    """One cell of the list: its words, its look, and the sheet and cell that it leads to."""

    text: str
    look: CellLook
    link: tuple[str, str] | None = None


@dataclass(frozen=True)
class ListLine:
    """One row of the list; a `wide` one is a single text over all columns that are seen.

    `at` is the sheet, row and column of the cell that the line is about.
    """

    texts: tuple[Text, ...]
    height: float
    wide: bool = False
    at: tuple[str, int, int] | None = None


@dataclass(frozen=True)
class Worklist:
    """The sheet: its name, the columns that are seen, and the keys by which they are read again.

    `keys` names every column but the first; those without a width are hidden. `hidden` is what the
    hidden row and columns look like.
    """

    name: str
    widths: tuple[float, ...]
    keys: tuple[str, ...]
    lines: tuple[ListLine, ...]
    footer: str
    hidden: CellLook


def list_sheet(
    parts: Parts, looks: CellLooks, worklist: Worklist, fills: dict[tuple[str, int, int], str]
) -> bytes:
    """The part of the list; `fills` says how marked cells looked before."""
    rows = b"".join([_keys(looks, worklist), *_rows(looks, worklist, fills)])
    visible, last = len(worklist.widths), len(worklist.lines) + 1
    merged = [
        f"A{n}:{address(n, visible)}" for n, line in enumerate(worklist.lines, 2) if line.wide
    ]
    links = [
        (address(n, c), text.link)
        for n, line in enumerate(worklist.lines, 2)
        for c, text in enumerate(line.texts, 1)
        if text.link
    ]
    content = b"".join(
        [
            b'<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
            tag("dimension", {"ref": f"A1:{address(last, len(worklist.keys) + 1 + len(PLACE))}"}),
            (
                b'<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0"/>'
                b"</sheetViews>"
            ),
            b'<sheetFormatPr defaultRowHeight="15"/>',
            _columns(worklist),
            element("sheetData", {}, rows),
            b'<sheetProtection sheet="1" formatColumns="0" formatRows="0"/>',
            _several("mergeCells", [tag("mergeCell", {"ref": ref}) for ref in merged]),
            _several("hyperlinks", [_link(ref, *link) for ref, link in links]),
            (
                b'<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" '
                b'footer="0.3"/>'
            ),
            b'<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>',
            element("headerFooter", {}, _footer(worklist.footer)),
        ]
    )
    return new_part("worksheet", {"xmlns": parts.main_namespace}, content)


def _footer(text: str) -> bytes:
    return element("oddFooter", {}, cell_text(text).encode())


def _columns(worklist: Worklist) -> bytes:
    visible = [{"width": f"{w + _PADDING:g}"} for w in worklist.widths]
    hidden = {"width": f"{_HIDDEN_WIDTH:g}", "hidden": "1"}
    columns = [*visible, *[hidden] * (len(worklist.keys) + 1 + len(PLACE) - len(visible))]
    tags = [
        tag("col", {"min": str(n), "max": str(n), **column, "customWidth": "1"})
        for n, column in enumerate(columns, 1)
    ]
    return _several("cols", tags)


def _several(name: str, children: list[bytes]) -> bytes:
    return element(name, {}, b"".join(children)) if children else b""


def _link(ref: str, sheet: str, cell: str) -> bytes:
    quoted = sheet.replace("'", "''")
    return tag("hyperlink", {"ref": ref, "location": f"'{quoted}'!{cell}"})


def _keys(looks: CellLooks, worklist: Worklist) -> bytes:
    """The first row, which is hidden: the sign, and the keys of the columns."""
    style = looks.look(worklist.hidden, quoted=False)
    keys = enumerate((WORKLIST_SIGN, *worklist.keys, *PLACE), 1)
    cells = b"".join(_cell(address(1, c), key, style) for c, key in keys)
    return element("row", {"r": "1", "hidden": "1"}, cells)


def _rows(
    looks: CellLooks, worklist: Worklist, fills: dict[tuple[str, int, int], str]
) -> Iterator[bytes]:
    visible = len(worklist.widths)
    for number, line in enumerate(worklist.lines, 2):
        texts = list(line.texts)
        if line.wide and texts:
            texts += [Text("", texts[0].look)] * (visible - 1)
        if line.at is not None:
            sheet, row, column = line.at
            place = (sheet, address(row, column), fills.get(line.at, ""))
            texts += [Text("", worklist.hidden)] * (len(worklist.keys) + 1 - len(texts))
            texts += [Text(each, worklist.hidden) for each in place]
        cells = b"".join(_text(looks, address(number, c), text) for c, text in enumerate(texts, 1))
        yield element("row", {"r": str(number), "ht": f"{line.height:g}"}, cells)


def _text(looks: CellLooks, ref: str, text: Text) -> bytes:
    words = _within_a_cell(text.text)
    style = looks.look(text.look, quoted=words.startswith(_SIGNS_OF_A_FORMULA))
    return _cell(ref, words, style)


def _cell(ref: str, text: str, style: int) -> bytes:
    attributes = {"r": ref, "s": str(style)}
    if not text:
        return tag("c", attributes)
    inner = f'<is><t xml:space="preserve">{cell_text(text)}</t></is>'.encode()
    return element("c", attributes | {"t": "inlineStr"}, inner)


def _within_a_cell(text: str) -> str:
    """The text, cut where Excel would find it too long."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    if len(encoded) <= 2 * _LONGEST:
        return text
    return encoded[: 2 * _LONGEST].decode("utf-16-le", "ignore")
