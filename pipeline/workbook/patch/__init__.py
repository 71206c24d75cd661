"""The marked copy: the bytes of a workbook with cells filled and noted, and a first sheet.

All else stays as it is: parts that need not change byte for byte, the others but for the places
that do. What an earlier marking left is taken off first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.workbook.addresses import address
from pipeline.workbook.identity import entries, is_worklist
from pipeline.workbook.package import Package, open_package
from pipeline.workbook.patch.byte_places import Unmarkable
from pipeline.workbook.patch.list_sheet import ListLine, Text, Worklist, list_sheet
from pipeline.workbook.patch.looks import CellLook, CellLooks
from pipeline.workbook.patch.notes import Note, Pen, has_our_notes, take_notes_out, write_notes
from pipeline.workbook.patch.parts import Parts
from pipeline.workbook.patch.sheet_part import SheetPart
from pipeline.workbook.patch.tabs import put_first, sheet_parts, take_out
from pipeline.workbook.reader import Workbook, read_cells

__all__ = [
    "CellLook",
    "ListLine",
    "Mark",
    "Note",
    "Pen",
    "Text",
    "Unmarkable",
    "Worklist",
    "mark_cells",
]

_SIGNED = ("_xmlsignatures/", "digital-signature")
_SHARED = "revisionheaders"


@dataclass(frozen=True)
class Mark:
    """One cell to be marked: where it is, its colour (six hexadecimal digits), and its note."""

    sheet: str
    row: int
    column: int
    colour: str
    note: Note


def mark_cells(
    data: bytes, marks: Sequence[Mark], worklist: Worklist, pen: Pen, colours: tuple[str, ...]
) -> bytes:
    """A workbook with these cells marked and the list in front.

    `colours` and the pen's author are what earlier marks are known by. Raises Unmarkable where
    the workbook could take harm, NotAWorkbook where it is none.
    """
    package = open_package(data)
    _require_harmless(package)
    workbook = read_cells(data)
    parts = Parts(package, strict=workbook.strict)
    _unmark(parts, workbook, worklist.name, pen, colours)
    _mark(parts, marks, worklist, pen, colours)
    return parts.to_bytes()


def _require_harmless(package: Package) -> None:
    names = [text.lower() for text in (*package.members, *package.types.values())]
    if any(sign in name for name in names for sign in _SIGNED):
        raise Unmarkable("signed")
    if package.has_macros:
        raise Unmarkable("macros")
    if any(_SHARED in name for name in names):
        raise Unmarkable("shared")


def _looks(parts: Parts, colours: tuple[str, ...]) -> tuple[str, CellLooks]:
    part = parts.linked(parts.package.main, "styles")
    if part is None:
        raise Unmarkable("styles")
    return part, CellLooks(parts.read(part), colours)


def _unmark(
    parts: Parts, workbook: Workbook, title: str, pen: Pen, colours: tuple[str, ...]
) -> None:
    """Take off what an earlier marking left: the list, the colours, the notes."""
    fills = {(e.get("sheet"), e.get("cell")): e.get("fill", "") for e in entries(workbook)}
    sheets = sheet_parts(parts)
    for sheet in workbook.sheets:
        if is_worklist(sheet) or sheet.name.casefold() == title.casefold():
            take_out(parts, sheet.name, sheets.pop(sheet.name))
    part, looks = _looks(parts, colours)
    for name, target in _worksheets(parts, sheets).items():

        def restored(row: int, column: int, style: int, sheet: str = name) -> int:
            if not looks.is_marked(style):
                return style
            return looks.restored(style, fills.get((sheet, address(row, column)), ""))

        if not looks.has_marks and not has_our_notes(parts, target, pen):
            continue
        page = SheetPart(parts, target)
        take_notes_out(parts, page, pen)
        if looks.has_marks:
            page.restyle(restored)
        page.save()
    parts.write(part, looks.done())


def _worksheets(parts: Parts, sheets: dict[str, str]) -> dict[str, str]:
    """The sheets that have cells, by name."""
    with_cells = {t for _, kind, t in parts.links(parts.package.main) if kind == "worksheet"}
    return {name: target for name, target in sheets.items() if target in with_cells}


def _mark(
    parts: Parts, marks: Sequence[Mark], worklist: Worklist, pen: Pen, colours: tuple[str, ...]
) -> None:
    """Put on the new marks, then the list in front."""
    part, looks = _looks(parts, colours)
    sheets = sheet_parts(parts)
    with_cells = _worksheets(parts, sheets)
    fills: dict[tuple[str, int, int], str] = {}
    for name, target in sheets.items():
        sheet = SheetPart(parts, target)
        sheet.leave_tab()
        sheet_marks = [mark for mark in marks if mark.sheet == name and name in with_cells]
        if sheet_marks:
            _mark_sheet(parts, sheet, sheet_marks, looks, pen, fills)
        sheet.save()
    data = list_sheet(parts, looks, worklist, fills)
    put_first(parts, worklist.name, parts.add("xl/worksheets", "sheet", data, "worksheet"))
    parts.write(part, looks.done())


def _mark_sheet(
    parts: Parts,
    sheet: SheetPart,
    marks: Sequence[Mark],
    looks: CellLooks,
    pen: Pen,
    fills: dict[tuple[str, int, int], str],
) -> None:
    wanted = {(mark.row, mark.column): mark for mark in marks}

    def style(row: int, column: int, before: int) -> int:
        mark = wanted.get((row, column))
        if mark is None:
            return before
        fills[mark.sheet, row, column] = looks.fill_of(before)
        return looks.marked(before, mark.colour)

    geometry = sheet.restyle(style, wanted)
    notes = {place: mark.note for place, mark in wanted.items()}
    write_notes(parts, sheet, notes, pen, geometry)
