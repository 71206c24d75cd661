"""The look of our workbooks: fonts by name, number formats in พ.ศ., rows as high as their text."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

FONT = "TH Sarabun New"
INPUT_DATE = "[$-187041E]d mmm yyyy;@"
HIGHEST_ROW = 409.0
LINE = 1.5
_SLACK = 1.12
_DIGITS = {
    "arabic": {
        "date": "[$-107041E]d mmm yyyy;@",
        "month": "[$-107041E]mmmm yyyy;@",
        "time": "[$-107041E]d mmm yyyy hh:mm;@",
        "money": "#,##0.00",
        "count": "#,##0",
        "rate": "0.00",
    },
    "thai": {
        "date": "[$-D07041E]d mmm yyyy;@",
        "month": "[$-D07041E]mmmm yyyy;@",
        "time": "[$-D07041E]d mmm yyyy hh:mm;@",
        "money": "[$-D00041E]#,##0.00",
        "count": "[$-D00041E]#,##0",
        "rate": "[$-D00041E]0.00",
    },
}
_TEXT = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#BFBFBF", "indent": 1}
_NUMBER = {"valign": "top", "align": "right", "border": 1, "border_color": "#BFBFBF"}
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 18, "valign": "vcenter", "text_wrap": True},
    "title_center": {"bold": True, "font_size": 18, "align": "center", "valign": "vcenter"},
    "subtitle": {"bold": True, "font_size": 15, "valign": "vcenter", "text_wrap": True},
    "heading": {
        "bold": True,
        "bg_color": "#EBEBEB",
        "border": 1,
        "border_color": "#7F7F7F",
        "text_wrap": True,
        "align": "center",
        "valign": "vcenter",
    },
    "text": _TEXT,
    "text_center": {**_TEXT, "align": "center", "indent": 0},
    "text_plain": {"text_wrap": True, "valign": "top"},
    "code": {**_TEXT, "num_format": "@"},
    "money": _NUMBER,
    "count": _NUMBER,
    "rate": _NUMBER,
    "date": {**_NUMBER, "align": "center"},
    "time": {**_NUMBER, "align": "center"},
    "month": {**_NUMBER, "align": "center"},
    "note": {"italic": True, "font_color": "#595959", "text_wrap": True, "valign": "top"},
    "small": {"font_size": 12, "font_color": "#595959", "text_wrap": True, "valign": "top"},
    "link": {"font_color": "#0B5394", "underline": 1, "valign": "top"},
    "label": {**_TEXT, "bold": True, "bg_color": "#F5F5F5", "valign": "vcenter"},
    "input": {**_TEXT, "locked": False},
    "input_locked": {**_TEXT, "locked": True, "bg_color": "#EFEFEF"},
    "good": {**_TEXT, "bg_color": "#E2F0D9"},
    "warn": {**_TEXT, "bg_color": "#FFF2CC"},
    "bad": {**_TEXT, "bg_color": "#F8CBAD"},
    "total": {**_NUMBER, "bold": True, "bg_color": "#F5F5F5", "num_format": "#,##0.00"},
    "sign": {"align": "center", "valign": "vcenter", "text_wrap": True},
}
CHART_FONT = {"name": FONT, "size": 12}
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class Styles:
    """The formats of one workbook, each made once; `digits` is "thai" or "arabic"."""

    def __init__(self, workbook: Workbook, digits: str = "arabic") -> None:
        """Make formats for this workbook on first use."""
        self._workbook = workbook
        self._numbers = _DIGITS[digits]
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def get(self, name: str, **overrides: Any) -> Format:
        """The format of a look, with changes."""
        base = {"font_name": FONT, "font_size": 14, "locked": True, **_LOOKS[name]}
        if name in self._numbers:
            base["num_format"] = self._numbers[name]
        options = {**base, **overrides}
        key = tuple(sorted(options.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(options)
        return self._made[key]

    def text(self, name: str, value: str, **overrides: Any) -> Format:
        """The format for a text; where it begins like a formula it is marked as text."""
        if value.startswith(_FORMULA_SIGNS):
            overrides = {**overrides, "quote_prefix": True}
        return self.get(name, **overrides)


def write_text(sheet: Worksheet, row: int, column: int, text: str, look: Format) -> None:
    """A text cell: never a formula, never a link, never longer than Excel takes."""
    sheet.write_string(row, column, text[:32767], look)


# Widths in em of TH Sarabun New, measured on a font of the same metrics (Laksaman, scaled by
# 1000 ÷ 1515), each class rounded up to what words are made of.
_NARROW = frozenset("ijltfr.,:;'!|()[] ")
_WIDTHS = {"thai": 0.42, "vowel": 0.33, "digit": 0.36, "thai_digit": 0.45, "upper": 0.46}


def _em(sign: str) -> float:
    """The width of one character in em; marks above and below have none."""
    if unicodedata.category(sign) == "Mn":
        return 0.0
    if "\u0e01" <= sign <= "\u0e2e":
        return _WIDTHS["thai"]
    if "\u0e50" <= sign <= "\u0e59":
        return _WIDTHS["thai_digit"]
    if "\u0e2f" <= sign <= "\u0e4f":
        return _WIDTHS["vowel"]
    if sign.isdigit():
        return _WIDTHS["digit"]
    if sign in _NARROW:
        return 0.22
    return _WIDTHS["upper"] if sign.isupper() or not sign.isascii() else 0.38


def _points(width: float) -> float:
    """A column's room for text in points; 7 pixels a character, less the indent and the borders."""
    return max(width * 7 + 5 - 16, 14) * 0.75


