"""Number formats: which of them make a number a date, a time or a share of a hundred."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache, partial

from pipeline.workbook.grid import Moment, Style
from pipeline.workbook.package import Package
from pipeline.workbook.refusal import damaged, too_big
from pipeline.workbook.xml_stream import Attributes, Handlers

_LISTS = ("numFmts", "fonts", "cellXfs")
MOST_STYLES = 200_000  # Excel's own limit of cell formats is 65,490

# Excel's numbering of built-in formats (ECMA-376 part 1, 18.8.30). Those of 27-36 and 50-58 mean
# dates in one East Asian language and times in another, so they count as either.
_BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "m/d/yyyy h:mm", 37: "#,##0;(#,##0)", 38: "#,##0;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0",
    49: "@",
}  # fmt: skip
_BY_LANGUAGE: dict[int, Moment] = (
    dict.fromkeys((27, 28, 29, 30, 31, 36, 50, 51, 54, 57, 58), Moment.DATE)
    | dict.fromkeys((34, 35, 52, 53, 55, 56), Moment.BOTH)
    | dict.fromkeys((32, 33), Moment.TIME)
    | dict.fromkeys((71, 72, 73, 74, 81), Moment.DATE)
    | dict.fromkeys((75, 76, 78, 80), Moment.TIME)
    | {77: Moment.BOTH, 79: Moment.ELAPSED}
)
_THAI_SHARES = (67, 68)  # a whole and a two-decimal percentage in Thai digits

_DAY, _MONTH, _YEAR = "\N{THAI CHARACTER WO WAEN}", "\N{THAI CHARACTER DO DEK}", "\N{THAI CHARACTER PO PLA}"  # fmt: skip  # noqa: E501
_HOUR, _MINUTE, _SECOND = "\N{THAI CHARACTER CHO CHANG}", "\N{THAI CHARACTER NO NU}", "\N{THAI CHARACTER THO THAHAN}"  # fmt: skip  # noqa: E501

_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.')
_BRACKET = re.compile(r"\[([^\]]*)\]?")
_ELAPSED = re.compile(f"h+|m+|s+|{_HOUR}+|{_MINUTE}+|{_SECOND}+")
_FRACTION = re.compile(f"([s{_SECOND}])[.,]0+")
_SCIENCE = re.compile(r"e[+-]")
_NOON = re.compile(r"am/pm|a/p")
_PLACEHOLDER = re.compile(r"[0#?@]")
_DATE_LETTER = re.compile(f"[ydbe{_DAY}{_MONTH}{_YEAR}]")
_TIME_LETTER = re.compile(f"[hs{_HOUR}{_SECOND}]")
_EITHER_LETTER = re.compile(f"[m{_MINUTE}]")


@lru_cache(maxsize=1024)
def style_of(code: str) -> Style:
    """Judge a custom format code by its first section that shows anything of the number."""
    for section in _LITERAL.sub("\0", code).lower().split(";"):
        kind = _judge(section)
        if kind is not None:
            percent = kind == "" and "%" in section
            return Style(code, percent, Moment(kind) if kind else None)
    return Style(code)


def built_in(number: int) -> Style:
    """Judge a format that a workbook names by its number alone."""
    if number in _BUILT_IN:
        return style_of(_BUILT_IN[number])
    return Style("", number in _THAI_SHARES, _BY_LANGUAGE.get(number))


def read_styles(package: Package, part: str) -> tuple[Style, ...]:
    """Give the number format of every cell style, in the order in which cells name them."""
    found = _StylesPart(part)
    package.parse(part, found.handlers)
    return tuple(found.styles())


class _StylesPart:
    """Gathers codes, fonts and cell formats, each from its own list: others bear the same names."""

    def __init__(self, part: str) -> None:
        self._part, self._list = part, ""
        self._codes: dict[int, str] = {}
        self._struck: list[bool] = []
        self._formats: list[tuple[int, int]] = []

    @property
    def handlers(self) -> Handlers:
        """Say which elements of the part we look at."""
        starts: dict[str, Callable[[Attributes], None]] = {
            "numFmt": self._code,
            "font": self._font,
            "strike": self._strike,
            "xf": self._format,
            **{each: partial(self._enter, each) for each in _LISTS},
        }
        return Handlers(starts, dict.fromkeys(_LISTS, self._leave))

    def styles(self) -> Iterator[Style]:
        """Give the styles in their order; a font that is not there strikes nothing out."""
        for code, font in self._formats:
            style = style_of(self._codes[code]) if code in self._codes else built_in(code)
            struck = font < len(self._struck) and self._struck[font]
            yield _struck_out(style) if struck else style

    def _enter(self, name: str, _: Attributes) -> None:
        self._list = name

    def _leave(self, _: str) -> None:
        self._list = ""

    def _code(self, attributes: Attributes) -> None:
        if self._list == "numFmts":
            number = _number(attributes, "numFmtId", self._part)
            self._codes[number] = attributes.get("formatCode", "")

    def _font(self, _: Attributes) -> None:
        if self._list == "fonts":
            self._struck.append(False)
        if len(self._struck) > MOST_STYLES:
            raise too_big("styles", len(self._struck), MOST_STYLES)

    def _strike(self, attributes: Attributes) -> None:
        if self._list == "fonts" and self._struck:
            self._struck[-1] = attributes.get("val", "1") in ("1", "true")

    def _format(self, attributes: Attributes) -> None:
        if self._list == "cellXfs":
            names = ("numFmtId", "fontId")
            code, font = (_number(attributes, name, self._part) for name in names)
            self._formats.append((code, font))
        if len(self._formats) > MOST_STYLES:
            raise too_big("styles", len(self._formats), MOST_STYLES)


@lru_cache(maxsize=1024)
def _struck_out(style: Style) -> Style:
    return replace(style, struck=True)


def _number(attributes: Attributes, name: str, part: str) -> int:
    """Read the number of a format or a font, 0 where none is named."""
    text = attributes.get(name, "0")
    if not (text.isascii() and text.isdigit() and len(text) <= len("2147483647")):
        raise damaged(part)
    return int(text)


def _judge(section: str) -> str | None:
    """Say what a section makes of a number: a moment, a plain number (empty), or nothing."""
    brackets = _BRACKET.findall(section)
    section = _BRACKET.sub("", section)
    if any(_ELAPSED.fullmatch(inner) for inner in brackets):
        return Moment.ELAPSED
    if "general" in section:
        return ""
    # A t asks for Thai digits and says nothing of time; a zero after seconds is a part of them.
    section = _FRACTION.sub(r"\1", section)
    if _PLACEHOLDER.search(section):
        return ""
    return _moment(_SCIENCE.sub("", section))


def _moment(section: str) -> str | None:
    """Tell a date from a time by the letters left; months and minutes share one in English."""
    timed = bool(_NOON.search(section))
    section = _NOON.sub("", section)
    dated = bool(_DATE_LETTER.search(section))
    timed = timed or bool(_TIME_LETTER.search(section))
    if dated and timed:
        return Moment.BOTH
    if timed:
        return Moment.TIME
    if dated or "m" in section:
        return Moment.DATE
    return Moment.TIME if _EITHER_LETTER.search(section) else None
