"""What was done to the data, each kind in a section of its own; an empty one says so."""

from collections.abc import Iterator, Sequence

from pipeline.messages import say
from pipeline.model import Assessment, Fate, Finding, Repair, State
from pipeline.report.cells import Cell, one_line
from pipeline.report.page import Page
from schemas.kit.thai_dates import format_date, format_month

AGREED = "agreed-correction"


def changes_sheet(page: Page) -> None:
    """Write corrections, exclusions, waivers, repairs, hidden parts and generated sentences."""
    page.columns(26, 32, 20, 10, 34, 40, 40, 48)
    page.title()
    page.printed()
    assessment = page.book.assessment
    where = ("division", "file", "sheet", "cell", "column")
    changed = (*where, "typed", "read")
    _block(page, "agreed", changed, [_repaired(page, r) for r in agreed(assessment)])
    _block(page, "excluded", (*where, "reason", "approved"), list(_excluded(page)))
    waived = ("division", "form", "month", "", "reason", "approved")
    _block(page, "waived", waived, list(_waived(page)))
    own = [r for r in assessment.repairs if AGREED not in r.codes]
    read = [[*_repaired(page, repair), _why(repair)] for repair in own]
    _block(page, "repaired", (*changed, "reason"), read)
    _block(page, "hidden", ("division", "file", "sheet", "what", "where"), list(_hidden(page)))
    _block(page, "generated", ("measure", "text"), list(_generated(page)))


def agreed(assessment: Assessment) -> list[Repair]:
    """The corrections that were agreed with a division and made by hand."""
    return [repair for repair in assessment.repairs if AGREED in repair.codes]


def _block(page: Page, name: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    page.section(name)
    if not rows:
        page.line(page.say("none"), "note")
        return
    page.headings([page.say(f"head.{head}") if head else "" for head in heads])
    for row in rows:
        page.row(row)


def _division(page: Page, file: str) -> str:
    names = {each.code: each.name for each in page.book.plan.divisions}
    codes = {each.name: each.division for each in page.book.assessment.submissions}
    return names.get(codes.get(file) or "", "")


def _repaired(page: Page, repair: Repair) -> list[Cell]:
    cell = repair.cell
    column = page.book.plan.form(repair.form).column(repair.column)
    place = [_division(page, cell.file), cell.file, cell.sheet, cell.address]
    return [*place, one_line(column.th), repair.typed, repair.read]


def _why(repair: Repair) -> str:
    """The reasons for which the value was read so for certain."""
    return " · ".join(say(f"repair.{code}") for code in repair.codes)


def _excluded(page: Page) -> Iterator[list[Cell]]:
    """The rows that do not count though nothing is wrong with them, each with its reason."""
    told = {(f.form, f.index): f for f in page.book.assessment.findings if f.fate is Fate.EXCLUDED}
    for table in page.book.assessment.tables.values():
        out = table.frame.index[table.frame["fate"] == str(Fate.EXCLUDED)]
        for index in out:
            cell = table.cell(int(index), table.form.columns[0].name)
            finding = told.get((table.form.name, int(index)))
            params = finding.params if finding else {}
            place = [_division(page, cell.file), cell.file, cell.sheet, str(cell.row)]
            last = [params.get("reason", ""), params.get("approved_by", "")]
            yield [*place, table.form.about.sheet, *last]


def _waived(page: Page) -> Iterator[list[Cell]]:
    """Waived obligations, and the extensions that were granted, with who approved them."""
    plan = page.book.plan
    told = {(f.division, f.form): f for f in page.book.assessment.findings if f.code == "waived"}
    for standing in page.book.assessment.standings:
        owed = standing.obligation
        if standing.state is State.WAIVED:
            finding: Finding | None = told.get((owed.division, owed.form))
            params = finding.params if finding else {}
            month = format_month(owed.month) if owed.month else ""
            names = [plan.division(owed.division).name, plan.form(owed.form).about.sheet]
            last = [params.get("reason", ""), params.get("approved_by", "")]
            yield [*names, month, None, *last]
    for each in plan.extensions:
        form = plan.form(each.form).about.sheet if each.form else page.say("every-form")
        until = page.book.own(page.say("until", day=format_date(each.due.date())))
        name = plan.division(each.division).name
        yield [name, form, until, None, each.reason, each.approved_by]


def _hidden(page: Page) -> Iterator[list[Cell]]:
    for each in page.book.assessment.hidden:
        what = say(f"report.hidden.{each.what}")
        yield [_division(page, each.file), each.file, each.sheet, what, each.where]


def _generated(page: Page) -> Iterator[list[Cell]]:
    """The sentences of the public table that were made from the figures."""
    for printed in page.book.assessment.printed:
        texts = {"summary": printed.summary, "outcome": printed.outcome}
        for name, text in texts.items():
            if printed.marks.get(name) == "generated":
                measure = page.book.own(page.say("measure", number=printed.measure.number))
                yield [f"{measure}\n{say(f'report.public.cell.{name}')}", text]
