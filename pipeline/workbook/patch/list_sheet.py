"""The first sheet of a marked copy: what is to be corrected, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.workbook.addresses import address
from pipeline.workbook.identity import WORKLIST_SIGN
from pipeline.workbook.patch.byte_places import cell_text, tag
from pipeline.workbook.patch.looks import CellLook, CellLooks
from pipeline.workbook.patch.parts import Parts, new_part
from pipeline.workbook.worklist import PLACE

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
    parts: Parts, looks: CellLooks, made: Worklist, fills: dict[tuple[str, int, int], str]
) -> bytes:
    """The part of the list; `fills` says how marked cells looked before."""
    rows = [_keys(looks, made), *_rows(looks, made, fills)]
    seen, last = len(made.widths), len(made.lines) + 1
    merged = [f"A{n}:{address(n, seen)}" for n, line in enumerate(made.lines, 2) if line.wide]
    links = [
        (address(n, c), text.link)
        for n, line in enumerate(made.lines, 2)
        for c, text in enumerate(line.texts, 1)
        if text.link
    ]
    content = b"".join(
        [
            b'<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
            tag("dimension", {"ref": f"A1:{address(last, len(made.keys) + 1 + len(PLACE))}"}),
            (
                b'<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0"/>'
                b"</sheetViews>"
            ),
            b'<sheetFormatPr defaultRowHeight="15"/>',
            _columns(made),
            b"<sheetData>",
            *rows,
            b"</sheetData>",
            b'<sheetProtection sheet="1" formatColumns="0" formatRows="0"/>',
            _several("mergeCells", [tag("mergeCell", {"ref": ref}) for ref in merged]),
            _several("hyperlinks", [_link(ref, *link) for ref, link in links]),
            (
                b'<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" '
                b'footer="0.3"/>'
            ),
            b'<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>',
            _several("headerFooter", [_footer(made.footer)]),
        ]
    )
    return new_part("worksheet", {"xmlns": parts.main_namespace}, content)


def _footer(text: str) -> bytes:
    return f"<oddFooter>{cell_text(text)}</oddFooter>".encode()


def _columns(made: Worklist) -> bytes:
    seen = [{"width": f"{w + _PADDING:g}"} for w in made.widths]
    unseen = len(made.keys) + 1 + len(PLACE) - len(seen)
    stated = [*seen, *[{"width": f"{_HIDDEN_WIDTH:g}", "hidden": "1"}] * unseen]
    return _several(
        "cols",
        [
            tag("col", {"min": str(n), "max": str(n), **each, "customWidth": "1"})
            for n, each in enumerate(stated, 1)
        ],
    )


def _several(name: str, children: list[bytes]) -> bytes:
    if not children:
        return b""
    return b"".join([tag(name, {}, closed=False), *children, f"</{name}>".encode()])


def _link(ref: str, sheet: str, cell: str) -> bytes:
    quoted = sheet.replace("'", "''")
    return tag("hyperlink", {"ref": ref, "location": f"'{quoted}'!{cell}"})


def _keys(looks: CellLooks, made: Worklist) -> bytes:
    """The first row, which is hidden: the sign, and the keys of the columns."""
    style = looks.look(made.hidden, quoted=False)
    cells = [
        _cell(address(1, c), key, style)
        for c, key in enumerate((WORKLIST_SIGN, *made.keys, *PLACE), 1)
    ]
    return tag("row", {"r": "1", "hidden": "1"}, closed=False) + b"".join(cells) + b"</row>"


def _rows(
    looks: CellLooks, made: Worklist, fills: dict[tuple[str, int, int], str]
) -> Iterator[bytes]:
    seen = len(made.widths)
    for number, line in enumerate(made.lines, 2):
        texts = list(line.texts)
        if line.wide and texts:
            texts += [Text("", texts[0].look)] * (seen - 1)
        if line.at is not None:
            sheet, row, column = line.at
            place = (sheet, address(row, column), fills.get(line.at, ""))
            texts += [Text("", made.hidden)] * (len(made.keys) + 1 - len(texts))
            texts += [Text(each, made.hidden) for each in place]
        cells = b"".join(_text(looks, address(number, c), text) for c, text in enumerate(texts, 1))
        attributes = {"r": str(number), "ht": f"{line.height:g}"}
        yield tag("row", attributes, closed=False) + cells + b"</row>"


def _text(looks: CellLooks, ref: str, text: Text) -> bytes:
    said = _within_a_cell(text.text)
    style = looks.look(text.look, quoted=said.startswith(_SIGNS_OF_A_FORMULA))
    return _cell(ref, said, style)


def _cell(ref: str, text: str, style: int) -> bytes:
    attributes = {"r": ref, "s": str(style)}
    if not text:
        return tag("c", attributes)
    inner = f'<is><t xml:space="preserve">{cell_text(text)}</t></is></c>'
    return tag("c", attributes | {"t": "inlineStr"}, closed=False) + inner.encode()


def _within_a_cell(text: str) -> str:
    """The text, cut where Excel would find it too long."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    return (
        encoded[: 2 * _LONGEST].decode("utf-16-le", "ignore")
        if len(encoded) > 2 * _LONGEST
        else text
    )
