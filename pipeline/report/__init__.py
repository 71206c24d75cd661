"""Figures → report.xlsx: every sheet laid out, every figure a formula beside its value."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.files import write_whole
from pipeline.model import Assessment
from pipeline.report.book import Book
from pipeline.report.page import Page
from pipeline.report.writers import SheetWriter, sheets

__all__ = ["report"]


def report(assessment: Assessment, path: Path, properties: Mapping[str, str]) -> None:
    """Write the report of a round to `path`, whole or not at all.

    `properties` are the document's own; raises PipelineError where another program holds the file.
    """
    write_whole(path, workbook_of(assessment, properties))


def workbook_of(assessment: Assessment, properties: Mapping[str, str]) -> bytes:
    """The whole workbook; the same assessment and properties give the same bytes."""
    book = Book(assessment, properties)
    due = (each for each in sheets() if each.when(book.plan))
    pages = [(each, page) for each in due for page in _pages(book, each)]
    for each, page in sorted(pages, key=lambda one: one[0].turn):
        each.write(page)
        page.doubts()
        if not each.each_form:  # a data sheet may be cut at any row
            page.paginate()
    for _, page in pages:
        page.lead_on()
    return book.finish()


def _pages(book: Book, each: SheetWriter) -> Iterator[Page]:
    for form in book.plan.forms if each.each_form else (None,):
        yield Page(book, each.key, form)
