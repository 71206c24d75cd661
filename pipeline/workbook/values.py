"""What a stored value means: text, number, date, truth or error, by its type and its format."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache

from pipeline.workbook.grid import Cell, CellType, Moment, Style
from pipeline.workbook.package import Package
from pipeline.workbook.refusal import damaged, too_big
from pipeline.workbook.xml_stream import LONGEST_TEXT, Attributes, Handlers

# Limits over all sheets of a workbook, from the sizes of 2,500 public workbooks (the largest held
# one million filled cells).
MOST_CELLS = 2_000_000
MOST_BLANKS = 5_000_000  # cells with a look and no value
MOST_TEXT = 200_000_000  # characters, counted at every cell that shows them
MOST_MERGED = 2_000_000  # cells under merged ranges

# WPS writes a picture in a cell as a formula; Excel as an error with a value of another kind.
_PICTURE = re.compile(r"=?(?:_xlfn\.)?DISPIMG\(", re.IGNORECASE)
_ERROR_LENGTH = 64  # characters; the longest error of Excel has 16
_TRUE, _FALSE = ("1", "true"), ("0", "false")

# Looked up once: a member of an enumeration costs more than the cell it goes into.
_TEXT, _NUMBER = CellType.TEXT, CellType.NUMBER

Content = tuple[CellType, str]


class InlineText(str):
    """A text that stood in the cell itself, its runs already put together."""

    __slots__ = ()


@dataclass(slots=True)
class Tally:
    """What all sheets of a workbook have cost so far."""

    cells: int = 0
    blanks: int = 0
    text: int = 0
    merged: int = 0

    def check(self) -> None:
        """Refuse the workbook once any sum is past its limit."""
        for what, found, limit in (
            ("cells", self.cells, MOST_CELLS),
            ("blanks", self.blanks, MOST_BLANKS),
            ("text", self.text, MOST_TEXT),
            ("merged", self.merged, MOST_MERGED),
        ):
            if found > limit:
                raise too_big(what, found, limit)


class Values:
    """Reads stored values with what they refer to: shared texts, styles and the calendar."""

    def __init__(self, texts: list[str], styles: tuple[Style, ...], *, date1904: bool) -> None:
        """Take what cells of this workbook refer to."""
        self.tally = Tally()
        self._texts = texts
        self._date1904 = date1904
        # A cell names its style by number, or not at all and then has the first one; a workbook
        # without a part of styles has only one, whatever its cells say.
        self._styles: dict[str | None, Style] = {str(n): style for n, style in enumerate(styles)}
        self._styles[None] = styles[0] if styles else Style()
        self._fallback = None if styles else Style()
        self._readers: Mapping[str | None, Callable[[str, Style], Content]] = {
            None: self._number,
            "n": self._number,
            "s": self._shared,
            "str": self._text,
            "inlineStr": self._text,
            "b": self._boolean,
            "e": self._error,
            "d": self._iso,
        }

    def read(
        self, row: int, column: int, attributes: Attributes, value: str | None, *, formula: bool
    ) -> Cell | None:
        """Give the filled cell that is stored like this, or nothing where it shows nothing.

        Raises ValueError for what its type does not allow.
        """
        style = self._styles.get(attributes.get("s"), self._fallback)
        kind = attributes.get("t")
        reader = self._readers.get(kind)
        if style is None or reader is None:
            raise ValueError("no such style or type")
        if type(value) is InlineText and kind != "inlineStr":
            raise ValueError("a text in a cell of another type")
        if (kind == "e" and "vm" in attributes) or (formula and value and _PICTURE.match(value)):
            return Cell(row, column, CellType.PICTURE, "", formula, True, style)
        if value:
            read, raw = reader(value, style)
            return Cell(row, column, read, raw, formula, True, style) if raw else None
        if formula and (value is None or kind != "str"):
            return Cell(row, column, CellType.BLANK_FORMULA, "", True, False, style)
        return None

    def _shared(self, value: str, _: Style) -> Content:
        digits = value if value.isdigit() else value.strip()
        if not (digits.isascii() and digits.isdigit() and int(digits) < len(self._texts)):
            raise ValueError("no such shared text")
        text = self._texts[int(digits)]
        self.tally.text += len(text)
        return _TEXT, text

    def _text(self, value: str, _: Style) -> Content:
        if len(value) > LONGEST_TEXT:
            raise too_big("text", len(value), LONGEST_TEXT)
        self.tally.text += len(value)
        return _TEXT, str(value) if type(value) is InlineText else plain(value)

    def _number(self, value: str, style: Style) -> Content:
        if style.moment is None:
            return _NUMBER, _decimal_text(value)
        return _moment_text(value, style.moment, date1904=self._date1904)

    def _boolean(self, value: str, _: Style) -> Content:
        value = value.strip()
        if value not in _TRUE + _FALSE:
            raise ValueError("neither true nor false")
        return CellType.BOOLEAN, "TRUE" if value in _TRUE else "FALSE"

    def _error(self, value: str, _: Style) -> Content:
        if len(value) > _ERROR_LENGTH:
            raise ValueError("no error of any program")
        return CellType.ERROR, plain(value)

    def _iso(self, value: str, style: Style) -> Content:
        return _iso_text(value.strip(), style.moment)


# --- texts: escapes undone, furigana left out, shared ones in a table ---------------------------

MOST_STRINGS = 2_000_000  # as many as the cells that may name them

_COUNT_DIGITS = 20  # a longer count is no count
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CONTROLS = {code: None for code in range(0x20) if chr(code) not in "\t\n\r"}


def plain(text: str) -> str:
    """Undo the escapes of a stored text and drop control characters, which no cell can show."""
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    # Two escapes may stand for one character beyond the first plane; half of one is none.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.translate(_CONTROLS)


class TextRuns:
    """The runs of one rich text as they come, put together at its end."""

    __slots__ = ("_length", "_parts", "_reading")

    def __init__(self) -> None:
        """Start with no text."""
        self._parts: list[str] = []
        self._length = 0
        self._reading = True

    def begin(self, _: Attributes) -> None:
        """Forget the text before."""
        self._parts = []
        self._length = 0
        self._reading = True

    def begin_phonetic(self, _: Attributes) -> None:
        """Leave out what follows: it says how the text is read aloud."""
        self._reading = False

    def end_phonetic(self, _: str) -> None:
        """Take up the text again."""
        self._reading = True

    def add(self, text: str) -> None:
        """Take one run."""
        if not self._reading:
            return
        self._length += len(text)
        if self._length > LONGEST_TEXT:
            raise too_big("text", self._length, LONGEST_TEXT)
        self._parts.append(text)

    def whole(self) -> str:
        """Give the runs as one text."""
        return plain("".join(self._parts))


def read_shared_texts(package: Package, part: str) -> list[str]:
    """Give the table of texts that cells name by their place in it."""
    table: list[str] = []
    runs = TextRuns()

    def announce(attributes: Attributes) -> None:
        promised = attributes.get("uniqueCount", "0")
        digits = promised.isascii() and promised.isdigit() and len(promised) < _COUNT_DIGITS
        if not digits or int(promised) > package.size(part):
            raise damaged(part)

    def end(_: str) -> None:
        table.append(runs.whole())
        if len(table) > MOST_STRINGS:
            raise too_big("strings", len(table), MOST_STRINGS)

    handlers = Handlers(
        {"sst": announce, "si": runs.begin, "rPh": runs.begin_phonetic},
        {"t": runs.add, "rPh": runs.end_phonetic, "si": end},
        depths={"si": 2},
    )
    package.parse(part, handlers)
    return table


# --- numbers and serial dates --------------------------------------------------------------------

_NUMERAL = re.compile(r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,5})?\s*", re.ASCII)
_EXACT_DIGITS = 15  # so many digits survive a double unchanged
_PLAIN_EXPONENTS = range(-15, 21)  # beyond these a number is written with an exponent

_DAY = 86_400_000  # milliseconds
_LAST_SERIAL = 2_958_466  # the first serial after 31 December 9999
_LEAP_BUG = 60  # 29 February 1900, a day that Excel counts and no calendar has
_EPOCH_BEFORE_BUG = date(1899, 12, 31)
_EPOCH = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
_BEFORE_DATES = 1900  # a time of day may be written with one of Excel's zero days before this year

_ISO = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})?"
    r"(?:T?(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?))?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)


def _number_of(text: str) -> float:
    """Read a stored number; ValueError for what is no finite one."""
    if not _NUMERAL.fullmatch(text) or not math.isfinite(number := float(text)):
        raise ValueError(f"no number {text[:40]!r}")
    return number


def _decimal_text(text: str) -> str:
    """Give the shortest decimal that is the same double as the stored number."""
    if len(text) <= _EXACT_DIGITS and text.isascii() and text.isdigit():
        return text.lstrip("0") or "0"
    return _shortest(_number_of(text))


@lru_cache(maxsize=4096)
def _moment_text(text: str, moment: Moment, *, date1904: bool) -> tuple[CellType, str]:
    """Turn a serial into an ISO date or time; one that names no day stays a number."""
    number = _number_of(text)
    if moment is Moment.ELAPSED and 0 <= number < _LAST_SERIAL:
        return CellType.TIME, _clock(round(number * _DAY))
    day = math.floor(number)
    # The fraction never rounds up into the next day: the day shown is the day stored.
    clock = min(round((number - day) * _DAY), _DAY - 1)
    if day == 0 and (moment is Moment.TIME or (moment is Moment.BOTH and not date1904)):
        return CellType.TIME, _clock(clock)
    calendar_day = _date(day, date1904=date1904)
    if calendar_day is None or moment is Moment.ELAPSED:
        return CellType.NUMBER, _shortest(number)
    return CellType.DATE, _stamp(calendar_day, clock)


def _iso_text(text: str, moment: Moment | None) -> tuple[CellType, str]:
    """Read a date or time that is stored in ISO form; the zone, which no sheet has, is left out."""
    match = _ISO.fullmatch(text)
    if match is None or not (match["date"] or match["time"]):
        raise ValueError(f"no date {text[:40]!r}")
    clock = _milliseconds(match["time"]) if match["time"] else 0
    if match["date"] is None:
        return CellType.TIME, _clock(clock)
    day = date.fromisoformat(match["date"])
    if moment is Moment.TIME and day.year < _BEFORE_DATES:
        return CellType.TIME, _clock(clock)
    return CellType.DATE, _stamp(day, clock)


def _shortest(number: float) -> str:
    """Write a double in the fewest digits, without an exponent where that is readable."""
    if not number:
        return "0"
    text = repr(number)
    if "e" not in text:
        return text.removesuffix(".0")
    exact = Decimal(text)
    if exact.adjusted() not in _PLAIN_EXPONENTS:
        return text.upper()
    return format(exact, "f")


def _date(day: int, *, date1904: bool) -> date | None:
    """Give the calendar day that a whole serial stands for, if there is one."""
    epoch = _EPOCH_1904 if date1904 else _EPOCH
    first = 0 if date1904 else 1
    if not first <= day < _LAST_SERIAL - (0 if not date1904 else (_EPOCH_1904 - _EPOCH).days):
        return None
    if not date1904 and day <= _LEAP_BUG:
        return None if day == _LEAP_BUG else _EPOCH_BEFORE_BUG + timedelta(day)
    return epoch + timedelta(day)


def _stamp(day: date, clock: int) -> str:
    """Write a day, with its time only where there is one."""
    return f"{day.isoformat()}T{_clock(clock)}" if clock else day.isoformat()


def _clock(milliseconds: int) -> str:
    """Write hours, minutes and seconds; hours go on past 24 for an elapsed time."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    text = f"{hour:02}:{minute:02}:{second:02}"
    return f"{text}.{rest:03}" if rest else text


def _milliseconds(text: str) -> int:
    """Read a time of day, cut after the millisecond."""
    whole, _, fraction = text.partition(".")
    read = time.fromisoformat(whole)
    seconds = (read.hour * 60 + read.minute) * 60 + read.second
    return seconds * 1000 + int(fraction[:3].ljust(3, "0"))
