"""The functions and operators of Excel that reports use, over exact decimals.

Numbers are rounded half away from zero, as Excel rounds.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import partial
from typing import Protocol

from pipeline.audit.report_file import Place, day_number, plain_text

Scalar = Decimal | str | bool | None
Area = tuple[str, tuple[int, int, int, int]]
Value = Scalar | Area
_DIVISION, _VALUE = "#DIV/0!", "#VALUE!"


class NotComputable(Exception):  # noqa: N818 - it says what the formula is
    """A formula that this cells does not know how to compute, and why."""


class ExcelError(Exception):
    """A formula whose result is an error, as its code."""


class Cells(Protocol):
    """What a function asks of the workbook that it stands in."""

    def reference(self, text: str, place: Place) -> Value:
        """What a reference or a defined name stands for."""

    def single(self, value: Value) -> Scalar:
        """The one value that is meant."""

    def members(self, area: Value) -> Sequence[Scalar]:
        """Every value of a range."""

    def meeting(self, area: Value, criterion: Scalar) -> frozenset[int]:
        """Which members of a range meet a criterion, by their number."""


Formula = Callable[[Cells, Place], Value]


# --- functions ----------------------------------------------------------------------------------


def _number(value: Scalar) -> Decimal:
    """A value in arithmetic: a blank is 0, a truth value 1 or 0, a text its number or an error."""
    if isinstance(value, bool):
        return Decimal(int(value))
    if value is None or isinstance(value, Decimal):
        return value or Decimal(0)
    try:
        return Decimal(value)
    except InvalidOperation:
        raise ExcelError(_VALUE) from None


def _round(cells: Cells, *values: Value) -> Scalar:
    number, digits = (_number(cells.single(each)) for each in values)
    return number.quantize(Decimal(1).scaleb(-int(digits)), rounding=ROUND_HALF_UP)


def _date(cells: Cells, *values: Value) -> Scalar:
    numbers = [int(_number(cells.single(each))) for each in values]
    try:
        return Decimal(int(day_number(date(*numbers))))
    except ValueError:
        raise NotComputable("DATE") from None


def _counted(cells: Cells, *pairs: Value) -> Scalar:
    return Decimal(len(_rows(cells, pairs)))


def _summed(cells: Cells, area: Value, *pairs: Value) -> Scalar:
    members = cells.members(area)
    rows = _rows(cells, pairs)
    if rows and max(rows) >= len(members):
        raise ExcelError(_VALUE)
    numbers = (members[row] for row in rows)
    return sum((each for each in numbers if isinstance(each, Decimal)), Decimal(0))


def _rows(cells: Cells, pairs: Sequence[Value]) -> frozenset[int]:
    """The members that meet every criterion of pairs of range and criterion."""
    if not pairs or len(pairs) % 2:
        raise NotComputable("a range without a criterion")
    sets = [
        cells.meeting(area, cells.single(criterion))
        for area, criterion in zip(pairs[::2], pairs[1::2], strict=True)
    ]
    return frozenset.intersection(*sets)


def _filled(cells: Cells, *areas: Value) -> Scalar:
    return Decimal(sum(each is not None for area in areas for each in cells.members(area)))


def _total(cells: Cells, *areas: Value) -> Scalar:
    members = (each for area in areas for each in cells.members(area))
    return sum((each for each in members if isinstance(each, Decimal)), Decimal(0))


def _smallest(cells: Cells, *areas: Value) -> Scalar:
    members = (each for area in areas for each in cells.members(area))
    return min((each for each in members if isinstance(each, Decimal)), default=Decimal(0))


def _any(cells: Cells, *areas: Value) -> Scalar:
    return any(_true(each) for area in areas for each in cells.members(area))


def _true(value: Scalar) -> bool:
    if isinstance(value, str):
        raise ExcelError(_VALUE)
    return bool(value)


# Each with the least and the greatest number of its arguments.
_FUNCTIONS: Mapping[str, tuple[Callable[..., Scalar], int, int]] = {
    "ROUND": (_round, 2, 2),
    "DATE": (_date, 3, 3),
    "COUNTIFS": (_counted, 2, 254),
    "COUNTIF": (_counted, 2, 2),
    "SUMIFS": (_summed, 3, 255),
    "SUM": (_total, 1, 255),
    "COUNTA": (_filled, 1, 255),
    "MIN": (_smallest, 1, 255),
    "OR": (_any, 1, 255),
}


def _call_if(arguments: Sequence[Formula], cells: Cells, place: Place) -> Value:
    """IF computes only the branch that is taken."""
    if _true(cells.single(arguments[0](cells, place))):
        return arguments[1](cells, place)
    return arguments[2](cells, place) if len(arguments) > 2 else False


def function_call(name: str, arguments: Sequence[Formula]) -> Formula:
    """A call, once it is sure that function and number of arguments are known."""
    if name == "IF" and len(arguments) in (2, 3):
        return partial(_call_if, arguments)
    function, least, most = _FUNCTIONS.get(name, (None, 0, 0))
    if function is None or not least <= len(arguments) <= most:
        raise NotComputable(f"{name}/{len(arguments)}")
    return lambda cells, place: function(cells, *(each(cells, place) for each in arguments))


# --- operators ----------------------------------------------------------------------------------


def _divide(left: Scalar, right: Scalar) -> Scalar:
    if not _number(right):
        raise ExcelError(_DIVISION)
    return _number(left) / _number(right)


def _order(value: Scalar, other: Scalar) -> tuple[int, Decimal | str | bool]:
    """Where a value stands among others: numbers before texts before truth values."""
    if value is None:
        value = "" if isinstance(other, str) else Decimal(0)
    if isinstance(value, bool):
        return 2, value
    return (1, value.lower()) if isinstance(value, str) else (0, value)


def _compare(test: Callable[[int], bool], left: Scalar, right: Scalar) -> Scalar:
    one, other = _order(left, right), _order(right, left)
    if one[0] != other[0]:
        return test(one[0] - other[0])
    return test((one > other) - (one < other))


OPERATORS: Mapping[str, tuple[int, Callable[[Scalar, Scalar], Scalar]]] = {
    "=": (1, partial(_compare, lambda sign: sign == 0)),
    "<>": (1, partial(_compare, lambda sign: sign != 0)),
    "<": (1, partial(_compare, lambda sign: sign < 0)),
    "<=": (1, partial(_compare, lambda sign: sign <= 0)),
    ">": (1, partial(_compare, lambda sign: sign > 0)),
    ">=": (1, partial(_compare, lambda sign: sign >= 0)),
    "&": (2, lambda left, right: shown(left) + shown(right)),
    "+": (3, lambda left, right: _number(left) + _number(right)),
    "-": (3, lambda left, right: _number(left) - _number(right)),
    "*": (4, lambda left, right: _number(left) * _number(right)),
    "/": (4, _divide),
}


def operation(act: Callable[[Scalar, Scalar], Scalar], left: Formula, right: Formula) -> Formula:
    """An operator between two formulas."""
    return lambda cells, place: act(
        cells.single(left(cells, place)), cells.single(right(cells, place))
    )


def signed(sign: str, operand: Formula) -> Formula:
    """A formula behind a plus or a minus sign."""
    if sign == "-":
        return lambda cells, place: -_number(cells.single(operand(cells, place)))
    return operand


def shown(value: object) -> str:
    """A value as Excel joins it to a text."""
    if isinstance(value, Decimal):
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return plain_text(value)
