"""Every formula of a report evaluated by another road: from its text and its cells alone.

Nothing here knows how the report came to be. A function or a syntax that is not known is a
finding, never passed over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, localcontext
from functools import cached_property
from itertools import product

from pipeline.audit.excel_criteria import meets
from pipeline.audit.excel_functions import (
    Area,
    ExcelError,
    Formula,
    NotComputable,
    Scalar,
    Value,
    shown,
)
from pipeline.audit.formula_parser import FormulaParser
from pipeline.audit.report_file import Place, ReportFile, parsed_area, plain_text

_SAME_DIGITS = Decimal("1e-12")
_DIGITS = 40
_NOWHERE = Place("", 1, 1)
_DEEPEST = 200


@dataclass(frozen=True)
class Recomputed:
    """A formula that does not come out: what its cell keeps, what it comes to, what is expected.

    `why` says what makes it that it cannot be computed, `is_kept` that its cell keeps the value.
    """

    place: Place
    formula: str
    kept: str
    value: str
    expected: str
    why: str = ""
    is_kept: bool = False


@dataclass(frozen=True)
class Recomputation:
    """How many formulas were computed, and those that come to another value.

    `unkept` are those whose own cell keeps another one: no program that calculates leaves that.
    """

    count: int
    wrong: tuple[Recomputed, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether every formula was computed and came out."""
        return not self.wrong

    @property
    def unkept(self) -> tuple[Recomputed, ...]:
        """The formulas that keep what they do not come to."""
        return tuple(each for each in self.wrong if not each.why and not each.is_kept)

    def as_json(self) -> Mapping[str, object]:
        """`{count, wrong}`, with sheet and cell."""
        wrong = [{**asdict(each), "place": str(each.place)} for each in self.wrong]
        return {"count": self.count, "wrong": wrong}


def recompute(report: ReportFile, anew: ReportFile) -> Recomputation:
    """Every formula of a report computed, beside what it keeps and what the inputs give there."""
    if not report.readable:
        return Recomputation(0, (Recomputed(_NOWHERE, "", "", "", "", "openpyxl"),))
    evaluator = Evaluator(report)
    with localcontext(prec=_DIGITS):
        results = [evaluator.check(place, anew.number(place)) for place in sorted(report.formulas)]
    return Recomputation(len(results), tuple(filter(None, results)))


class Evaluator:
    """Computes the cells of one report, each once."""

    def __init__(self, report: ReportFile) -> None:
        """Know nothing yet but the report's names."""
        self._report = report
        self._results: dict[Place, Scalar | Exception] = {}
        self._parsed: dict[str, Formula] = {}
        self._meeting: dict[tuple[Area, str], frozenset[int]] = {}
        self._under_way: list[Place] = []

    @cached_property
    def _targets(self) -> Mapping[str, str]:
        return {name.lower(): target for name, target in self._report.targets.items()}

    def check(self, place: Place, expected: object) -> Recomputed | None:
        """What is wrong with the formula of a cell; None if its value is what it ought to be."""
        formula, kept = self._report.formula(place), self._report.number(place)
        value, why = None, ""
        try:
            value = self.cell(place)
        except NotComputable as unknown:
            why = str(unknown) or formula
        except ExcelError as error:
            value = str(error)
        is_kept = not why and _equal(value, kept)
        if is_kept and _equal(value, expected):
            return None
        texts = (plain_text(kept), shown(value), plain_text(expected))
        return Recomputed(place, formula, *texts, why, is_kept)

    def cell(self, place: Place) -> Scalar:
        """What a cell comes to."""
        if place not in self._results:
            self._results[place] = self._outcome(place)
        result = self._results[place]
        if isinstance(result, Exception):
            raise result
        return result

    def _outcome(self, place: Place) -> Scalar | Exception:
        formula = self._report.formula(place)
        if not formula:
            return _exact(self._report.number(place))
        if place in self._under_way or len(self._under_way) > _DEEPEST:
            return NotComputable("circular")
        self._under_way.append(place)
        try:
            if formula not in self._parsed:
                self._parsed[formula] = FormulaParser(formula).whole()
            result = self.single(self._parsed[formula](self, place))
            return Decimal(0) if result is None else result
        except (NotComputable, ExcelError) as problem:
            return problem
        finally:
            self._under_way.pop()

    # --- references -----------------------------------------------------------------------------

    def reference(self, text: str, place: Place) -> Value:
        """What a reference or a defined name stands for."""
        name = text.lower()
        target = self._targets.get(f"{place.sheet.lower()}!{name}", self._targets.get(name))
        try:
            sheet, area = parsed_area(target or text)
        except ValueError:
            raise NotComputable(target or text) from None
        if sheet and sheet not in self._report.sheet_names:
            raise NotComputable(target or text)
        return (sheet or place.sheet, area)

    def single(self, value: Value) -> Scalar:
        """The one value that is meant; a range of several is none."""
        if not isinstance(value, tuple):
            return value
        sheet, (top, left, bottom, right) = value
        if (top, left) != (bottom, right):
            raise NotComputable(f"{sheet}!{(top, left, bottom, right)}")
        return self.cell(Place(sheet, top, left))

    def members(self, area: Value) -> Sequence[Scalar]:
        """Every value of a range, row by row."""
        if not isinstance(area, tuple):
            return [area]
        sheet, (top, left, bottom, right) = area
        places = product(range(top, bottom + 1), range(left, right + 1))
        return [self.cell(Place(sheet, row, column)) for row, column in places]

    def meeting(self, area: Value, criterion: Scalar) -> frozenset[int]:
        """Which members of a range meet a criterion, by their number; each asked for once."""
        if not isinstance(area, tuple):
            raise NotComputable("a criterion over no range")
        key = (area, repr(criterion))
        if key not in self._meeting:
            wanted = meets(criterion)
            members = enumerate(self.members(area))
            self._meeting[key] = frozenset(number for number, each in members if wanted(each))
        return self._meeting[key]


def _exact(value: object) -> Scalar:
    """A cell's value as the evaluator has it: every number the decimal that it is written as."""
    if value is None or isinstance(value, (bool, str)):
        return value
    return Decimal(repr(value)) if isinstance(value, (int, float)) else str(value)


def _equal(value: object, kept: object) -> bool:
    """Whether a formula comes to what its cell keeps, numbers in the digits that Excel has.

    openpyxl reads an empty text that is kept as nothing kept.
    """
    other = "" if kept is None and value == "" else _exact(kept)
    if isinstance(value, Decimal) and isinstance(other, Decimal):
        return abs(value - other) <= _SAME_DIGITS * max(abs(value), abs(other))
    return type(value) is type(other) and value == other
