"""Every formula of a report evaluated by another road: from its text and its cells alone.

Nothing here knows how the report came to be. Numbers are exact decimals, rounded half away from
zero as Excel rounds. A function or a syntax that is not known is a finding, never passed over.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from functools import cached_property, partial
from itertools import product

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError
from openpyxl.utils.datetime import to_excel

from pipeline.audit.criteria import meets
from pipeline.audit.report_file import Place, ReportFile, parsed_area, plain_text

_SAME_DIGITS = Decimal("1e-12")
_DIGITS = 40
_NOWHERE = Place("", 1, 1)
_DEEPEST = 200
_DIVISION, _VALUE, _NAME = "#DIV/0!", "#VALUE!", "#NAME?"

Scalar = Decimal | str | bool | None
Area = tuple[str, tuple[int, int, int, int]]
Value = Scalar | Area


class NotComputable(Exception):  # noqa: N818 - it says what the formula is
    """A formula that this evaluator does not know how to compute, and why."""


class ExcelError(Exception):
    """A formula whose result is an error, as its code."""


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
        found = [evaluator.check(place, anew.number(place)) for place in sorted(report.formulas)]
    return Recomputation(len(found), tuple(each for each in found if each is not None))


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
        value: object
        try:
            value = self.cell(place)
        except NotComputable as unknown:
            texts = (plain_text(kept), "", plain_text(expected))
            return Recomputed(place, formula, *texts, str(unknown))
        except ExcelError as error:
            value = str(error)
        is_kept = _equal(value, kept)
        if is_kept and _equal(value, expected):
            return None
        texts = (plain_text(kept), _shown(value), plain_text(expected))
        return Recomputed(place, formula, *texts, is_kept=is_kept)

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
                self._parsed[formula] = Parser(formula).whole()
            result = self.single(self._parsed[formula](self, place))
            return Decimal(0) if result is None else result
        except (NotComputable, ExcelError) as problem:
            return problem
        finally:
            self._under_way.pop()

    # --- references -----------------------------------------------------------------------------

    def reference(self, text: str, place: Place) -> Value:
        """What a reference or a defined name stands for."""
        sheet = place.sheet.lower()
        target = self._targets.get(f"{sheet}!{text.lower()}", self._targets.get(text.lower()))
        try:
            named, area = parsed_area(target or text)
        except ValueError:
            raise NotComputable(target or text) from None
        if named and named not in self._report.sheet_names:
            raise NotComputable(target or text)
        return (named or place.sheet, area)

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
            found = (number for number, each in enumerate(self.members(area)) if wanted(each))
            self._meeting[key] = frozenset(found)
        return self._meeting[key]


Formula = Callable[[Evaluator, Place], Value]


# --- the functions that reports use ---------------------------------------------------------------


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


def _round(number: Scalar, digits: Scalar) -> Scalar:
    step = Decimal(1).scaleb(-int(_number(digits)))
    return _number(number).quantize(step, rounding=ROUND_HALF_UP)


def _date(year: Scalar, month: Scalar, day: Scalar) -> Scalar:
    numbers = (int(_number(each)) for each in (year, month, day))
    try:
        return Decimal(int(to_excel(date(*numbers))))
    except ValueError:
        raise NotComputable("DATE") from None


def _counted(evaluator: Evaluator, *pairs: Value) -> Scalar:
    return Decimal(len(_rows(evaluator, pairs)))


def _summed(evaluator: Evaluator, area: Value, *pairs: Value) -> Scalar:
    members = evaluator.members(area)
    rows = _rows(evaluator, pairs)
    if rows and max(rows) >= len(members):
        raise ExcelError(_VALUE)
    numbers = (members[row] for row in rows)
    return sum((each for each in numbers if isinstance(each, Decimal)), Decimal(0))


def _rows(evaluator: Evaluator, pairs: Sequence[Value]) -> frozenset[int]:
    """The members that meet every criterion of pairs of range and criterion."""
    if not pairs or len(pairs) % 2:
        raise NotComputable("a range without a criterion")
    sets = [
        evaluator.meeting(area, evaluator.single(criterion))
        for area, criterion in zip(pairs[::2], pairs[1::2], strict=True)
    ]
    return frozenset.intersection(*sets)


def _filled(evaluator: Evaluator, *areas: Value) -> Scalar:
    return Decimal(sum(each is not None for area in areas for each in evaluator.members(area)))


def _smallest(evaluator: Evaluator, *areas: Value) -> Scalar:
    members = (each for area in areas for each in evaluator.members(area))
    return min((each for each in members if isinstance(each, Decimal)), default=Decimal(0))


def _any(evaluator: Evaluator, *areas: Value) -> Scalar:
    return any(_true(each) for area in areas for each in evaluator.members(area))


def _true(value: Scalar) -> bool:
    if isinstance(value, str):
        raise ExcelError(_VALUE)
    return bool(value)


# Those that take values, and those that take ranges, with how many arguments each may have.
_OF_VALUES: Mapping[str, tuple[Callable[..., Scalar], int, int]] = {
    "ROUND": (_round, 2, 2),
    "DATE": (_date, 3, 3),
}
_OF_RANGES: Mapping[str, tuple[Callable[..., Scalar], int, int]] = {
    "COUNTIFS": (_counted, 2, 254),
    "COUNTIF": (_counted, 2, 2),
    "SUMIFS": (_summed, 3, 255),
    "COUNTA": (_filled, 1, 255),
    "MIN": (_smallest, 1, 255),
    "OR": (_any, 1, 255),
}


def _call_if(arguments: Sequence[Formula], evaluator: Evaluator, place: Place) -> Value:
    """IF computes only the branch that is taken."""
    if _true(evaluator.single(arguments[0](evaluator, place))):
        return arguments[1](evaluator, place)
    return arguments[2](evaluator, place) if len(arguments) > 2 else False


def _call_of_values(
    function: Callable[..., Scalar],
    arguments: Sequence[Formula],
    evaluator: Evaluator,
    place: Place,
) -> Value:
    return function(*(evaluator.single(each(evaluator, place)) for each in arguments))


def _call_of_ranges(
    function: Callable[..., Scalar],
    arguments: Sequence[Formula],
    evaluator: Evaluator,
    place: Place,
) -> Value:
    return function(evaluator, *(each(evaluator, place) for each in arguments))


def _function(name: str, arguments: Sequence[Formula]) -> Formula:
    """A call, once it is sure that function and number of arguments are known."""
    if name == "IF" and len(arguments) in (2, 3):
        return partial(_call_if, arguments)
    for known, call in ((_OF_VALUES, _call_of_values), (_OF_RANGES, _call_of_ranges)):
        function, least, most = known.get(name, (None, 0, 0))
        if function is not None and least <= len(arguments) <= most:
            return partial(call, function, arguments)
    raise NotComputable(f"{name}/{len(arguments)}")


# --- operators ------------------------------------------------------------------------------------


def _divide(left: Scalar, right: Scalar) -> Scalar:
    if not _number(right):
        raise ExcelError(_DIVISION)
    return _number(left) / _number(right)


def _joined(left: Scalar, right: Scalar) -> Scalar:
    return _shown(left) + _shown(right)


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


_OPERATORS: Mapping[str, tuple[int, Callable[[Scalar, Scalar], Scalar]]] = {
    "=": (1, partial(_compare, lambda sign: sign == 0)),
    "<>": (1, partial(_compare, lambda sign: sign != 0)),
    "<": (1, partial(_compare, lambda sign: sign < 0)),
    "<=": (1, partial(_compare, lambda sign: sign <= 0)),
    ">": (1, partial(_compare, lambda sign: sign > 0)),
    ">=": (1, partial(_compare, lambda sign: sign >= 0)),
    "&": (2, _joined),
    "+": (3, lambda left, right: _number(left) + _number(right)),
    "-": (3, lambda left, right: _number(left) - _number(right)),
    "*": (4, lambda left, right: _number(left) * _number(right)),
    "/": (4, _divide),
}


def _operation(act: Callable[[Scalar, Scalar], Scalar], left: Formula, right: Formula) -> Formula:
    return lambda evaluator, place: act(
        evaluator.single(left(evaluator, place)), evaluator.single(right(evaluator, place))
    )


def _signed(sign: str, operand: Formula) -> Formula:
    if sign == "-":
        return lambda evaluator, place: -_number(evaluator.single(operand(evaluator, place)))
    return operand


# --- from text to formula -------------------------------------------------------------------------


class Parser:
    """Reads one formula by the precedence of its operators."""

    def __init__(self, formula: str) -> None:
        """Cut the formula into tokens; NotComputable for what is none."""
        try:
            tokens = Tokenizer(f"={formula}").items
        except TokenizerError:
            raise NotComputable(formula) from None
        self._tokens = [each for each in tokens if each.type != Token.WSPACE]
        self._next = 0

    def whole(self) -> Formula:
        """The formula, every token of it used."""
        found = self._expression(0)
        if self._next < len(self._tokens):
            raise NotComputable(self._tokens[self._next].value)
        return found

    def _take(self) -> Token:
        if self._next >= len(self._tokens):
            raise NotComputable("an unfinished formula")
        self._next += 1
        return self._tokens[self._next - 1]

    def _sees(self, kind: str) -> Token | None:
        token = self._tokens[self._next] if self._next < len(self._tokens) else None
        return token if token is not None and token.type == kind else None

    def _expression(self, least: int) -> Formula:
        left = self._operand()
        while (token := self._sees(Token.OP_IN)) is not None:
            if token.value not in _OPERATORS:
                raise NotComputable(token.value)
            strength, act = _OPERATORS[token.value]
            if strength <= least:
                break
            self._take()
            left = _operation(act, left, self._expression(strength))
        return left

    def _operand(self) -> Formula:
        token = self._take()
        if token.type == Token.OP_PRE:
            return _signed(token.value, self._operand())
        if token.type == Token.OPERAND:
            return _operand(token)
        if token.subtype == Token.OPEN and token.type == Token.PAREN:
            inner = self._expression(0)
            self._close()
            return inner
        if token.subtype == Token.OPEN and token.type == Token.FUNC:
            return _function(token.value.rstrip("(").upper(), list(self._arguments()))
        raise NotComputable(token.value)

    def _arguments(self) -> Iterator[Formula]:
        while True:
            yield self._expression(0)
            token = self._take()
            if token.subtype == Token.CLOSE:
                return
            if token.type != Token.SEP or token.value != ",":
                raise NotComputable(token.value)

    def _close(self) -> None:
        token = self._take()
        if token.subtype != Token.CLOSE:
            raise NotComputable(token.value)


def _operand(token: Token) -> Formula:
    """A constant, or a reference looked up when it is asked for."""
    if token.subtype == Token.NUMBER:
        number = Decimal(token.value)
        return lambda _evaluator, _place: number
    if token.subtype == Token.TEXT:
        text = token.value[1:-1].replace('""', '"')
        return lambda _evaluator, _place: text
    if token.subtype == Token.LOGICAL:
        truth = token.value.upper() == "TRUE"
        return lambda _evaluator, _place: truth
    if token.subtype == Token.RANGE:
        return lambda evaluator, place: evaluator.reference(token.value, place)
    raise NotComputable(token.value)


# --- values ---------------------------------------------------------------------------------------


def _exact(value: object) -> Scalar:
    """A cell's value as the evaluator has it: every number the decimal that it is written as."""
    if value is None or isinstance(value, (bool, str)):
        return value
    return Decimal(repr(value)) if isinstance(value, (int, float)) else str(value)


def _shown(value: object) -> str:
    """A value as Excel joins it to a text."""
    if isinstance(value, Decimal):
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return plain_text(value)


def _equal(value: object, kept: object) -> bool:
    """Whether a formula comes to what its cell keeps, numbers in the digits that Excel has.

    openpyxl reads an empty text that is kept as nothing kept.
    """
    other = "" if kept is None and value == "" else _exact(kept)
    if isinstance(value, Decimal) and isinstance(other, Decimal):
        return abs(value - other) <= _SAME_DIGITS * max(abs(value), abs(other))
    return type(value) is type(other) and value == other
