"""Reading one form from one sheet: every row, every cell, every complaint about them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pipeline.headings import (
    HEADING_ROWS,
    Headings,
    Period,
    Rows,
    find_headings,
    rows_of,
    stated_period,
)
from pipeline.messages import LANGUAGES
from pipeline.model import Plan, Severity, Submission
from pipeline.read.cell_values import Fixed, RowReader
from pipeline.read.extract import Extract, one_line, typed_cell
from pipeline.read.row_sorts import Body, FilledRow, RowSort
from pipeline.read.surroundings import (
    check_boxes,
    check_headings,
    check_hidden,
    check_merged,
    check_strays,
    check_struck,
    labels,
    list_other_rows,
)
from pipeline.read.totals import Totals
from pipeline.workbook.reader import Cell, CellType, Sheet
from pipeline.workbook.sheets import MOST_ROWS
from schemas.kit.columns import Column, Filled
from schemas.kit.form import FormSpec
from schemas.kit.kinds import kinds
from schemas.kit.thai.dates import format_date
from schemas.kit.thai.thai_text import matching_key
from schemas.kit.thai.wording import is_month_alone, is_title, stated_month

_TICK = next(kind for kind in kinds() if kind.exported == "boolean")


def read_form(submission: Submission, form: FormSpec, sheet: Sheet, plan: Plan) -> Extract:
    """Read one form from one sheet, in whichever of its layouts it comes."""
    extract = Extract(submission, form, sheet.name)
    rows = rows_of(sheet)
    headings = find_headings(sheet, rows, form)
    check_hidden(extract, sheet)
    if headings is None or sheet.overlong:
        extract.refused = True
        code = "too-many-rows" if sheet.overlong else "no-headings"
        params = {"form": form.about.sheet, "rows": str(HEADING_ROWS), "most": f"{MOST_ROWS:,}"}
        extract.add_finding(code, Severity.ERROR, params)
        return extract
    extract.layout = headings.layout
    basis = headings.layout.basis if headings.layout else form.variants.basis
    extract.counts = basis in ("", plan.procurement_basis)
    period = stated_period(headings, rows, sheet, plan.context.fiscal_year_be)
    _check_layout(extract, headings, period)
    if headings.layout and headings.layout.into_template:
        return _for_template(extract, headings, sheet, rows, plan)
    check_headings(extract, headings)
    extract.positions |= {name: (None, column) for name, column in headings.columns.items()}
    below = rows if headings.layout else _drop_columns(headings.unused, rows)
    body = Body(sheet, below, headings, form)
    if extract.refused and not headings.doubled and body.is_nothing():
        extract.refused = False  # what is not there needs no headings
        extract.findings[:] = (f for f in extract.findings if f.code != "missing-heading")
    for name in headings.layout.asked if headings.layout else ():
        sources = (i.source for i in form.variants.inferred if i.column == name)
        place = next((headings.columns.get(each, 1) for each in sources), 1)
        extract.positions.setdefault(name, (None, place))
    if not extract.refused:
        extract.months = period.months if period else ()
        _TableReader(extract, headings, body, period, plan).read(sheet)
    return extract


def _for_template(
    extract: Extract, headings: Headings, sheet: Sheet, rows: Rows, plan: Plan
) -> Extract:
    """Read what our own template can take over; nothing of it counts, so that no cell is judged."""
    form, layout, told = extract.form, headings.layout, list(extract.findings)
    for name, words in layout.marked.items() if layout else ():
        rows = _by_marks(form.column(name), words, headings, rows, plan)
    if layout and headings.columns.keys() >= set(layout.must):
        _TableReader(extract, headings, Body(sheet, rows, headings, form), None, plan).read(sheet)
    extract.findings[:], extract.refused = told, True
    extract.repairs.clear()
    return extract


def _by_marks(
    column: Column, words: Mapping[str, str], headings: Headings, rows: Rows, plan: Plan
) -> Rows:
    """The rows with what the heading over a mark says in its place; two marks say nothing.

    A text below is put in the form's words.
    """
    place, asked = headings.columns[column.name], column.vocabulary(plan.context)
    heads = {n: one_line(cell.raw) for n, cell in rows[headings.last_row].items()}
    named = {n: words.get(text, text) for n, text in heads.items()}
    at = {n: t for n, t in named.items() if n == place or matching_key(t) in column.choice_keys}
    changed = dict(rows)
    for row in (each for each in rows if each > headings.last_row):
        cells = {n: cell for n, cell in rows[row].items() if n in at}
        marks = [n for n, cell in cells.items() if _TICK.parse(typed_cell(cell), asked).value]
        said = {n: words.get(one_line(cell.raw), cell.raw) for n, cell in cells.items()}
        if marks:
            said = {marks[0]: at[marks[0]]} if len(marks) == 1 else {}
        kept = {n: cell for n, cell in rows[row].items() if n not in at}
        kept.update((place, cells[n]._replace(raw=text)) for n, text in said.items())
        changed[row] = kept
    return changed


def rows_within(submission: Submission, plan: Plan) -> dict[str, list[dict[str, Any]]]:
    """What can be read of a file that goes back, by form: typed values of the round, by column.

    Whatever its outcome; but neither the cover nor ticks, by which somebody attests something.
    """
    sheets = {each.name: each for each in submission.workbook.sheets} if submission.workbook else {}
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name, sheet in (*submission.sheets.items(), *submission.further):
        form = plan.form(name)
        if not form.is_cover:
            extract = read_form(submission, form, sheets[sheet], plan)
            rows[name] += _typed_rows(extract, plan)
    return {name: found for name, found in rows.items() if found}


def _typed_rows(extract: Extract, plan: Plan) -> Iterator[dict[str, Any]]:
    """The rows in which something was typed, without what is of another round's months."""
    form, months = extract.form, (None, *plan.round.months_list)
    own = [c for c in form.table_columns if not c.derived and c.filled is not Filled.FORMULA]
    names = [c.name for c in own if c.kind is not _TICK]
    for position in extract.filled_rows(prefilled=False):
        row = extract.rows[position]
        if form.about.month is None or row.get(form.about.month) in months:
            if form.about.lines and any(row.get(name) is None for name in form.about.key):
                continue
            yield {name: row[name] for name in names if row.get(name) is not None}


