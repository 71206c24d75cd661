"""Sound workbooks made from the forms themselves, and faults planted in them one by one.

A row of the pool is sound when the pipeline itself has nothing to say of it. Two faults of a row
are independent when no check looks at columns of both.
"""

import io
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

import openpyxl
from openpyxl.cell.cell import ERROR_CODES

from pipeline.model import Severity
from pipeline.workbook.addresses import address
from schemas import forms as all_forms
from schemas.kit.columns import Column
from schemas.kit.form import FormSpec, Rule
from schemas.kit.thai.calendar import Round
from schemas.kit.thai.dates import format_date, format_month
from schemas.kit.thai.thai_text import thai_digits

ROUND = Round.parse("2566-12")
FORMS = {form.name: form for form in all_forms()}
COVER = next(form for form in FORMS.values() if form.is_cover)
FILLED = [form for form in FORMS.values() if not form.is_cover]
CODES = (*(f"{n:02d}" for n in range(1, 12)), "90")
DIVISIONS = {code: (f"กองตัวอย่าง {code}", f"ก.ตย.{code}") for code in CODES}
WORDS = ("ประชุม", "อบรม", "จัดซื้อวัสดุ", "ประชาสัมพันธ์", "๑๒ ครั้ง", "(ตัวอย่าง)", "/", "ครบถ้วน")

# What cannot be read, by kind, with the code that says so.
UNREADABLE: Mapping[str, Sequence[tuple[object, str]]] = {
    "money": (
        ("ประมาณ 500", "not-a-number"),
        ("1.250.000", "ambiguous-number"),
        ("3.125", "too-precise"),
        (12.345, "too-precise"),
        ("500 บาท (หกร้อยบาทถ้วน)", "amount-words-differ"),
        ("94.29%", "a-rate"),
        ("9" * 16, "out-of-range"),
        (date(2022, 10, 1), "not-a-number"),
    ),
    "count": (
        ("หลาย", "not-a-number"),
        (1.5, "not-whole"),
        ("12,34", "ambiguous-number"),
        ("ร้อยละ ๕", "a-rate"),
    ),
    "day": (
        ("เมื่อวาน", "not-a-date"),
        ("31/2/2566", "impossible-date"),
        ("29 ก.พ. ๒๕๖๖", "impossible-date"),
        ("1/10/22", "out-of-range"),
        (date(1965, 10, 5), "year-1965"),
        (44835, "not-a-date"),
    ),
    "month": (
        ("ต้นปี", "not-a-month"),
        (date(1966, 3, 1), "year-1965"),
        (13, "not-a-month"),
    ),
    "choice": (("ถูกใจ", "not-in-list"), (True, "not-in-list")),
    "division": (("กองที่ไม่มี", "not-in-list"),),
    "tick": (("อาจจะ", "not-a-tick"),),
    "code": (("1.23E+12", "lost-digits"), (date(2023, 1, 1), "became-a-date")),
    "text": (),
}


@dataclass
class Line:
    """One row to be written: the value of each column, and the columns that faults have taken."""

    values: dict[str, object]
    taken: set[str] = field(default_factory=set)


@dataclass
class Paper:
    """One sheet to be written: its lines, and where each column stands."""

    form: FormSpec
    lines: list[Line]
    labels: Line
    columns: list[str]
    top: int


@dataclass(frozen=True)
class Fault:
    """What is planted: the code and weight that must be found, in a line's column or the sheet."""

    code: str
    severity: Severity
    paper: Paper
    line: Line | None = None
    column: str | None = None

    @property
    def cell(self) -> str | None:
        """Where it stands in the workbook as written."""
        if self.line is None or self.column is None:
            return None
        paper = self.paper
        if self.line is paper.labels:
            names = [c.name for c in paper.form.labelled_columns]
            return address(names.index(self.column) + 1, 2)
        row = next(n for n, line in enumerate(paper.lines) if line is self.line)
        return address(paper.top + 1 + row, paper.columns.index(self.column) + 1)


