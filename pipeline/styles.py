"""The look of our workbooks: fonts by name, number formats in พ.ศ., rows as high as their text."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

FONT = "TH Sarabun New"
HIGHEST_ROW = 409.0
LINE = 1.5
_LONGEST_TEXT = 32_767
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
_LINES = {"border": 1, "border_color": "#BFBFBF"}
# Without a side of its own a text is not indented.
_TEXT = {**_LINES, "text_wrap": True, "valign": "top", "align": "left", "indent": 1}
_HEADING = {**_TEXT, "bold": True, "bg_color": "#EBEBEB", "border_color": "#7F7F7F"}
_NUMBER = {**_LINES, "valign": "top", "align": "right"}
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 18, "valign": "vcenter", "text_wrap": True},
    "title_center": {"bold": True, "font_size": 18, "align": "center", "valign": "vcenter"},
    "subtitle": {"bold": True, "font_size": 15, "valign": "vcenter", "text_wrap": True},
    "heading": {**_HEADING, "align": "center", "valign": "vcenter", "indent": 0},
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
# One off from the colours above: marked cells are known again by theirs, and nobody else uses it.
MARKS = {"ERROR": "F8CBAE", "WARNING": "FFF2CD"}
CHART_FONT = {"name": FONT, "size": 12}
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class Styles:
    """The formats of one workbook, each made once; `digits` is "thai" or "arabic"."""

    def __init__(self, workbook: Workbook, digits: str = "arabic") -> None:
        """Make formats for this workbook on first use."""
        self._workbook = workbook
        self.number_formats = _DIGITS[digits]
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def get(self, name: str, **overrides: Any) -> Format:
        """The format of a look, with changes."""
        base = {"font_name": FONT, "font_size": 14, "locked": True, **_LOOKS[name]}
        if name in self.number_formats:
            base["num_format"] = self.number_formats[name]
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
    """A text cell: never a formula, never a link, never longer than Excel takes; else a blank."""
    if text:
        sheet.write_string(row, column, _within_a_cell(text), look)
    else:
        sheet.write_blank(row, column, None, look)


def _within_a_cell(text: str) -> str:
    """The text, cut with a mark where Excel, which counts in UTF-16, would find it too long."""
    encoded = text.encode("utf-16-le")
    if len(encoded) <= 2 * _LONGEST_TEXT:
        return text
    return encoded[: 2 * (_LONGEST_TEXT - 1)].decode("utf-16-le", "ignore") + "\u2026"


class _Widths(dict[str, int]):
    """How wide characters are, in thousandths of the font's size."""

    def __init__(self, ascii_signs: str, thai_signs: str) -> None:
        widths = (*map(int, ascii_signs.split()), *map(int, thai_signs.split()))
        super().__init__(zip(map(chr, (*_ASCII, *_THAI)), widths, strict=True))

    def __missing__(self, sign: str) -> int:
        """What another font draws takes a full square, marks above and below take nothing."""
        self[sign] = 0 if unicodedata.category(sign) in {"Mn", "Me", "Cf"} else 1000
        return self[sign]


# Advance widths of Laksaman, drawn from the same design 1.515 times as large: TH Sarabun New
# itself is in no package. The tests measure them again.
_ASCII, _THAI = range(0x20, 0x7F), range(0xE01, 0xE5C)
_REGULAR = _Widths(
    "214 146 206 400 358 580 420 119 188 188 283 408 160 214 160 268 359 359 359 359 359 359 359 "
    "359 359 359 160 160 408 408 408 281 532 397 375 403 428 348 348 422 438 146 262 373 350 544 "
    "438 483 375 483 376 349 376 462 387 583 415 363 420 194 260 194 409 349 202 341 398 328 398 "
    "371 204 308 387 142 154 314 198 597 387 395 398 398 215 280 236 387 338 503 316 334 318 206 "
    "152 206 413",
    "383 375 379 390 390 405 292 364 374 375 379 515 515 422 422 340 457 528 539 388 388 375 426 "
    "332 417 424 424 378 378 444 444 422 397 372 319 375 378 422 332 390 434 378 424 450 384 369 "
    "388 354 0 314 314 0 0 0 0 0 0 0 0 0 0 0 408 201 374 235 240 242 203 396 0 0 0 0 0 0 0 0 446 "
    "446 446 446 446 446 446 446 446 446 446 518 692",
)
_BOLD = _Widths(
    "224 166 288 458 364 683 483 168 242 242 340 414 170 224 170 274 375 375 375 375 375 375 375 "
    "375 375 375 170 170 414 414 414 286 568 448 393 428 455 355 355 450 468 162 280 408 356 570 "
    "468 514 387 514 392 362 418 479 418 607 422 393 448 232 266 232 415 373 208 364 432 344 432 "
    "388 252 329 420 162 170 337 211 631 420 409 428 428 244 294 256 415 355 477 346 358 355 253 "
    "176 253 418",
    "388 412 428 400 400 450 316 387 402 412 428 560 560 422 422 369 488 547 572 402 402 388 434 "
    "355 430 442 442 411 411 479 479 422 414 383 326 388 396 422 376 400 457 396 434 464 391 382 "
    "377 337 0 333 333 0 0 0 0 0 0 0 0 0 0 0 386 206 392 250 267 250 207 434 0 0 0 0 0 0 0 0 446 "
    "452 452 452 452 452 452 452 452 452 452 521 692",
)
_THAI_LETTERS = frozenset(map(chr, (*range(0xE01, 0xE50), 0xE5A, 0xE5B)))
_BEFORE_A_LETTER = frozenset(map(chr, range(0xE40, 0xE45)))
_AFTER_A_LETTER = frozenset(map(chr, (0xE2F, 0xE30, 0xE32, 0xE33, 0xE45, 0xE46)))
_SLACK = 1.1
_PIXEL = 0.75  # points
_MARGIN, _LEAST_ROOM = 14, 14  # pixels: the indent and the borders; what the narrowest column has
# A Thai word that goes to the next line whole, in thousandths of the size: the first two may be
# long ones, over many lines long and short ones even out.
_WORDS = (1500, 1500, 600)
_LONG_WORD = 4000  # what stands between blanks and is not wider may be one word
_PART_OF_LINE = 0.4  # and at most this part of a line, or narrow columns would never fill