def _drop_columns(columns: frozenset[int], rows: Rows) -> Rows:
    """The cells but those of our own columns that only show what others have reported."""
    if not columns:
        return rows
    kept = {
        row: {n: c for n, c in cells.items() if n not in columns} for row, cells in rows.items()
    }
    return {row: cells for row, cells in kept.items() if cells}


def _check_layout(extract: Extract, headings: Headings, period: Period | None) -> None:
    """Say in which layout the sheet was read; without its month nothing of it can be placed."""
    if headings.layout is None:
        return
    params = {"layout_th": headings.layout.th, "layout_en": headings.layout.en}
    if headings.layout.into_template:
        params |= {"form": extract.form.about.sheet}
        extract.add_finding("official-form", Severity.ERROR, params)
        return
    extract.add_finding("official-layout", Severity.NOTE, params)
    if headings.layout.period and period is None:
        extract.add_finding(f"no-{headings.layout.period}-stated", Severity.ERROR, params)
        extract.refused = True


class _TableReader:
    """The rows of one sheet, read in order."""

    def __init__(
        self, extract: Extract, headings: Headings, body: Body, period: Period | None, plan: Plan
    ) -> None:
        self._extract, self._headings, self._body, self._period = extract, headings, body, period
        self._context = plan.context
        self._reader = RowReader(extract, headings, plan.context)
        self._totals = Totals(extract, plan.context)
        self._sorts: dict[RowSort, list[FilledRow]] = defaultdict(list)
        self._block: date | None = None
        self._next_month: date | None = None  # the month of a title that no row has followed yet
        # such a title that stands alone in the column of the rows' numbers
        self._lone: tuple[date, Cell] | None = None
        self._month = extract.form.about.month
        self._day = next((c.name for c in extract.form.table_columns if c.kind.is_day), "")

    def read(self, sheet: Sheet) -> None:
        """Read every row, then tell what stood between and around them."""
        self._fix(sheet)
        group: list[FilledRow] = []
        for line, sort in self._body.lines():
            if sort is RowSort.ELSEWHERE:
                self._extract.add_finding("second-table", Severity.ERROR, {}, line.first)
                self._extract.refused = True
                break
            if sort is RowSort.CONTINUED:
                group.append(line)
            else:
                self._row(group)
                group = self._take(line, sort)
            self._sorts[sort].append(line)
        self._row(group)
        list_other_rows(self._extract, self._sorts)
        check_strays(self._extract, self._headings, self._body, self._sorts[RowSort.DATA])
        check_struck(self._extract, self._sorts[RowSort.DATA])
        check_boxes(self._extract, self._headings, sheet)
        check_merged(self._extract, self._body)
        if self._period and self._extract.counts:
            self._ask_for_blank()

    def _ask_for_blank(self) -> None:
        """Ask for the months gone by of which the sheet has no row and does not say: none."""
        extract, at = self._extract, self._extract.submission.received.received_at
        filled = {row.get(self._month) for row in extract.rows}
        parted = self._block is not None or not extract.rows
        blank = set(extract.months) - extract.nothing - filled if parted else set()
        extract.blank = frozenset(blank)
        gone = sorted(month for month in blank if at is None or month < at.date().replace(day=1))
        if gone:
            months = {f"months_{lang}": ", ".join(self._shown(gone, lang)) for lang in LANGUAGES}
            extract.add_finding("month-blank", Severity.WARNING, months)

    def _shown(self, months: list[date], lang: str) -> list[str]:
        column = self._extract.form.column(self._month)
        return [column.show(month, lang, self._context) for month in months]

    def _fix(self, sheet: Sheet) -> None:
        """Read what holds for every row: values beside labels, and the month of the title."""
        extract = self._extract
        fixed = []
        cells = labels(sheet, extract, self._headings.first_row)
        extract.positions |= dict(cells)
        for name, (row, position) in cells.items():
            cell = sheet.cell(row, position)
            if cell is not None:
                fixed.append((name, self._reader.value(extract.form.column(name), cell), cell.raw))
        self._reader.fixed = [*fixed, *self._said_above()]
        if self._period and len(self._period.months) == 1:
            self._set_month(self._period.first, self._period.cell)

    def _said_above(self) -> Fixed:
        """What the title says of every row, where it says one thing."""
        layout, above = self._headings.layout, self._body.above
        found = {
            name: {value for word, value in words.items() if word in above}
            for name, words in (layout.titled.items() if layout else ())
        }
        return [(name, values.pop(), "") for name, values in found.items() if len(values) == 1]

    def _set_month(self, month: date, cell: Cell | None) -> None:
        """From here on the rows are of this month, which the sheet reports on."""
        self._block = month
        self._extract.months = tuple(dict.fromkeys((*self._extract.months, month)))
        others: Fixed = [each for each in self._reader.fixed if each[0] != self._month]
        self._reader.fixed = [*others, (self._month, month, cell.raw if cell else "")]
        self._extract.positions.pop(self._month, None)
        if cell is not None:
            self._extract.positions[self._month] = (cell.row, cell.column)

    def _take(self, line: FilledRow, sort: RowSort) -> list[FilledRow]:
        """What a line is that continues none: the beginning of a row, or no row at all."""
        if self._block is not None:
            self._follow_titles(line, sort)
        if sort is RowSort.TOTAL or (sort is RowSort.UNNAMED and self._totals.is_one(line)):
            self._totals.report(line)
        elif sort in (RowSort.DATA, RowSort.UNNAMED):
            return [line]
        elif sort is RowSort.NOTHING:
            months = (self._block,) if self._block else self._extract.months
            self._extract.nothing |= frozenset(months or (None,))
        return []

    def _follow_titles(self, line: FilledRow, sort: RowSort) -> None:
        """Take the month of a title between rows: it is that of the rows below it.

        A line that is but a month says so by itself, a longer one where headings follow it, or
        rows if it stands alone where their numbers do.
        """
        if sort is RowSort.REPEATED and self._next_month is not None:
            self._set_month(self._next_month, None)
        if sort in (RowSort.DATA, RowSort.NOTHING) and self._lone is not None:
            self._set_month(*self._lone)
        if sort in (RowSort.DATA, RowSort.TOTAL, RowSort.CONTINUED, RowSort.UNNAMED):
            self._next_month = self._lone = None
            return
        year = self._context.fiscal_year_be
        for cell in line.whole.values():
            month = stated_month(cell.raw, year) if cell.kind is CellType.TEXT else None
            if month is not None and (sort is RowSort.SEPARATOR or is_month_alone(cell.raw)):
                self._set_month(month, cell)
            elif month is not None:
                self._next_month = month
                if sort is RowSort.NUMBERING and is_title(cell.raw):
                    self._lone = month, cell

    def _row(self, group: list[FilledRow]) -> None:
        """Read the row that these lines are."""
        if not group:
            return
        line, *more = group
        spread = self._spread(line)
        values = self._reader.read(line, more, spread)
        self._totals.add(line, values)
        if self._period and len(self._period.months) > 1:
            self._date(line, values, self._period)

    def _spread(self, line: FilledRow) -> Mapping[str, Cell]:
        """The values that a cell merged downwards gives this row too."""
        if not self._body.spread:
            return {}
        at = ((name, (line.row, n)) for name, n in self._headings.columns.items())
        return {name: self._body.spread[key] for name, key in at if key in self._body.spread}

    def _date(self, line: FilledRow, values: dict[str, Any], period: Period) -> None:
        """The month of a row of a quarter is that of its date, if the date is of the quarter."""
        day = values.get(self._day)
        if not isinstance(day, date):
            return
        if period.first <= day <= period.last:
            values[self._month] = day.replace(day=1)
            self._extract.typed[-1][self._month] = self._extract.typed[-1].get(self._day, "")
            self._extract.positions[self._month] = self._extract.positions[self._day]
        elif self._is_of_the_year(day) and self._day in line.cells:
            params = {"from": format_date(period.first), "to": format_date(period.last)}
            cell = line.cells[self._day]
            self._extract.add_finding(
                "outside-stated-period", Severity.WARNING, params, cell, self._day
            )

    def _is_of_the_year(self, day: date) -> bool:
        """A day outside the fiscal year has a finding of its own."""
        year = self._context.round.fiscal_year if self._context.round else None
        return year is None or year.contains(day)
