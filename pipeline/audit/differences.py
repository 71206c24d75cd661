"""Two reports cell by cell: where they differ in a value, a formula, a name, a sheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pipeline.audit.report_file import Place, ReportFile
from pipeline.workbook.package import NotAWorkbook, open_package
from pipeline.workbook.reader import CellType

# Another program keeps a number as it is or in fewer digits; Excel itself has 15.
_SAME_DIGITS = Decimal("1e-12")


@dataclass(frozen=True)
class Difference:
    """What a report says and what the inputs give, at a cell; without one it is the report's own.

    `effect` says that only the value of a formula differs: its cause lies elsewhere.
    """

    place: Place | None
    printed: str
    expected: str
    effect: bool = False


def same_members(one: bytes, other: bytes) -> bool:
    """Whether two workbooks hold the same parts, however they are compressed."""
    try:
        left, right = open_package(one), open_package(other)
        same_names = left.names == right.names
        return same_names and all(left.read(name) == right.read(name) for name in left.names)
    except NotAWorkbook:
        return False


def differences(report: ReportFile, anew: ReportFile) -> Iterator[Difference]:
    """Every difference, in the order of the sheets and their cells; `anew` is the report rebuilt.

    The properties that name hashes and versions are compared by who knows what they mean.
    """
    if report.sheet_names != anew.sheet_names:
        yield Difference(None, ", ".join(report.sheet_names), ", ".join(anew.sheet_names))
    for sheet in anew.sheet_names:
        if sheet in report.sheet_names:
            yield from _cells(report, anew, sorted(report.places(sheet) | anew.places(sheet)))
    for name in sorted(report.names.keys() | anew.names.keys()):
        here, there = report.names.get(name), anew.names.get(name)
        if here != there:
            yield Difference(there or here, f"{name} = {here}", f"{name} = {there}")


def _cells(report: ReportFile, anew: ReportFile, places: Sequence[Place]) -> Iterator[Difference]:
    for place in places:
        same_formula = report.formula(place) == anew.formula(place)
        if same_formula and _same(report.content(place), anew.content(place)):
            continue
        if same_formula:
            effect = bool(anew.formula(place))
            yield Difference(place, report.value(place) or "-", anew.value(place) or "-", effect)
        else:
            yield Difference(place, _with_formula(report, place), _with_formula(anew, place))


def _same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two contents (kind, text) are equal, numbers in all digits that Excel keeps.

    A formula whose value was dropped by another program claims nothing.
    """
    if one[0] == CellType.BLANK_FORMULA:
        return True
    if one == other or one[0] != other[0]:
        return one == other
    try:
        left, right = Decimal(one[1]), Decimal(other[1])
    except InvalidOperation:
        return False
    return abs(left - right) <= _SAME_DIGITS * max(abs(left), abs(right))


def _with_formula(report: ReportFile, place: Place) -> str:
    """The value of a cell, and its formula where it has one."""
    formula = report.formula(place)
    value = report.value(place) or "-"
    return f"{value}  (={formula})" if formula else value
