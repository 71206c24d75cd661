"""Which forms a workbook holds: each sheet known by its title, else by its headings."""

from collections.abc import Iterator
from functools import cache

from pipeline.headings import HEADING_ROWS, find_headings, likeness, rows_of, stated_period
from pipeline.messages import say, template_sheets
from pipeline.model import Finding, Plan, Severity
from pipeline.workbook.identity import our_sheets
from pipeline.workbook.reader import Sheet, Workbook
from schemas.kit.form import FormSpec
from schemas.kit.layouts import OfficialForm
from schemas.kit.thai.thai_text import matching_key

_ENOUGH_HEADINGS = 0.6

Sheets = dict[str, str]
Further = tuple[tuple[str, str], ...]


def sheets_of(workbook: Workbook, plan: Plan) -> tuple[Sheets, Further, list[Finding]]:
    """Form name to sheet name, the sheets of further months, and the findings about sheets.

    Hidden sheets count only under a form's own title, ours hold no data.
    """
    sheets, untitled = _by_title(workbook, plan)
    further: list[tuple[str, str]] = []
    findings: list[Finding] = []
    by_name = {sheet.name: sheet for sheet in workbook.sheets}
    for sheet, form in sorted(((s, _by_headings(s, plan)) for s in untitled), key=_goes_back):
        if sheet.state != "visible":
            findings += _hidden(sheet, form)
        elif form is None:
            findings += _left_unread(sheet, None, "")
        elif form.name not in sheets:
            sheets[form.name] = sheet.name
            findings += _renamed(sheet, form)
        else:
            names = [sheets[form.name], *(name for other, name in further if other == form.name)]
            if _is_another_month(sheet, [by_name[name] for name in names], form, plan):
                further.append((form.name, sheet.name))
            else:
                findings += _left_unread(sheet, form, names[0])
    ordered = {form.name: sheets[form.name] for form in plan.forms if form.name in sheets}
    return ordered, tuple(further), findings


def official_of(workbook: Workbook, plan: Plan) -> tuple[FormSpec, OfficialForm, Sheet] | None:
    """The form of the authorities that a workbook holds, ours in place of it, and its sheet."""
    found = (
        (official.likeness(_first_texts(sheet)), -number, form, official, sheet)
        for sheet in workbook.sheets
        for number, form in enumerate(plan.forms)
        for official in form.variants.official
    )
    likely = [each for each in found if each[0] >= _ENOUGH_HEADINGS]
    best = max(likely, key=lambda each: each[:2], default=None)
    return best[2:] if best else None


def _first_texts(sheet: Sheet) -> list[list[str]]:
    rows = rows_of(sheet)
    numbers = (row for row in sorted(rows) if row <= HEADING_ROWS)
    return [[cell.raw for cell in rows[row].values()] for row in numbers]


def _goes_back(known: tuple[Sheet, FormSpec | None]) -> bool:
    """Whether a sheet only goes back in our template: one that may count is taken before it."""
    sheet, form = known
    headings = find_headings(sheet, rows_of(sheet), form) if form is not None else None
    return bool(headings and headings.layout and headings.layout.into_template)


def _by_title(workbook: Workbook, plan: Plan) -> tuple[Sheets, list[Sheet]]:
    """The sheets that bear a form's title, and the others that hold something and are not ours."""
    sheets: Sheets = {}
    ours, others = our_sheets(workbook), []
    titles = {matching_key(form.about.sheet): form.name for form in plan.forms}
    for sheet in workbook.sheets:
        name = titles.get(matching_key(sheet.name))
        if name is not None and name not in sheets:
            sheets[name] = sheet.name
        elif sheet.cells and sheet.name not in ours:
            others.append(sheet)
    return sheets, others


def _is_another_month(sheet: Sheet, taken: list[Sheet], form: FormSpec, plan: Plan) -> bool:
    """Whether an official layout states a period of its own, in which no other sheet is."""
    months = _months(sheet, form, plan)
    return bool(months) and not any(months & _months(other, form, plan) for other in taken)


def _months(sheet: Sheet, form: FormSpec, plan: Plan) -> set[tuple[str, object]]:
    rows = rows_of(sheet)
    headings = find_headings(sheet, rows, form)
    year = plan.context.fiscal_year_be
    period = stated_period(headings, rows, sheet, year) if headings else None
    layout = headings.layout.name if headings and headings.layout else ""
    return {(layout, month) for month in period.months} if period else set()


def _renamed(sheet: Sheet, form: FormSpec) -> Iterator[Finding]:
    """Our own template under another title; an official layout has a finding of its own."""
    headings = find_headings(sheet, rows_of(sheet), form)
    if headings is not None and headings.layout is None:
        params = {"sheet": sheet.name, "form": form.about.sheet}
        yield Finding("renamed-sheet", Severity.NOTE, params=params, sheet=sheet.name)


def _left_unread(sheet: Sheet, form: FormSpec | None, taken: str) -> Iterator[Finding]:
    params = {"sheet": sheet.name}
    if form is not None:
        params |= {"form": form.about.sheet, "read": taken}
        yield Finding("second-sheet", Severity.WARNING, params=params, sheet=sheet.name)
    elif matching_key(sheet.name) not in _our_titles():
        yield Finding("unknown-sheet", Severity.NOTE, params=params, sheet=sheet.name)


def _hidden(sheet: Sheet, form: FormSpec | None) -> Iterator[Finding]:
    """A hidden sheet that no form is named for, unless we hid it ourselves."""
    if form is None:
        yield from _left_unread(sheet, None, "")
    elif matching_key(sheet.name) not in _our_titles():
        params = {"sheet": sheet.name, "form": form.about.sheet}
        yield Finding("hidden-unread", Severity.WARNING, params=params, sheet=sheet.name)


@cache
def _our_titles() -> frozenset[str]:
    """The keys of the sheets that we add to a workbook, which may have lost their marks."""
    return frozenset(map(matching_key, (*template_sheets(), say("worklist.title"))))


def _by_headings(sheet: Sheet, plan: Plan) -> FormSpec | None:
    """The form whose headings stand in one of the first rows; the fullest of several."""
    rows = rows_of(sheet)
    shares = [likeness(sheet, rows, form) for form in plan.forms]
    best = max(range(len(shares)), key=shares.__getitem__)
    return plan.forms[best] if shares[best] >= _ENOUGH_HEADINGS else None
