"""The public table: six columns, ready to print and to sign, with its notes under it."""

import re
from collections.abc import Iterator

from pipeline.messages import note_sentence, say
from pipeline.model import CellRef, PrintedMeasure
from pipeline.report.cell_content import Cell, Link
from pipeline.report.page import Page
from pipeline.report.writers import sheet

_PRINTED = 6
_NOTES_LOOK = "text_plain"
_GENERATED = "generated"
_QUOTED = re.compile("(“[^”]*”)")


@sheet("public", turn=3)
def public_sheet(page: Page) -> None:
    """Write the printed table; beside it, outside the print area, where everything comes from."""
    page.columns(22, 31, 14, 15, 31, 33, 3, 26, 26, 24, 48)
    for text in page.book.title_lines:
        page.line(text, "title_center", (0, _PRINTED - 1))
    page.gap()
    head = page.heads(("measure", "procedure", "owner", "period", "summary", "outcome"))
    _beside_heads(page, head)
    page.printed(repeat=head, columns=_PRINTED)
    page.sheet.freeze_panes(head + 1, 0)
    page.sheet.hide_gridlines(2)
    for printed in page.book.assessment.printed:
        _measure(page, printed)
    _notes(page)
    page.sheet.print_area(0, 0, page.at - 1, _PRINTED - 1)


def _beside_heads(page: Page, row: int) -> None:
    names = ("figures", "details", "words", "source")
    for column, name in enumerate(names, _PRINTED + 1):
        page.sheet.write_string(row, column, page.say(f"head.{name}"), page.book.look("heading"))


def _measure(page: Page, printed: PrintedMeasure) -> None:
    measure = printed.measure
    texts = (measure.title, measure.procedure, measure.owner_text, measure.period_text)
    row = page.row([*texts, printed.summary, printed.outcome])
    following, page.at = page.at, row
    for column, cell in enumerate(_beside(page, printed), _PRINTED + 1):
        page.put(column, cell)
    page.at = following


def _beside(page: Page, printed: PrintedMeasure) -> Iterator[Cell]:
    """The link to the measure's figures, to where they are made up, whose words, and their cell."""
    book = page.book
    homes = [book.homes[key] for key in printed.figures if key in book.homes]
    yield Link(page.say("figures"), *homes[0]) if homes else None
    yield _details(page, printed)
    marks = dict.fromkeys(printed.marks.values())
    yield "\n".join(say(f"report.words.{mark}") for mark in marks)
    yield _place(printed.source) if printed.source else None


def _details(page: Page, printed: PrintedMeasure) -> Cell:
    """The first sheet on which a figure is made of a form that this measure is about."""
    book = page.book
    forms = [f for f in book.plan.forms if printed.measure.number in f.about.measures]
    by_breadth = sorted(forms, key=lambda form: len(form.about.measures))
    for form in by_breadth:
        for key, figure in book.assessment.figures.items():
            frames = {leaf.frame for _, leaf in figure.term.addends()}
            if form.name in frames and figure.subject != "rows" and key in book.homes:
                sheet, row, column = book.homes[key]
                return Link(sheet, sheet, row, column)
    return None


def _place(source: CellRef) -> str:
    return f"{source.file}\n{source.sheet}!{source.address}"


def _notes(page: Page) -> None:
    """The numbered notes; nothing is ever added to a cell of the table itself."""
    notes = list(_sentences(page))
    if not notes:
        return
    page.block()
    page.gap()
    page.line(page.say("notes"), "subtitle", (0, _PRINTED - 1))
    for number, text in enumerate(notes, 1):
        numbered = page.book.own(f"({number})") + f" {text}"
        page.line(numbered, _NOTES_LOOK, (0, _PRINTED - 1))


def _sentences(page: Page) -> Iterator[str]:
    for printed in page.book.assessment.printed:
        measure = page.book.own(page.say("of-measure", measure=printed.measure.number))
        for finding in printed.notes:
            explained = page.say("explained") if finding.explained else ""
            yield f"{_own(page, note_sentence(finding, 'th'))}{explained}"
        generated = [name for name, mark in printed.marks.items() if mark == _GENERATED]
        if generated:
            heads = " ".join(page.say(f"cell.{name}") for name in generated)
            yield f"{measure} {page.say('generated', cells=heads)}"


def _own(page: Page, sentence: str) -> str:
    """A sentence in the digits of the round; what it quotes stays as it was typed."""
    parts = _QUOTED.split(sentence)
    return "".join(part if part.startswith("“") else page.book.own(part) for part in parts)
