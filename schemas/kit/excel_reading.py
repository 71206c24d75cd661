"""How Excel reads a cell of each kind, as nearly as its formulas can do what the reader does.

All are formulas for an array of cells, of functions of Excel 2010, and never end in an error. They
are sure of what they accept and of what they accuse; a number or day typed as text, which only the
reader can tell, is neither.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

# Defined names of arrays: every digit, and as many ones to add up by.
_DIGITS = "0123456789๐๑๒๓๔๕๖๗๘๙"
CONSTANTS: Mapping[str, str] = {
    "every_digit": "={" + ",".join(f'"{digit}"' for digit in _DIGITS) + "}",
    "every_one": "={" + ";".join("1" * len(_DIGITS)) + "}",
}
_EPOCH = date(1899, 12, 30)
_ALIKE = {" ": "", "\u00a0": "", ".": "", "–": "-", "—": "-", "เเ": "แ", "ำ": "า"}
_ALIKE["\u0e4d\u0e32"] = "า"
_NOTHING = ("–", "—", "-", " ", "ไม่มี")
_LARGEST = "1E+15"
_LIKELY_YEARS = ((1977, 2056), (2400, 2942))  # of C.E., and of พ.ศ. taken for C.E.


@dataclass(frozen=True)
class ExcelReading:
    """Formulas for the cells of a column: what they hold, and how certain that is.

    `known` and `blank` exclude each other; `unsure` is a cell that only the reader can tell.
    """

    value: str
    known: str
    blank: str
    unsure: str = ""

    def wrong(self, beyond: str = "") -> str:
        """Where a cell is filled and neither known, within its bounds, nor left to the reader."""
        known = f"{self.known}*(1-{beyond})" if beyond else self.known
        unsure = f"*(1-{self.unsure})" if self.unsure else ""
        return f"(1-{self.blank})*(1-{known}){unsure}"


@dataclass(frozen=True)
class Lists:
    """The array or name of the keys a column is chosen from, and the first month of the round."""

    keys: str
    first_month: date


def literal(day: date) -> int:
    """A day as Excel counts it."""
    return day.toordinal() - _EPOCH.toordinal()


def one_of(key: str, keys: Sequence[str]) -> str:
    """Where a key is one of these."""
    if len(keys) == 1:
        return f'({key}="{keys[0]}")'
    return f"ISNUMBER(MATCH({key},{array(keys)},0))"


def array(texts: Sequence[str]) -> str:
    """Texts as an array written out in a formula, one below the other."""
    return "{" + ";".join(f'"{text}"' for text in texts) + "}"


def bases(names: Sequence[str], cells: str) -> Mapping[str, str]:
    """The defined names in which the formulas of a column speak, beside that of its cells.

    They are the text of its cells, its matching key, the number and the day that it is.
    """
    plain = f'TRIM(IFERROR({cells}&"","#N/A"))'  # an error in a cell is a text that nobody types
    number = f"IF(ISNUMBER({cells}),{cells},0)"
    day = _day_of(f"{cells}.number")
    formulas = {"text": plain, "key": _key(plain), "number": number, "day": day}
    return {f"{cells}.{base}": f"={formulas[base]}" for base in names}


def _key(plain: str) -> str:
    """The matching key of a text, but for what is seldom typed."""
    for sign, alike in _ALIKE.items():
        plain = f'SUBSTITUTE({plain},"{sign}","{alike}")'
    return f'LOWER(SUBSTITUTE({plain},CHAR(10),""))'


def _day_of(number: str) -> str:
    """A number as a day: a year of พ.ศ. is brought to C.E."""
    moved = f"DATE(YEAR({number})-543,MONTH({number}),DAY({number}))"
    return f"IFERROR(IF({number}>={literal(date(2400, 1, 1))},{moved},INT({number})),0)"


def of_text(cells: str, _: Lists) -> ExcelReading:
    """Any text."""
    return _filled(cells, f'({cells}.text="")')


def of_code(cells: str, _: Lists) -> ExcelReading:
    """Any text but a dash, which says that there is none."""
    return _filled(cells, _nothing(f"{cells}.text"))


def of_listed(cells: str, lists: Lists) -> ExcelReading:
    """One of a list, however it is spelt."""
    key = f"{cells}.key"
    return ExcelReading(key, f"ISNUMBER(MATCH({key},{lists.keys},0))", f'({key}="")')


def of_number(cells: str, _: Lists, decimals: int = 0) -> ExcelReading:
    """A number stored without its point; more decimals than it has are not read."""
    number = f"{cells}.number"
    if not decimals:
        return _typed(cells, number, f"({number}=INT({number}))*(ABS({number})<{_LARGEST})")
    sound = f"(ROUND({number},{decimals})={number})*(ABS({number})<{_LARGEST})"
    return _typed(cells, f"ROUND({number}*{10**decimals},0)", sound)


def of_day(cells: str, _: Lists) -> ExcelReading:
    """A day in either calendar, of a year that is likely."""
    number, spans = f"{cells}.number", []
    for first, last in _LIKELY_YEARS:
        low, high = literal(date(first, 1, 1)), literal(date(last, 12, 31))
        spans.append(f"({number}>={low})*({number}<={high})")
    return _typed(cells, f"{cells}.day", f"({'+'.join(spans)}>0)")


def _filled(cells: str, blank: str) -> ExcelReading:
    return ExcelReading(f"{cells}.text", f"(1-{blank})*(1-ISERROR({cells}))", blank)


def _typed(cells: str, value: str, sound: str) -> ExcelReading:
    """A number or day: a text of it that has a digit is left to the reader."""
    known, plain = f"ISNUMBER({cells})*{sound}", f"{cells}.text"
    blank = _nothing(plain)
    has_digit = f"(MMULT(1*ISNUMBER(FIND(every_digit,{plain})),every_one)>0)"
    return ExcelReading(value, known, blank, f"ISTEXT({cells})*{has_digit}")


def _nothing(plain: str) -> str:
    """Where a text says that there is nothing, in dashes or the word for it."""
    for sign in _NOTHING:
        plain = f'SUBSTITUTE({plain},"{sign}","")'
    return f'({plain}="")'