# --- sound values -------------------------------------------------------------------------------


def sound(column: Column, chance: random.Random) -> object:
    """A value that the column's own description allows, in one of the ways in which it is typed."""
    if column.pattern or column.digits:
        return column.example
    return _SOUND[column.kind.name](column, chance)


def _money(column: Column, chance: random.Random) -> object:
    satang = chance.choice((0, 1, 50, 100_00, chance.randrange(10**9)))
    printed = f"{satang // 100:,}.{satang % 100:02d}"
    typed = (printed, thai_digits(printed), f"{printed} บาท", f"฿{printed}", satang / 100)
    return chance.choice(typed)


def _count(column: Column, chance: random.Random) -> object:
    number = chance.randint(column.minimum or 0, column.maximum or 60)
    return chance.choice((number, str(number), thai_digits(str(number)), f" {number} "))


def _day(column: Column, chance: random.Random) -> object:
    day = ROUND.start + timedelta(days=chance.randrange((ROUND.end - ROUND.start).days + 1))
    in_figures = f"{day.day}/{day.month}/{day.year + 543}"
    spelt = [format_date(day, style) for style in ("short", "long", "thai", "weekday")]
    return chance.choice((*spelt, in_figures, f"{in_figures[:-4]}{day.year - 1957}", day))


def _month(column: Column, chance: random.Random) -> object:
    month = chance.choice(ROUND.months_list)
    return chance.choice((format_month(month), format_month(month, "short"), month))


_SOUND: Mapping[str, Callable[[Column, random.Random], object]] = {
    "money": _money,
    "count": _count,
    "day": _day,
    "month": _month,
    "choice": lambda column, chance: chance.choice((*column.choices, *column.also)),
    "division": lambda _, chance: chance.choice([n for names in DIVISIONS.values() for n in names]),
    "tick": lambda *_: "✓",
    "code": lambda _, chance: f"{chance.randint(1, 999)}/2566",
    "text": lambda _, chance: " ".join(chance.choices(WORDS, k=chance.randint(1, 6))),
}


def candidates(form: FormSpec, chance: random.Random, count: int) -> list[dict[str, object]]:
    """Rows that may be sound: the form's example with sound values laid over parts of it."""
    return [
        {
            c.name: sound(c, chance) if chance.random() < share else example(c)
            for c in form.table_columns
        }
        for share in chance.choices((0.1, 0.5, 0.9), k=count)
    ]


def example(column: Column) -> object:
    """The column's own example; a division is one of the roster."""
    return DIVISIONS["01"][0] if column.kind.name == "division" else column.example


# --- writing ------------------------------------------------------------------------------------


