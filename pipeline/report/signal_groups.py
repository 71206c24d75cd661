"""Groups of rows that are a signal only together, each with its rows side by side."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pipeline.messages import say
from pipeline.model import Finding
from pipeline.report.cell_content import Cell, FigureCell, Live, Value
from pipeline.report.page import Page
from pipeline.report.row_summary import DataRows
from schemas.crosschecks import crosschecks

_AMOUNT = 4


def groups(page: Page, findings: Sequence[Finding], flags: Mapping[str, str]) -> None:
    """Write how the sellers were told, then each group with its rows side by side."""
    page.section("groups")
    page.line(page.say("groups-note"), "note")
    _matched(page)
    page.gap()
    if not findings:
        page.line(page.say("no-groups"))
        return
    page.heads(("group", "count", "first", "last", "total", "limit", "subject", "by", "said"))
    rows = {name: DataRows(page.book, name) for name in {f.form or "" for f in findings}}
    for number, finding in enumerate(findings, 1):
        title = page.say("group", number=page.book.own(str(number)), flag=flags[finding.code])
        _group(page, title, finding, rows[finding.form or ""])


def _matched(page: Page) -> None:
    names = ("contracts", "number", "name", "unknown")
    page.heads(("matched", *(f"matched-{name}" for name in names)))
    page.row([page.say("matched"), *(FigureCell(f"procurement.matched.{n}") for n in names)])


def _group(page: Page, title: str, finding: Finding, rows: DataRows) -> None:
    """The group in one line, with live totals over the lines of its rows below."""
    count = len(finding.group)
    amounts = page.range_of(page.at + 1, page.at + count, _AMOUNT)
    days = [rows.value(index, rows.glance.day) for index in finding.group]
    total = sum(Decimal(str(rows.value(index, rows.glance.amount))) for index in finding.group)
    limit = crosschecks()[finding.code].criteria[0]
    cells: list[Cell] = [
        title,
        Live(f"COUNT({amounts})", count, "count"),
        Value(min(days, key=str), "date"),
        Value(max(days, key=str), "date"),
        Live(f"SUM({amounts})", float(total), "money"),
        Live(f"criteria.{limit}", float(page.book.plan.criterion(limit)), "money"),
        finding.params["subject"],
        finding.params["matched_th"],
        say("report.explained") if finding.explained else None,
    ]
    page.row(cells, total=True)
    for index in finding.group:
        page.row(list(_item(page, rows, index)))


def _item(page: Page, rows: DataRows, index: int) -> Iterator[Cell]:
    glance = rows.glance
    yield rows.link(page, index)
    yield Value(rows.value(index, glance.number), "code")
    yield Value(rows.value(index, glance.day), "date")
    yield None
    yield rows.live_amount(page, index)
    yield None
    yield str(rows.value(index, glance.what) or "")
    yield str(rows.value(index, glance.who) or "")
    yield rows.place(index)
