"""The look of a template: white cells to fill, grey ones filled already, dark headings demanded."""

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from pipeline.messages import say
from pipeline.styles import FONT, Styles, line_count, row_height
from schemas.kit.columns import Column, Filled

# The Normal style is unlocked: what is pasted from elsewhere takes it and would lock the cell.
OPTIONS: Mapping[str, Any] = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_format_properties": {"font_name": "Calibri", "font_size": 11, "locked": 0},
}
_SIZE, _TITLE_SIZE, _SUBTITLE_SIZE = 14, 18, 15
_MUST = "#BFD3E6"
_NOTE_WIDTH = 34  # of a note, in characters
_CENTRED: Mapping[str, Any] = {"align": "center", "indent": 0}
_COUNTED = '#,##0;-#,##0;"–"'


_CHECK: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "heading": ("heading", {}),
    "form": ("label", {}),
    "text": ("text", {"valign": "vcenter"}),
    "state": ("text_center", {"valign": "vcenter", "bold": True}),
    "count": ("count", {"valign": "vcenter", "align": "center", "num_format": _COUNTED}),
    "link": ("link", {**_CENTRED, "valign": "vcenter", "border": 1, "border_color": "#BFBFBF"}),
    "late": ("text_center", {"valign": "vcenter", "font_color": "#595959", "italic": True}),
}
# A fault, what is missing, what may be right, what is well: told apart by words and by colours.
_TINTS = {"wrong": "#F8CBAD", "unfilled": "#FFF2CC", "look": "#DDEBF7", "ready": "#E2F0D9"}


class TemplateLook:
    """The formats and row heights of one workbook."""

    title_height = row_height([("", 0, _TITLE_SIZE)])
    subtitle_height = row_height([("", 0, _SUBTITLE_SIZE)])
    line_height = row_height([("", 0, _SIZE)])

    def __init__(self, book: Workbook) -> None:
        """Make formats for this workbook on first use."""
        self._book, self._styles = book, Styles(book)
        self.example = self._styles.get("small", italic=True, valign="bottom", font_color="#7F7F7F")
        self.bare = self._styles.get("text_plain")
        self.title = self._styles.get("title", text_wrap=False)
        self.subtitle = self._styles.get("subtitle", text_wrap=False)
        self.advice = self._styles.get("note", text_wrap=False, valign="vcenter")
        self.instruction = self._styles.get("text_plain", valign="vcenter")

    def cell(self, column: Column, *, closed: bool = False, text: str = "") -> Format:
        """A cell of a column: to be filled, or closed; text like a formula stays text."""
        name = "input_locked" if closed else "input"
        return self._styles.text(name, text, **_kind_of(column))

    def column(self, column: Column, *, lined: bool) -> Format:
        """What the cells below the prepared rows look like; lined where they are to be filled."""
        return self._styles.get("input", **{**_kind_of(column), **({} if lined else {"border": 0})})

    def heading(self, column: Column) -> Format:
        """A heading: dark where the clerk must fill the column."""
        return self._styles.get("heading", **({"bg_color": _MUST} if _must(column) else {}))

    def check(self, name: str) -> Format:
        """A cell of the sheet that says what is missing."""
        look, changes = _CHECK[name]
        return self._styles.get(look, **changes)

    def tint(self, name: str) -> Format:
        """The colour of a state or of a count that is not 0."""
        return self._book.add_format({"bg_color": _TINTS[name]})

    def lined(self) -> Format:
        """The lines round a cell that holds nothing."""
        return self._book.add_format({"border": 1, "border_color": "#BFBFBF"})

    def label(self, column: Column) -> Format:
        """The label left of a value."""
        return self._styles.get("label", **({"bg_color": _MUST} if _must(column) else {}))

    def heading_height(self, columns: Sequence[Column]) -> float:
        """The height of the row of headings."""
        return row_height([(c.th, c.width, _SIZE) for c in columns], bold=True)

    def text_height(self, cells: Sequence[tuple[str, float]]) -> float | None:
        """The height of a row of (text, column width), None for a row that is all to be filled."""
        if not any(text for text, _ in cells):
            return None
        return row_height([(text, width, _SIZE) for text, width in cells])

    def note(self, text: str) -> dict[str, Any]:
        """The size and font of a note with that text."""
        lines = line_count(text, _NOTE_WIDTH, _SIZE)
        return {
            "author": say("template.note-author"),
            "font_name": FONT,
            "font_size": _SIZE,
            "width": _NOTE_WIDTH * 7 + 12,
            "height": lines * _SIZE * 2 + 12,
        }


def _kind_of(column: Column) -> Mapping[str, Any]:
    kind = column.kind
    aligned = {} if kind.align == "left" else {"align": kind.align, "indent": 0}
    return {"num_format": kind.number_format, **aligned}


def _must(column: Column) -> bool:
    typed = column.filled in (Filled.TYPED, Filled.EARLIER)
    return typed and (column.required is not None or column.required_if is not None)