def line_count(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """How many lines a text takes in a column of that width (Excel characters)."""
    room = _points(width)
    scale = size * _SLACK * (1.06 if bold else 1.0)
    return sum(_wrapped(line, room / scale) for line in text.split("\n"))


def _wrapped(line: str, room: float) -> int:
    """Greedy: a character that does not fit begins the next line."""
    lines, used = 1, 0.0
    for sign in line:
        width = _em(sign)
        if used + width > room:
            lines, used = lines + 1, 0.0
        used += width
    return lines


def row_height(cells: Iterable[tuple[str, float, float]], *, bold: bool = False) -> float:
    """The height in points that (text, column width, font size) cells side by side need."""
    heights = [line_count(t, w, s, bold=bold) * s * LINE + 2 for t, w, s in cells]
    return min(max(heights, default=14 * LINE), HIGHEST_ROW)


def split_for_rows(text: str, width: float, size: float) -> list[str]:
    """A text in parts that each fit a row of the greatest height; most texts are one part."""
    most = int((HIGHEST_ROW - 2) / (size * LINE))
    parts, current = [], ""
    for line in text.split("\n"):
        for piece in _pieces(line, width, size, most):
            joined = f"{current}\n{piece}" if current else piece
            if current and line_count(joined, width, size) > most:
                parts.append(current)
                current = piece
            else:
                current = joined
    return [*parts, current]


def _pieces(line: str, width: float, size: float, most: int) -> list[str]:
    """A line that is by itself too long for a row, cut between words where there are blanks."""
    if line_count(line, width, size) <= most:
        return [line]
    middle = line.rfind(" ", 0, len(line) // 2 + 1)
    cut = middle if middle > 0 else len(line) // 2
    return _pieces(line[:cut], width, size, most) + _pieces(line[cut:].lstrip(), width, size, most)


def print_setup(
    sheet: Worksheet, *, landscape: bool, footer: str, repeat: tuple[int, int] | None = None
) -> None:
    """A4, one page wide, headings repeated, page numbers below."""
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer(f'&C&"{FONT}"&12{footer}')
    if repeat is not None:
        sheet.repeat_rows(*repeat)
