"""The boxes that show notes: drawings in a language of their own, one part for a sheet."""

import posixpath
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from pipeline.workbook.patch.byte_places import Edits, Element, outline
from pipeline.workbook.patch.parts import Parts
from pipeline.workbook.patch.sheet_part import Geometry, Place, SheetPart

_URIS = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_BLANK = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" '
    b'xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel">'
    b'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
)
_NOTE_TYPE = "_x0000_t202"
_SHAPE = re.compile(r"_x0000_s([0-9]{1,9})")
_FIRST_SHAPE = 1025
_OPEN_BREAK = re.compile(rb"<br(?:\s[^<>]*)?(?<!/)>", re.IGNORECASE)
_NOTHING_DRAWN = ("shapelayout", "shapetype")
_GAP, _ABOVE = 15, 10  # pixels between a cell and its note
_FARTHEST = 200  # rows or columns that a box may reach over, most of them hidden then


class _Prefixes(NamedTuple):
    """The prefixes that a drawing gives to the three languages it is written in."""

    v: str
    o: str
    x: str


def draw_boxes(
    parts: Parts, sheet: SheetPart, sizes: Mapping[Place, tuple[int, int]], geometry: Geometry
) -> None:
    """Draw a hidden box of a size (width and height in pixels) for the note of each cell."""
    part = sheet.notes_drawing()
    if part is None:
        folder = posixpath.join(posixpath.dirname(parts.package.main), "drawings")
        part = parts.add(folder, "vmlDrawing", _BLANK, "vmlDrawing")
        sheet.link_drawing(parts.link(sheet.name, "vmlDrawing", part))
    edits = Edits(parts.read(part))
    root = _drawing(edits.data)
    prefixes = {uri: name.partition(":")[2] for name, uri in root.attributes.items()}
    names = _Prefixes(*(prefixes.get(uri, name) for name, uri in _URIS.items()))
    namespaces = {f"xmlns:{name}": uri for name, uri in zip(names, _URIS.values(), strict=True)}
    ids = [node.attributes.get("id", "") for node in root.children]
    shapes = [int(match[1]) for match in map(_SHAPE.fullmatch, ids) if match]
    first = max([_FIRST_SHAPE - 1, *shapes]) + 1
    head = "" if _NOTE_TYPE in ids else _note_type(names)
    boxes = [_box(first + n, *each, geometry, names) for n, each in enumerate(sizes.items())]
    edits.change(root, namespaces, "".join([head, *boxes]).encode())
    parts.write(part, edits.done())


def _drawing(data: bytes) -> Element:
    """The elements of a drawing; the breaks that Excel leaves open are taken for spaces."""
    return outline(_OPEN_BREAK.sub(lambda match: b" " * len(match[0]), data))


def _note_type(names: _Prefixes) -> str:
    """What all boxes have in common."""
    v, o, _ = names
    return (
        f'<{v}:shapetype id="{_NOTE_TYPE}" coordsize="21600,21600" {o}:spt="202" '
        f'path="m,l,21600r21600,l21600,xe"><{v}:stroke joinstyle="miter"/>'
        f'<{v}:path gradientshapeok="t" {o}:connecttype="rect"/></{v}:shapetype>'
    )


def _box(
    number: int, place: Place, size: tuple[int, int], geometry: Geometry, names: _Prefixes
) -> str:
    """One box, right of its cell."""
    v, o, x = names
    width, height = size
    row, column = place
    left = _along(geometry.column, column + 1, _GAP)
    right = _along(geometry.column, column + 1, _GAP + width)
    top = _along(geometry.row, max(row - 1, 1), _ABOVE)
    bottom = _along(geometry.row, max(row - 1, 1), _ABOVE + height)
    anchor = ", ".join(str(n) for n in (*left, *top, *right, *bottom))
    return (
        f'<{v}:shape id="_x0000_s{number}" type="#{_NOTE_TYPE}" style="position:absolute;'
        f'width:{width * 0.75:g}pt;height:{height * 0.75:g}pt;z-index:1;visibility:hidden" '
        f'fillcolor="#ffffe1" {o}:insetmode="auto">'
        f'<{v}:fill color2="#ffffe1"/><{v}:shadow on="t" color="black" obscured="t"/>'
        f'<{v}:path {o}:connecttype="none"/><{v}:textbox style="mso-direction-alt:auto">'
        f'<div style="text-align:left"></div></{v}:textbox><{x}:ClientData ObjectType="Note">'
        f"<{x}:MoveWithCells/><{x}:SizeWithCells/><{x}:Anchor>{anchor}</{x}:Anchor>"
        f"<{x}:AutoFill>False</{x}:AutoFill><{x}:Row>{row - 1}</{x}:Row>"
        f"<{x}:Column>{column - 1}</{x}:Column></{x}:ClientData></{v}:shape>"
    )


def _along(size: Callable[[int], int], start: int, distance: int) -> tuple[int, int]:
    """The row or column, from 0, and the pixels in it, at a distance from the start of one."""
    at = start
    while distance >= size(at) and at < start + _FARTHEST:
        distance -= size(at)
        at += 1
    return at - 1, distance


def take_boxes_out(parts: Parts, sheet: SheetPart, places: set[Place]) -> None:
    """Take the boxes of these notes away, and the drawing where nothing else is on it."""
    part = sheet.notes_drawing()
    if part is None or not places:
        return
    edits = Edits(parts.read(part))
    root = _drawing(edits.data)
    drawn = [node for node in root.children if node.local not in _NOTHING_DRAWN]
    boxes = [node for node in drawn if node.local == "shape" and _cell_of(node) in places]
    if len(boxes) == len(drawn):
        sheet.unlink_drawing()
        parts.remove(sheet.name, part)
        return
    for box in boxes:
        edits.remove(box)
    parts.write(part, edits.done())


def _cell_of(shape: Element) -> Place | None:
    """The cell whose note a box shows."""
    texts = [shape.first("ClientData", name) for name in ("Row", "Column")]
    row, column = (node.text.strip() if node else "" for node in texts)
    return (int(row) + 1, int(column) + 1) if row.isdigit() and column.isdigit() else None
