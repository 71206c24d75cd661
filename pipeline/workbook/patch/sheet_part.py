"""One sheet: other looks for its cells, blank cells where there were none, its place for notes."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pipeline.workbook.addresses import address, parse_address
from pipeline.workbook.patch.byte_places import (
    Edits,
    Element,
    Unmarkable,
    element,
    end_of_tag,
    outline,
    parse,
    parser_of,
    tag,
)
from pipeline.workbook.patch.parts import Parts

Place = tuple[int, int]
Restyle = Callable[[int, int, int], int]

_WIDTH, _HEIGHT = 8.43, 15.0  # of a column in characters, of a row in points, where none is stated
_PIXELS, _PADDING = 7, 5  # of a character, of a cell
_TRUE = ("1", "true")
# What stands behind the link to the notes in a sheet, by the order of its elements.
_BEHIND_NOTES = ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls",
                 "webPublishItems", "tableParts", "extLst", "AlternateContent")  # fmt: skip


@dataclass
class Geometry:
    """How wide the columns and how high the rows of a sheet are, in pixels."""

    columns: list[tuple[int, int, float]] = field(default_factory=list)
    rows: dict[int, float] = field(default_factory=dict)
    width: float = _WIDTH
    height: float = _HEIGHT

    def column(self, number: int) -> int:
        """The width of a column."""
        stated = (w for first, last, w in self.columns if first <= number <= last)
        width = next(stated, self.width)
        return int(width * _PIXELS + 0.5) + (_PADDING if width == _WIDTH else 0)

    def row(self, number: int) -> int:
        """The height of a row."""
        return int(self.rows.get(number, self.height) * 4 / 3 + 0.5)


class SheetPart:
    """A sheet on its way to another look; all that is not spoken of here stays as it is."""

    def __init__(self, parts: Parts, name: str) -> None:
        """Read the sheet but for its cells."""
        self._parts, self.name = parts, name
        self._edits = Edits(parts.read(name))
        self._root = outline(self._edits.data, "sheetData")

    def leave_tab(self) -> None:
        """Let the sheet no longer be the one that is shown and edited."""
        for view in self._root.all("sheetViews", "sheetView"):
            self._edits.change(view, {"tabSelected": None})

    def restyle(self, restyle: Restyle, absent: Iterable[Place] = ()) -> Geometry:
        """Give every cell the style that `restyle` (row, column, style) says.

        The `absent` places get a cell where they have none. Gives back how large rows and columns
        are.
        """
        data = self._root.first("sheetData")
        if data is None:
            raise Unmarkable("damaged")
        geometry = self._geometry()
        rows = _Rows(self._edits, data, restyle, absent, self._styles_of_columns(), geometry)
        rows.walk()
        return geometry

    def notes_drawing(self) -> str | None:
        """The part that draws the notes, if there is one."""
        linked = self._root.first("legacyDrawing")
        link = linked.link if linked else ""
        return next((t for i, _, t in self._parts.links(self.name) if i == link), None)

    def link_drawing(self, identifier: str) -> None:
        """Say by which link the notes are drawn."""
        linked = self._root.first("legacyDrawing")
        if linked is not None:
            self._edits.remove(linked)
        behind = (n.begin for n in self._root.children if n.local in _BEHIND_NOTES)
        attributes = {"xmlns:r": self._parts.link_namespace, "r:id": identifier}
        new = tag(f"{self._root.prefix}legacyDrawing", attributes)
        self._edits.insert(next(behind, self._root.close), new)

    def unlink_drawing(self) -> None:
        """Take away the sheet's word of its notes."""
        for linked in self._root.all("legacyDrawing"):
            self._edits.remove(linked)

    def save(self) -> None:
        """Put the sheet in its place among the parts."""
        self._parts.write(self.name, self._edits.done())

    def _geometry(self) -> Geometry:
        geometry = Geometry()
        for node in self._root.all("cols", "col"):
            hidden = node.attributes.get("hidden") in _TRUE
            width = 0.0 if hidden else float(node.attributes.get("width", _WIDTH))
            first, last = int(node.attributes["min"]), int(node.attributes["max"])
            geometry.columns.append((first, last, width))
        stated = self._root.first("sheetFormatPr")
        if stated is not None:
            geometry.width = float(stated.attributes.get("defaultColWidth", _WIDTH))
            geometry.height = float(stated.attributes.get("defaultRowHeight", _HEIGHT))
        return geometry

    def _styles_of_columns(self) -> Callable[[int], int]:
        stated = [
            (int(n.attributes["min"]), int(n.attributes["max"]), int(n.attributes.get("style", 0)))
            for n in self._root.all("cols", "col")
        ]
        return lambda column: next((s for a, b, s in stated if a <= column <= b), 0)