class _Line:
    """A line being filled: how full it is, and how wide what may go to the next line with a sign.

    Thai is written without blanks and breaks between words of a dictionary: the last letters may
    be one word. What a figure or a slash joins to it goes along. Other words go whole if a line
    holds them, else from their last slash on; if none does, they are torn before a line is full.
    """

    def __init__(self, room: float) -> None:
        self.room, self.thai = room, True
        self.begin()

    def begin(self) -> None:
        """Start anew behind a line break."""
        self.used, self._wraps = 0.0, 0
        self.space(0)

    def space(self, width: int) -> None:
        """A blank ends a word; behind the end of a line it takes no room."""
        self.used += width
        self._word = self._stem = 0.0

    def put(self, sign: str, width: int) -> bool:
        """Add a character; whether it began a new line."""
        if self.thai:
            self._word = min(self._word, _WORDS[min(self._wraps, 2)])
        full = width > 0 and self.used > 0 and self.used + width > self.room
        if full:
            self.used = self._word = self._stem = self._carried(width)
            self._wraps += 1
        self.used += width
        self._word += width
        self._stem = 0.0 if sign == "/" else self._stem + width
        return full

    def _carried(self, width: int) -> float:
        for tail in () if self.thai else (self._word, self._stem):
            if tail < self.used and tail + width <= self.room:
                return tail
        return min(self._word, _PART_OF_LINE * self.room)


def _line_starts(text: str, room: float, widths: _Widths) -> Iterator[int]:
    """Where in the text its lines begin; the first is not among them."""
    line = _Line(room)
    for found in re.finditer(r"\n| |[^ \n]+", text):
        if found[0] == "\n":
            line.begin()
            yield found.end()
        elif found[0] == " ":
            line.space(widths[" "])
        else:
            line.thai = _is_thai_of_many_words(found[0], widths)
            for at, sign in enumerate(found[0], found.start()):
                if line.put(sign, widths[sign]):
                    yield at


def _is_thai_of_many_words(text: str, widths: _Widths) -> bool:
    longer = sum(map(widths.__getitem__, text)) > _LONG_WORD
    return longer and _THAI_LETTERS.issuperset(text)


def _room(width: float, size: float) -> float:
    """What a column has room for on one line, in thousandths of the size; 7 pixels a character."""
    pixels = max(width * 7 + 5 - _MARGIN, _LEAST_ROOM)
    return pixels * _PIXEL / size / _SLACK * 1000


def line_count(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """How many lines a text takes in a column of that width (Excel characters)."""
    room, widths = _room(width, size), _BOLD if bold else _REGULAR
    return sum(1 + _breaks(line, room, widths) for line in text.split("\n"))


def _breaks(line: str, room: float, widths: _Widths) -> int:
    if sum(map(widths.__getitem__, line)) <= room:
        return 0
    return sum(1 for _ in _line_starts(line, room, widths))


def row_height(cells: Iterable[tuple[str, float, float]], *, bold: bool = False) -> float:
    """The height in points that (text, column width, font size) cells side by side need."""
    heights = [line_count(t, w, s, bold=bold) * s * LINE + 2 for t, w, s in cells]
    return min(max(heights, default=14 * LINE), HIGHEST_ROW)


def split_for_rows(text: str, width: float, size: float) -> list[str]:
    """A text in parts that each fit a row of the greatest height; most texts are one part.

    The parts are as wide as if they were bold, so that no look makes them too high.
    """
    most = int((HIGHEST_ROW - 2) / (size * LINE))
    room = _room(width, size)
    parts: list[str] = []
    while True:
        starts = list(islice(_line_starts(text, room, _BOLD), most))
        if len(starts) < most:
            return [*parts, text]
        cut = _good_cut(text, starts[-2] if most > 1 else 0, starts[-1])
        parts.append(text[:cut].removesuffix("\n").rstrip(" "))
        text = text[cut:].lstrip(" ")


def _good_cut(text: str, first: int, last: int) -> int:
    """Where to cut within the last line: behind a break or a blank, else never inside a letter."""
    if text[last - 1] == "\n":
        return last
    blank = text.rfind(" ", first + 1, last)
    if blank > 0:
        return blank + 1
    while last > first + 1 and _is_inside_a_syllable(text, last):
        last -= 1
    return last


def _is_inside_a_syllable(text: str, at: int) -> bool:
    marked = unicodedata.category(text[at]) == "Mn"
    return marked or text[at] in _AFTER_A_LETTER or text[at - 1] in _BEFORE_A_LETTER


def print_setup(
    sheet: Worksheet, *, footer: str, repeat: tuple[int, int] | None = None, wide: int = 1
) -> None:
    """A4 landscape, so many pages wide, headings repeated, page numbers below."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(wide, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer(f'&C&"{FONT},Regular"&12 {footer}')
    if repeat is not None:
        sheet.repeat_rows(*repeat)
