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
    Outcome,
    Waiver,
)
from pipeline.report.cell_content import UNIT_LOOKS, Cell, FigureCell, Live, Value, figure_value
from pipeline.report.claims_block import stated_block
from pipeline.report.corrections_sheet import entries
from pipeline.report.page import Page
from pipeline.report.superseded_rows import unused_block

_FATES = tuple(str(fate) for fate in Fate)
_COMPUTED = 2


def balance_sheet(page: Page) -> None:
    """Write what balances, and what is stated; every difference is a formula and ought to be 0."""
    page.columns(60, 92, 18, 18, 16, 16, 14, 14)
    page.title()
    page.line(page.say("note"), "note")
    _rows(page)
    unused_block(page)
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


def _files(page: Page) -> None:
    """Everything received ends in one of the outcomes."""
    page.section("files")
    page.heads(("what", "definition", "count"))
    names = [key for key in page.book.assessment.figures if key.startswith("balance.")]
    for name in names:
        figure = page.book.assessment.figures[name]
        page.row([figure.title_th, figure.definition_th, FigureCell(name)])
    out = "".join(f"-balance.{outcome}" for outcome in Outcome)
    difference = Live(f"COUNTA(files.name){out}", 0, "count")
    page.row([page.say("head.difference"), page.say("files-difference"), difference], total=True)


def _entries(page: Page) -> None:
    """What people wrote in `corrections.toml`: every entry has an effect or says why not."""
    page.section("entries")
    page.heads(("what", "definition", "entries", "in-effect", "without-effect", "difference"))
    for kind in (Correction, Exclusion, Waiver, Explanation):
        found = [settled for _, settled in entries(page.book.assessment, kind)]
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