class _Rows:
    """Follows the cells of a sheet, changes their looks, and adds those that are not there."""

    def __init__(
        self,
        edits: Edits,
        data: Element,
        restyle: Restyle,
        absent: Iterable[Place],
        column_style: Callable[[int], int],
        geometry: Geometry,
    ) -> None:
        self._edits, self._data, self._restyle = edits, data, restyle
        self._whole = edits.data[data.begin : data.stop]
        self._column_style, self._geometry = column_style, geometry
        self._missing: dict[int, set[int]] = {}
        for row, column in absent:
            self._missing.setdefault(row, set()).add(column)
        self._ahead = deque(sorted(self._missing))
        self._wanted: set[int] = set()
        self._row, self._column, self._row_style = 0, 0, 0
        self._row_tag: Element | None = None
        self._added: set[int] = set()
        self._prefix = data.prefix

    def walk(self) -> None:
        """Go over all rows once."""
        if not self._data.is_empty_tag:
            self._parser = parser_of(self._start, self._end)
            parse(self._parser, self._whole)
        self._edits.change(self._data, append=self._rows_before(None))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self._cell(name, attributes)
        elif local == "row":
            begin = self._parser.CurrentByteIndex
            self._begin_row(name, attributes, begin)

    def _begin_row(self, name: str, attributes: dict[str, str], begin: int) -> None:
        row = int(attributes.get("r", self._row + 1))
        at = self._data.begin + begin
        inner = self._data.begin + end_of_tag(self._whole, begin)
        before = self._rows_before(row)
        if before:
            self._edits.insert(at, before)
        self._row, self._column, self._added = row, 0, set()
        waits = bool(self._ahead) and self._ahead[0] == row
        self._wanted = self._missing[self._ahead.popleft()] if waits else set()
        self._row_tag = Element(name, attributes, at, inner)
        formatted = attributes.get("customFormat") in _TRUE
        self._row_style = int(attributes.get("s", 0)) if formatted else -1
        if attributes.get("hidden") in _TRUE:
            self._geometry.rows[self._row] = 0.0
        elif "ht" in attributes:
            self._geometry.rows[self._row] = float(attributes["ht"])

    def _cell(self, name: str, attributes: dict[str, str]) -> None:
        stated = attributes.get("r")
        self._column = parse_address(stated)[1] if stated else self._column + 1
        begin = self._parser.CurrentByteIndex
        at = self._data.begin + begin
        if self._wanted:
            earlier = {column for column in self._wanted if column < self._column}
            self._wanted -= earlier | {self._column}
            if earlier:
                self._edits.insert(at, self._blanks(earlier))
        style = int(attributes.get("s", 0))
        other = self._restyle(self._row, self._column, style)
        if other != style:
            end = end_of_tag(self._whole, begin)
            closed = self._whole[end - 2 : end] == b"/>"
            new = tag(name, {**attributes, "s": str(other)}, closed=closed)
            self._edits.replace(at, self._data.begin + end, new)

    def _end(self, name: str) -> None:
        node = self._row_tag
        if node is None or name != node.name:
            return
        behind = self._blanks(self._wanted)
        if self._added:
            one_tag = self._edits.data[node.inner - 2 : node.inner] == b"/>"
            close = self._data.begin + self._parser.CurrentByteIndex
            node.close, node.stop = (node.inner, node.inner) if one_tag else (close, close + 1)
            # What a row says of its first and last cell need not be said; it must not be wrong.
            self._edits.change(node, {"spans": None}, behind)
        self._row_tag = None

    def _rows_before(self, row: int | None) -> bytes:
        """The rows that are not there, up to this one or all that are left."""
        rows = []
        while self._ahead and (row is None or self._ahead[0] < row):
            self._row, self._row_style = self._ahead.popleft(), -1
            cells = self._blanks(self._missing[self._row])
            rows.append(element(f"{self._prefix}row", {"r": str(self._row)}, cells))
        return b"".join(rows)

    def _blanks(self, columns: set[int]) -> bytes:
        self._added |= columns
        return b"".join(self._blank(column) for column in sorted(columns))

    def _blank(self, column: int) -> bytes:
        style = self._column_style(column) if self._row_style < 0 else self._row_style
        style = self._restyle(self._row, column, style)
        return tag(f"{self._prefix}c", {"r": address(self._row, column), "s": str(style)})
