"""What a stored value means: text, number, date, truth or error, by its type and its format."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.workbook.grid import Cell, CellType, Style
from pipeline.workbook.refusal import too_big
from pipeline.workbook.serials import decimal_text, iso_text, moment_text
from pipeline.workbook.texts import plain
from pipeline.workbook.xml_stream import LONGEST_TEXT, Attributes

# Limits over all sheets of a workbook, from the sizes of 2,500 public workbooks (the largest held
# one million filled cells).
MOST_CELLS = 2_000_000
MOST_BLANKS = 5_000_000  # cells with a look and no value
MOST_TEXT = 200_000_000  # characters, counted at every cell that shows them
MOST_MERGED = 2_000_000  # cells under merged ranges

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
            return _NUMBER, decimal_text(value)
        return moment_text(value, style.moment, date1904=self._date1904)

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
        return iso_text(value.strip(), style.moment)
