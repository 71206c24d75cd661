"""How Excel reads a cell of each kind, as nearly as its formulas can do what the reader does.

All are formulas for an array of cells, of functions of Excel 2010, and never end in an error. They
are sure of what they accept and of what they accuse; a number or day typed as text, which only the
reader can tell, is neither.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from schemas.kit.columns import Column
from schemas.kit.kinds import TICKED, UNTICKED, ColumnKind, Context
from schemas.kit.thai.dates import FULL, SHORT, be_year
from schemas.kit.thai.text import matching_key

# Defined names of arrays: every digit, and as many ones to add up by.
_DIGITS = "0123456789๐๑๒๓๔๕๖๗๘๙"
CONSTANTS: Mapping[str, str] = {
    "every_digit": "={" + ",".join(f'"{digit}"' for digit in _DIGITS) + "}",
    "every_one": "={" + ";".join("1" for _ in _DIGITS) + "}",
}
_EPOCH = date(1899, 12, 30)
_ALIKE = {
    " ": "",
    "\u00a0": "",
    ".": "",
    "–": "-",
    "—": "-",
    "เเ": "แ",
    "ำ": "า",
    "\u0e4d\u0e32": "า",
}
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
    return (date(day.year, day.month, day.day) - _EPOCH).days


def one_of(key: str, keys: Sequence[str]) -> str:
    """Where a key is one of these."""
    if len(keys) == 1:
        return f'({key}="{keys[0]}")'
    return f"ISNUMBER(MATCH({key},{array(keys)},0))"


def array(texts: Sequence[str]) -> str:
    """Texts as an array written out in a formula, one below the other."""
    return "{" + ";".join(f'"{text}"' for text in texts) + "}"


def _none_or(key: str, *others: str) -> str:
    """Where a key is empty or one of these."""
    return f'(({key}="")+{one_of(key, others)}>0)'


def keys_of(column: Column, context: Context) -> tuple[str, ...]:
    """The matching keys of all that may be typed into a column; those of a month side by side."""
    if column.kind is ColumnKind.MONTH and context.round:
        months = context.round.months_list
        return tuple(matching_key(each) for month in months for each in _spellings(month))
    if column.kind is ColumnKind.DIVISION:
        codes = (code.removeprefix("0") for code in context.divisions)  # as a number shows them
        return tuple(dict.fromkeys((*context.division_keys, *codes)))
    return tuple(column.choice_keys)


def _spellings(month: date) -> list[str]:
    """A month as it may be written; without a year it is that of the round."""
    year = be_year(month)
    return [
        name + after
        for name in (FULL[month.month - 1], SHORT[month.month - 1])
        for after in (str(year), str(year % 100), "")
    ]


def bases(column: Column, cells: str) -> Mapping[str, str]:
    """The defined names in which the formulas of a column speak, beside that of its cells."""
    plain = f'TRIM(IFERROR({cells}&"","#N/A"))'  # an error in a cell is a text that nobody types
    number = f"IF(ISNUMBER({cells}),{cells},0)"
    day = _day_of(f"{cells}.number")
    made = {"text": plain, "key": _key(plain), "number": number, "day": day}
    return {f"{cells}.{base}": f"={made[base]}" for base in _BASES[column.kind]}


def _key(plain: str) -> str:
    """The matching key of a text, but for what is seldom typed."""
    for sign, alike in _ALIKE.items():
        plain = f'SUBSTITUTE({plain},"{sign}","{alike}")'
    return f'LOWER(SUBSTITUTE({plain},CHAR(10),""))'


def _day_of(number: str) -> str:
    """A number as a day: a year of พ.ศ. is brought to C.E."""
    moved = f"DATE(YEAR({number})-543,MONTH({number}),DAY({number}))"
    return f"IFERROR(IF({number}>={literal(date(2400, 1, 1))},{moved},INT({number})),0)"


def _text(cells: str, _: Lists) -> ExcelReading:
    blank = f'({cells}.text="")'
    return ExcelReading(f"{cells}.text", f"(1-{blank})*(1-ISERROR({cells}))", blank)


def _code(cells: str, _: Lists) -> ExcelReading:
    blank = _nothing(f"{cells}.text")
    return ExcelReading(f"{cells}.text", f"(1-{blank})*(1-ISERROR({cells}))", blank)


def _listed(cells: str, lists: Lists) -> ExcelReading:
    key = f"{cells}.key"
    return ExcelReading(key, f"ISNUMBER(MATCH({key},{lists.keys},0))", f'({key}="")')


def _tick(cells: str, _: Lists) -> ExcelReading:
    key = f"{cells}.key"
    return ExcelReading(key, one_of(key, TICKED), _none_or(key, *UNTICKED))


def _count(cells: str, _: Lists) -> ExcelReading:
    number = f"{cells}.number"
    return _typed(cells, number, f"({number}=INT({number}))*(ABS({number})<{_LARGEST})")


def _money(cells: str, _: Lists) -> ExcelReading:
    """Satang; more than two decimals are not read."""
    number = f"{cells}.number"
    sound = f"(ROUND({number},2)={number})*(ABS({number})<{_LARGEST})"
    return _typed(cells, f"ROUND({number}*100,0)", sound)


def _day(cells: str, _: Lists) -> ExcelReading:
    """A day in either calendar, of a year that is likely."""
    number, spans = f"{cells}.number", []
    for first, last in _LIKELY_YEARS:
        low, high = literal(date(first, 1, 1)), literal(date(last, 12, 31))
        spans.append(f"({number}>={low})*({number}<={high})")
    return _typed(cells, f"{cells}.day", f"({'+'.join(spans)}>0)")


def _month(cells: str, lists: Lists) -> ExcelReading:
    """A day stands for its month; a text is one of the round's months, which follow each other."""
    days, place = _day(cells, lists), f"MATCH({cells}.key,{lists.keys},0)"
    start, each = lists.first_month, len(_spellings(lists.first_month))
    named = f"DATE({start.year},{start.month}+INT(({place}-1)/{each}),1)"
    first = f"DATE(YEAR({days.value}),MONTH({days.value}),1)"
    return ExcelReading(
        f"IFERROR({named},IFERROR({first},0))",
        f"({days.known}+ISNUMBER({place})>0)",
        days.blank,
        days.unsure,
    )


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


_BASES: Mapping[ColumnKind, tuple[str, ...]] = {
    ColumnKind.TEXT: ("text",),
    ColumnKind.CODE: ("text",),
    ColumnKind.CHOICE: ("key",),
    ColumnKind.DIVISION: ("key",),
    ColumnKind.MONEY: ("text", "number"),
    ColumnKind.COUNT: ("text", "number"),
    ColumnKind.DAY: ("text", "number", "day"),
    ColumnKind.MONTH: ("text", "key", "number", "day"),
    ColumnKind.TICK: ("key",),
}
READINGS: Mapping[ColumnKind, Callable[[str, Lists], ExcelReading]] = {
    ColumnKind.TEXT: _text,
    ColumnKind.CODE: _code,
    ColumnKind.CHOICE: _listed,
    ColumnKind.DIVISION: _listed,
    ColumnKind.MONEY: _money,
    ColumnKind.COUNT: _count,
    ColumnKind.DAY: _day,
    ColumnKind.MONTH: _month,
    ColumnKind.TICK: _tick,
}
