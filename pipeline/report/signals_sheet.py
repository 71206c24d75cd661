"""The signals about procurement: how far each could look, what is usual, and what was found."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from pipeline.messages import finding_sentence, say
from pipeline.model import Coverage, Finding
from pipeline.report.cell_content import Cell, FigureCell, Link, Plain, Value, one_line
from pipeline.report.data_tables import DataTable, TableColumn
from pipeline.report.labels import criterion_name
from pipeline.report.page import Page
from pipeline.report.row_summary import DataRows
from pipeline.report.signal_groups import groups
from pipeline.report.writers import sheet
from schemas.kit.cross_rules import Crosscheck

_WIDTHS = (22.0, 15.0, 16.0, 16.0, 20.0, 22.0, 30.0, 26.0, 44.0, 12.0)
_ASKED = ("code", "rows", "blind", "signals", "criteria", "source", "why", "sentence")
_SENTENCE = 8
# Each rate beside its numerator, behind its denominator.
_RATES = (
    (
        "contracts",
        "referenced",
        "at_reference_price",
        "at_reference_price_pct",
        "reference_is_budget",
        "reference_is_budget_pct",
    ),
    ("contracts", "specific", "specific_pct", "near_limit", "near_limit_pct"),
    ("competitive", "single_bidder", "single_bidder_pct"),
)
_FOUND = (
    ("flags", "text"),
    ("row", "text"),
    ("number", "code"),
    ("day", "date"),
    ("amount", "money"),
    ("who", "text"),
    ("what", "text"),
    ("place", "text"),
    ("told", "text"),
    ("explained", "text"),
)


@sheet("flags")
def signals_sheet(page: Page) -> None:
    """Write how far each signal could look, the rates of the divisions, the groups, the rows."""
    page.columns(*_WIDTHS)
    page.line(page.say("note"), "subtitle")
    page.title()
    page.line(page.say("limits"), "note")
    _coverage(page)
    _rates(page)
    flags = {each.check.code: each.check.flag for each in page.book.assessment.coverage}
    told = [f for f in page.book.assessment.findings if flags.get(f.code)]
    groups(page, [finding for finding in told if finding.group], flags)
    _found(page, [finding for finding in told if not finding.group], flags)


# --- how far each could look --------------------------------------------------------------------


def _coverage(page: Page) -> None:
    """Silence must be told from a check that was never run; the signals first, then other rules."""
    page.section("coverage")
    page.heads(_ASKED, last=_SENTENCE)
    every = page.book.assessment.coverage
    forms = {each.form.name for each in every if each.check.flag}
    asked = [each for each in every if each.form.name in forms]
    for each in sorted(asked, key=lambda one: one.check.flag or "~"):
        counts = (each.looked_at, each.not_looked_at, each.found)
        criteria = "\n".join(_criterion(page, key) for key in each.check.criteria)
        texts = (criteria, each.check.source, "\n".join(_why(page, each)))
        cells: list[Cell] = [_code(each), *(Value(n, "count") for n in counts), *texts]
        page.row_with_sentence(cells, _what(each), _SENTENCE)
    page.line(page.say("unasked"), "note")


def _code(each: Coverage) -> str:
    check = each.check
    return check.code if check.flag in ("", check.code) else f"{check.flag} ({check.code})"


def _what(each: Coverage) -> str:
    """What a signal is; of a rule its sentence, with headings in the places of values."""
    if isinstance(each.check, Crosscheck) and each.check.title:
        return each.check.title[0]
    headings = {column.name: f"“{one_line(column.th)}”" for column in each.form.columns}
    return each.check.th.format_map(defaultdict(lambda: "…", headings))


def _criterion(page: Page, key: str) -> str:
    label, stated = criterion_name(key), page.book.plan.criteria.get(key)
    return f"{label}: {page.book.own(f'{stated.value:,f}')}" if stated else label


def _why(page: Page, each: Coverage) -> Iterator[str]:
    """Why some rows were not looked at, or all of them."""
    if each.off:
        yield page.say("off", code=each.check.code)
    for key in each.lacking:
        yield page.say("lacking", key=f"criteria.{key}")
    for fate, rows in each.unseen.items():
        yield page.book.own(page.say(f"unseen.{fate}", rows=rows))
    for column, rows in each.blank.items():
        heading = one_line(each.form.column(column).th)
        yield page.book.own(page.say("blank", heading=heading, rows=rows))


# --- what is usual ------------------------------------------------------------------------------


def _rates(page: Page) -> None:
    """What a third to a half of all contracts show is counted by division, not listed."""
    page.section("rates")
    page.line(page.say("rates-note"), "note")
    for names in _RATES:
        page.heads(("division", *names))
        for each in page.book.assessment.slices("division"):
            refs = [FigureCell(f"procurement.{each.code}.{name}") for name in names]
            page.row([each.th, *refs], total=each.is_whole)
        page.gap()


# --- what was found in single rows --------------------------------------------------------------


def _found(page: Page, findings: list[Finding], flags: Mapping[str, str]) -> None:
    """One line for each row with a signal, the rows with most signals first."""
    page.section("found")
    if not findings:
        page.line(page.say("nothing"))
    by_row: dict[tuple[str, int], list[Finding]] = defaultdict(list)
    for finding in findings:
        by_row[(finding.form or "", finding.index or 0)].append(finding)
    columns = [
        TableColumn("", page.say(f"head.{name}"), look, width, wrap=look == "text")
        for (name, look), width in zip(_FOUND, _WIDTHS, strict=True)
    ]
    table = DataTable(page, "flags", columns)
    page.printed(repeat=table.head)
    ordered = sorted(by_row.items(), key=lambda each: (-len(each[1]), each[0]))
    rows = {form: DataRows(page.book, form) for form, _ in by_row}
    table.write(_line(page, rows[form], index, told, flags) for (form, index), told in ordered)


def _line(
    page: Page, rows: DataRows, index: int, told: list[Finding], flags: Mapping[str, str]
) -> list[Plain | Link]:
    forms, glance = page.book.plan.forms, rows.glance
    ordered = sorted(told, key=lambda finding: (flags[finding.code], finding.code))
    return [
        ", ".join(dict.fromkeys(flags[finding.code] for finding in ordered)),
        rows.link(page, index),
        rows.value(index, glance.number),
        rows.value(index, glance.day),
        rows.value(index, glance.amount),
        rows.value(index, glance.who),
        rows.value(index, glance.what),
        rows.place(index),
        "\n".join(finding_sentence(finding, "th", forms) for finding in ordered),
        say("report.explained") if all(finding.explained for finding in told) else None,
    ]
