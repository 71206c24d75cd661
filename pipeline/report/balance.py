"""Rows in are rows out, files in are files out, and every figure is what its formula gives."""

from collections.abc import Iterator

from pipeline.messages import say
from pipeline.model import (
    Correction,
    Effect,
    Exclusion,
    Explanation,
    Fate,
    Figure,
    FormOutcome,
    FormState,
    Outcome,
    Release,
    Waiver,
)
from pipeline.report.cell_content import UNIT_LOOKS, Cell, FigureCell, Live, Value, figure_value
from pipeline.report.claims_block import stated_block
from pipeline.report.page import Page
from pipeline.report.writers import sheet
from schemas.kit.thai.dates import format_month

_FATES = tuple(str(fate) for fate in Fate)
_UNUSED = (FormState.SUPERSEDED, FormState.WAITING, FormState.EXCLUDED)
_READ = _COMPUTED = 2


@sheet("balance", turn=2)
def balance_sheet(page: Page) -> None:
    """Write what balances, and what is stated; every difference is a formula and ought to be 0."""
    page.columns(60, 92, 18, 18, 16, 16, 14, 14)
    page.title()
    page.line(page.say("note"), "note")
    _rows(page)
    _unused_block(page)
    _files(page)
    _entries(page)
    stated_block(page)
    _figures(page)


def _rows(page: Page) -> None:
    page.section("rows")
    page.heads(("form", "in-sheet", "read", *_FATES, "difference"))
    for form in page.book.plan.forms:
        prefix = f"rows.{form.name}"
        if page.book.figure(f"{prefix}.read") is None:
            continue
        table = page.book.assessment.tables.get(form.name)
        found = 0 if table is None else len(table.frame)
        out = "".join(f"-{prefix}.{fate}" for fate in _FATES)
        page.row(
            [
                form.about.sheet,
                Live(f"COUNTA({form.name}.fate)", found, "count"),
                FigureCell(f"{prefix}.read"),
                *(FigureCell(f"{prefix}.{fate}") for fate in _FATES),
                Live(f"COUNTA({form.name}.fate){out}", 0, "count"),
            ]
        )


def _unused_block(page: Page) -> None:
    """A line for each form of a file whose rows were read and are not used, then their sum."""
    page.section("unused")
    page.line(page.say("unused-note"), "note")
    form_outcomes = list(_unused(page))
    if not form_outcomes:
        page.line(page.say("nothing-unused"))
        return
    last = len(page.widths) - 1
    head = page.heads(("form", "file", "read", "why"), last=last)
    for form_outcome in form_outcomes:
        cells = (
            _form_and_month(page, form_outcome),
            form_outcome.submission,
            Value(form_outcome.rows, "count"),
        )
        page.row_with_sentence(cells, _why_unused(form_outcome), last)
    summed = page.range_of(head + 1, page.at - 1, _READ)
    total = Live(f"SUM({summed})", sum(each.rows for each in form_outcomes), "count")
    page.row([say("report.total"), None, total], total=True)


def _unused(page: Page) -> Iterator[FormOutcome]:
    for form_outcome in page.book.assessment.form_outcomes:
        if form_outcome.state in _UNUSED and form_outcome.rows:
            yield form_outcome


def _form_and_month(page: Page, form_outcome: FormOutcome) -> str:
    name = page.book.plan.form(form_outcome.form).about.sheet
    month = page.book.own(format_month(form_outcome.month)) if form_outcome.month else ""
    return f"{name} {month}".strip()


def _why_unused(form_outcome: FormOutcome) -> str:
    if form_outcome.state is FormState.SUPERSEDED:
        return say("trace.superseded", by=form_outcome.by)
    return say(f"ignored.{form_outcome.reason or 'left-out'}")


def _files(page: Page) -> None:
    """Everything received ends in one of the outcomes."""
    page.section("files")
    page.heads(("what", "definition", "count"))
    for figure in page.book.assessment.figures.values():
        if figure.subject == "balance":
            page.row([figure.title_th, figure.definition_th, FigureCell(figure.id)])
    out = "".join(f"-balance.{outcome}" for outcome in Outcome)
    difference = Live(f"COUNTA(files.name){out}", 0, "count")
    page.row([page.say("head.difference"), page.say("files-difference"), difference], total=True)


def _entries(page: Page) -> None:
    """What people wrote in `corrections.toml`: every entry has an effect or says why not."""
    page.section("entries")
    page.heads(("what", "definition", "entries", "in-effect", "without-effect", "difference"))
    for kind in (Correction, Exclusion, Waiver, Explanation, Release):
        found = [settled for _, settled in page.book.assessment.entries(kind)]
        name = kind.__name__.lower()
        here = sum(each.in_effect for each in found)
        words = [say(f"effect.{Effect.IN_EFFECT}"), page.say("not-in-effect")]
        counts = [f'COUNTIF(changes.{name},"{word}")' if found else "0" for word in words]
        page.row(
            [
                say(f"report.changes.{name}"),
                f"[[{name}]]",
                Value(len(found), "count"),
                Live(counts[0], here, "count"),
                Live(counts[1], len(found) - here, "count"),
                Live(f"{len(found)}-{counts[0]}-{counts[1]}", 0, "count"),
            ]
        )


def _figures(page: Page) -> None:
    """Each figure: its formula, the computed value as a constant, what the formula gives now."""
    page.section("figures")
    figures = page.book.assessment.figures
    summed, page.at = page.at, page.at + 1
    head = page.heads(("figure", "formula", "computed", "live", "difference"))
    page.printed(repeat=head)
    for figure in figures.values():
        difference = _difference(figure, page.address(page.at, _COMPUTED))
        value = Value(figure_value(figure), UNIT_LOOKS[figure.unit])
        page.row([*_named(figure), value, FigureCell(figure.id), difference])
    differences = page.range_of(head + 1, page.at - 1, _COMPUTED + 2)
    page.coloured((head + 1, page.at - 1), _COMPUTED + 2, {"<>0": "bad"})
    following, page.at = page.at, summed
    agree, differ = page.say("agree"), page.say("differ")
    count = f'COUNTIF({differences},"<>0")'
    said = Live(f'IF({count}=0,"{agree}","{differ}")', agree, "text_center")
    page.coloured((page.at, page.at), _COMPUTED + 1, {f'="{agree}"': "good", f'="{differ}"': "bad"})
    page.row([page.say("all-agree"), None, Live(count, 0, "count"), said], total=True)
    page.at = following


def _named(figure: Figure) -> Iterator[Cell]:
    yield f"{figure.title_th}\n{figure.id}"
    yield Value(figure.formula or say("report.recorded"), "code")


def _difference(figure: Figure, computed: str) -> Live:
    """0 where the formula gives the computed value; of a text or of none, 1 where it does not."""
    if figure.unit == "text" or figure.value is None:
        return Live(f"IF({figure.id}={computed},0,1)", 0, "count")
    return Live(f"ROUND({figure.id}-{computed},2)", 0, "rate")
