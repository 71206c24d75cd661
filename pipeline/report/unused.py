"""The rows that were read of forms which do not count, and why: no data sheet holds them."""

from collections.abc import Iterator

from pipeline.messages import say
from pipeline.model import Receipt, ReceiptState
from pipeline.report.cells import Live, Value
from pipeline.report.page import Page
from schemas.kit.thai_dates import format_month

_UNUSED = (ReceiptState.SUPERSEDED, ReceiptState.WAITING, ReceiptState.EXCLUDED)
_COUNT = 2


def unused_block(page: Page) -> None:
    """A line for each form of a file whose rows were read and are not used, then their sum."""
    page.section("unused")
    page.line(page.say("unused-note"), "note")
    receipts = list(_unused(page))
    if not receipts:
        page.line(page.say("nothing-unused"))
        return
    last = len(page.widths) - 1
    head = page.heads(("form", "file", "read", "why"), last=last)
    for receipt in receipts:
        cells = (_form(page, receipt), receipt.submission, Value(receipt.rows, "count"))
        page.row_with_sentence(cells, _why(receipt), last)
    summed = page.range_of(head + 1, page.at - 1, _COUNT)
    total = Live(f"SUM({summed})", sum(each.rows for each in receipts), "count")
    page.row([say("report.total"), None, total], total=True)


def _unused(page: Page) -> Iterator[Receipt]:
    for receipt in page.book.assessment.receipts:
        if receipt.state in _UNUSED and receipt.rows:
            yield receipt


def _form(page: Page, receipt: Receipt) -> str:
    name = page.book.plan.form(receipt.form).about.sheet
    month = page.book.own(format_month(receipt.month)) if receipt.month else ""
    return f"{name} {month}".strip()


def _why(receipt: Receipt) -> str:
    if receipt.state is ReceiptState.SUPERSEDED:
        return say("trace.superseded", by=receipt.by)
    return say(f"ignored.{receipt.reason or 'left-out'}")
