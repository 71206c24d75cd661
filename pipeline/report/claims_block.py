"""What the texts state beside the figures, line by line, with live differences."""

from collections.abc import Iterator
from decimal import Decimal

from pipeline.messages import say
from pipeline.model import Figure, Finding
from pipeline.report.cell_content import UNIT_LOOKS, Cell, Live, Plain, Value
from pipeline.report.page import Page
from schemas.crosschecks import crosschecks
from schemas.kit.claims.comparison import Comparison

_STATED, _DIFFERENCE = 2, 4


def stated_block(page: Page) -> None:
    """Write every statement of a text, the figure it is about, and whether both agree."""
    page.section("stated")
    page.line(page.say("stated-note"), "note")
    said = page.book.assessment.comparisons
    if not said:
        page.line(page.say("nothing-stated"))
        return
    page.heads(("text", "words", "stated", "by-figure", "difference", "result"))
    explained = [each for each in page.book.assessment.findings if _is_explained(each)]
    for each in said:
        answered = any(_is_about(finding, each) for finding in explained)
        page.row(list(_cells(page, each, explained=answered)))


def _is_explained(finding: Finding) -> bool:
    check = crosschecks().get(finding.code)
    return finding.explained and check is not None and check.after_figures


def _is_about(finding: Finding, each: Comparison[Figure]) -> bool:
    if each.key:
        return finding.params.get("key") == each.key
    return (finding.index, finding.column) == (each.index, each.column)


def _cells(page: Page, each: Comparison[Figure], *, explained: bool) -> Iterator[Cell]:
    """Where the words stand, the words, both values, their difference, and what comes of it."""
    look = "rate" if each.claim.scale > 1 else UNIT_LOOKS[each.figure.unit]
    measure = page.book.own(page.say("of-measure", measure=each.measure))
    yield f"{measure}\n{each.key or each.place}"
    yield f"“{each.words}”\n{each.title_th}"
    stated, computed = _plain(each.stated), _plain(each.computed)
    whole = each.whole if each.of_all else None
    yield Live(whole.formula, stated, look) if whole else Value(stated, look)
    scaled = each.claim.scale > 1 and isinstance(each.computed, Decimal)
    formula = f"({each.figure.formula})/{each.claim.scale}" if scaled else each.figure.formula
    yield Live(formula, float(each.computed) / each.claim.scale if scaled else computed, look)
    yield _difference(page, each, look)
    yield _result(page, each, explained=explained)


def _difference(page: Page, each: Comparison[Figure], look: str) -> Live:
    """0 where both agree to the decimals that are stated; of a word, 1 where it is another."""
    stated, computed = (page.address(page.at, _STATED + number) for number in (0, 1))
    if isinstance(each.stated, str) or isinstance(each.computed, str):
        return Live(f"IF({stated}={computed},0,1)", int(not each.agrees), "count")
    places = each.claim.places
    rounded = f"ROUND({stated},{places})-ROUND({computed},{places})"
    return Live(f"ROUND({rounded},{places})", float(each.difference), look)


def _result(page: Page, each: Comparison[Figure], *, explained: bool) -> Live:
    agrees, differs = page.say("agrees"), page.say("differs")
    differs = page.say("differs-explained") if explained else differs
    cell = page.address(page.at, _DIFFERENCE)
    return Live(f'IF({cell}=0,"{agrees}","{differs}")', agrees if each.agrees else differs, "text")


def _plain(value: Decimal | str) -> Plain:
    return say(f"level.{value}") if isinstance(value, str) else float(value)
