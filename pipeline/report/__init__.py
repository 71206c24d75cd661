"""Figures → report.xlsx: every sheet laid out, every figure a formula beside its value."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from pipeline.messages import say
from pipeline.model import Assessment
from pipeline.report.balance import balance_sheet
from pipeline.report.book import Book
from pipeline.report.breakdowns import buying_sheet, complaints_sheet
from pipeline.report.corrections_sheet import changes_sheet
from pipeline.report.cover_sheet import front_sheet
from pipeline.report.data_sheets import data_sheet
from pipeline.report.findings_sheet import findings_sheet
from pipeline.report.glossary import glossary_sheet
from pipeline.report.page import Page
from pipeline.report.plan_sheet import plan_sheet
from pipeline.report.public_table import public_sheet
from pipeline.report.registers import annex_sheet, files_sheet
from pipeline.report.signals_sheet import signals_sheet
from pipeline.report.status_sheet import standing_sheet
from pipeline.report.summary_sheet import summary_sheet
from schemas.kit.form import FormSpec

__all__ = ["report"]

_BEFORE_DATA: Mapping[str, Callable[[Page], None]] = {
    "front": front_sheet,
    "public": public_sheet,
    "annex": annex_sheet,
    "summary": summary_sheet,
    "plan": plan_sheet,
    "buying": buying_sheet,
    "complaints": complaints_sheet,
    "standing": standing_sheet,
    "findings": findings_sheet,
    "flags": signals_sheet,
}
_AFTER_DATA: Mapping[str, Callable[[Page], None]] = {
    "balance": balance_sheet,
    "files": files_sheet,
    "changes": changes_sheet,
    "glossary": glossary_sheet,
}
_SHEETS = {**_BEFORE_DATA, **_AFTER_DATA}
# A figure lives where it is explained, not where it is repeated: these are written last, in this
# order, and find the homes of all others.
_LAST = ("summary", "balance", "glossary", "public", "front")


def report(assessment: Assessment, path: Path, properties: Mapping[str, str]) -> None:
    """Write the report of a round to `path`, whole or not at all.

    `properties` are the document's own; raises OSError where another program holds the file open.
    """
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(workbook_of(assessment, properties))
    fresh.replace(path)


def workbook_of(assessment: Assessment, properties: Mapping[str, str]) -> bytes:
    """The whole workbook; the same assessment and properties give the same bytes."""
    book = Book(assessment, properties)
    pages = {key: Page(book, key) for key in _BEFORE_DATA}
    data = [(form, _data_page(book, form)) for form in assessment.plan.forms]
    pages |= {key: Page(book, key) for key in _AFTER_DATA}
    for form, page in data:
        data_sheet(page, form)
    for key in _in_writing_order():
        _SHEETS[key](pages[key])
        pages[key].paginate()
    for page in pages.values():
        page.lead_on()
    return book.finish()


def _data_page(book: Book, form: FormSpec) -> Page:
    return Page(book, f"data-{form.name}", say("report.data.sheet", form=form.about.sheet))


def _in_writing_order() -> Iterator[str]:
    yield from (key for key in _SHEETS if key not in _LAST)
    yield from _LAST