def written(papers: Sequence[Paper]) -> bytes:
    """The workbook: for each paper its labels, its headings and its lines."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for paper in papers:
        sheet = book.create_sheet(paper.form.about.sheet)
        for row, column in enumerate(paper.form.labelled_columns, 1):
            _write(sheet.cell(row, 1), column.th)
            _write(sheet.cell(row, 2), paper.labels.values.get(column.name))
        for position, name in enumerate(paper.columns, 1):
            _write(sheet.cell(paper.top, position), paper.form.column(name).th)
            for row, line in enumerate(paper.lines, paper.top + 1):
                _write(sheet.cell(row, position), line.values.get(name))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write(cell: Any, value: object) -> None:
    if value in ERROR_CODES:
        cell.value, cell.data_type = value, "e"
    elif value not in ("", None):
        cell.value = value
        if isinstance(value, str) and not value.startswith("="):
            cell.data_type = "s"


def paper(form: FormSpec, lines: Sequence[Line], chance: random.Random, **labels: object) -> Paper:
    """A sheet of a form with its columns in any order, some rows down."""
    columns = [c.name for c in form.table_columns]
    chance.shuffle(columns)
    top = len(form.labelled_columns) + chance.randint(1, 3)
    named = {c.name: c.example for c in form.labelled_columns} | labels
    return Paper(form, list(lines), Line(named), columns, top)


# --- faults -------------------------------------------------------------------------------------


@cache
def looked_at_with(form: FormSpec, name: str) -> frozenset[str]:
    """The columns that some check looks at together with this one, itself among them."""
    groups = [{*r.on, *r.breaks, *r.holds} for r in form.rules]
    groups += [{c.name, c.required_if[0]} for c in form.columns if c.required_if]
    groups += [set(form.about.key)]
    return frozenset({name}.union(*(group for group in groups if name in group)))


def take(form: FormSpec, line: Line, names: Sequence[str]) -> bool:
    """Reserve the columns of a fault and all that is looked at with them, if they are free."""
    wanted = {each for name in names for each in looked_at_with(form, name)}
    if wanted & line.taken:
        return False
    line.taken |= wanted
    return True


Plant = Callable[[Paper, Line, random.Random], Iterator[Fault]]


def _single(
    paper: Paper, line: Line, column: Column, value: object, code: str, severity: Severity
) -> Iterator[Fault]:
    if take(paper.form, line, [column.name]):
        line.values[column.name] = value
        yield Fault(code, severity, paper, line, column.name)


def _columns(paper: Paper, line: Line) -> list[Column]:
    form = paper.form
    return list(form.labelled_columns if line is paper.labels else form.table_columns)


def _pick(
    paper: Paper, line: Line, chance: random.Random, fits: Callable[[Column], object]
) -> list[Column]:
    """One column of those that fit, or none."""
    fitting = [c for c in _columns(paper, line) if fits(c) and not _names_owner(c)]
    return chance.sample(fitting, min(1, len(fitting)))


def _names_owner(column: Column) -> bool:
    """The cover says whose the workbook is: without it there is nothing to judge."""
    return column.labelled and column.kind.name == "division"


def unreadable(paper: Paper, line: Line, chance: random.Random) -> Iterator[Fault]:
    """A value that is none of its kind."""
    for column in _pick(paper, line, chance, lambda c: UNREADABLE[c.kind.name]):
        value, code = chance.choice(UNREADABLE[column.kind.name])
        yield from _single(paper, line, column, value, f"unreadable-{code}", column.defect)


def error_cell(paper: Paper, line: Line, chance: random.Random) -> Iterator[Fault]:
    """An error of Excel, in a column of any kind."""
    for column in _pick(paper, line, chance, lambda c: True):
        value = chance.choice(("#REF!", "#N/A", "#DIV/0!"))
        yield from _single(paper, line, column, value, "error-cell", column.defect)


def uncalculated(paper: Paper, line: Line, chance: random.Random) -> Iterator[Fault]:
    """A formula without its value."""
    for column in _pick(paper, line, chance, lambda c: True):
        yield from _single(paper, line, column, "=1+1", "uncalculated-formula", column.defect)


def missing(paper: Paper, line: Line, chance: random.Random) -> Iterator[Fault]:
    """Nothing, or a dash, where something is required."""
    for column in _pick(paper, line, chance, lambda c: c.required):
        dashed = column.kind.name in (
            "money",
            "count",
            "day",
            "month",
            "code",
        )
        value = chance.choice(("", "-", "ไม่มี")) if dashed else ""
        yield from _single(paper, line, column, value, "required", column.required or Severity.NOTE)


def demanded(paper: Paper, line: Line, chance: random.Random) -> Iterator[Fault]:
    """Nothing where another column of the row demands something."""

    def asked(column: Column) -> bool:
        other, values = column.required_if or ("", ())
        known = paper.form.column(other) if other else column
        return str(known.choice_keys and line.values.get(other)) in values

    for column in _pick(paper, line, chance, asked):
        yield from _single(paper, line, column, "", "required-if", column.defect)


def below(paper: Paper, line: Line, chance: random.Random) -> Iterator[Fault]:
    """One less than the least."""
    for column in _pick(paper, line, chance, lambda c: c.minimum is not None):
        least = (column.minimum or 0) - 1
        value = "-0.01" if column.kind.decimals and least == -1 else str(least)
        yield from _single(paper, line, column, value, "below-minimum", column.defect)


def above(paper: Paper, line: Line, chance: random.Random) -> Iterator[Fault]:
    """One more than the most."""
    for column in _pick(paper, line, chance, lambda c: c.maximum is not None):
        value = (column.maximum or 0) + 1
        yield from _single(paper, line, column, value, "above-maximum", column.defect)


def shapeless(paper: Paper, line: Line, chance: random.Random) -> Iterator[Fault]:
    """A text that is not of the form asked for."""
    for column in _pick(paper, line, chance, lambda c: c.pattern):
        yield from _single(paper, line, column, "ไม่ทราบ", "pattern", column.defect)


def outside(paper: Paper, line: Line, chance: random.Random) -> Iterator[Fault]:
    """A day or month just outside the period."""
    for column in _pick(paper, line, chance, lambda c: c.within):
        low, high = ROUND.bounds(column.within)
        day = chance.choice((low - timedelta(days=1), high + timedelta(days=1)))
        value = chance.choice((day, format_date(day), f"{day.day}/{day.month}/{day.year + 543}"))
        yield from _single(paper, line, column, value, "outside-period", column.defect)


PERSONAL = (
    ("โทร 08-0000-0000", "personal-phone"),
    ("เลขที่บัญชี 000-0-00000-0", "personal-bank-account"),
    ("บัตร 1-9900-00000-01-9", "personal-citizen-number"),
)


def of_a_person(paper: Paper, line: Line, chance: random.Random) -> Iterator[Fault]:
    """A number of a person behind a free text from which nothing else is read."""
    sources = {c.said_in for c in paper.form.columns}

    def free(column: Column) -> bool:
        plain = column.kind.name == "text" and not column.pattern and column.name not in sources
        return plain and bool(column.unasked and line.values.get(column.name))

    for column in _pick(paper, line, chance, free):
        number, code = chance.choice(PERSONAL)
        value = f"{line.values[column.name]} {number}"
        yield from _single(paper, line, column, value, code, Severity.WARNING)


def rule_broken(paper: Paper, line: Line, chance: random.Random) -> Iterator[Fault]:
    """The example row as the rule says that it breaks it, under the keys of the line."""
    form = paper.form
    if line is paper.labels or line.taken or not form.rules:
        return
    rule: Rule = chance.choice(form.rules)
    kept = {name: line.values[name] for name in form.about.key if name not in rule.breaks}
    line.values = {c.name: example(c) for c in form.table_columns} | kept | dict(rule.breaks)
    take(form, line, [*rule.on, *rule.breaks])
    yield Fault(rule.code, rule.severity, paper, line, rule.on[0])


def twin(paper: Paper, line: Line, chance: random.Random) -> Iterator[Fault]:
    """The key of an earlier line once more."""
    form, key = paper.form, list(paper.form.about.key)
    earlier = paper.lines[: next((n for n, x in enumerate(paper.lines) if x is line), 0)]
    if not key or form.is_cover or not earlier:
        return
    first = chance.choice(earlier)
    touched = {each for name in key for each in looked_at_with(form, name)}
    if touched & (first.taken | line.taken):
        return
    take(form, line, key)
    take(form, first, key)
    line.values |= {name: first.values[name] for name in key}
    yield Fault("duplicate-key", Severity.ERROR, paper, line, key[0])


FAULTS: Mapping[str, Plant] = {
    plant.__name__: plant
    for plant in (
        unreadable,
        error_cell,
        uncalculated,
        missing,
        demanded,
        below,
        above,
        shapeless,
        outside,
        of_a_person,
        rule_broken,
        twin,
    )
}
