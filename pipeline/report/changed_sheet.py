"""What is said otherwise than in the round before, figure by figure."""

from collections.abc import Iterator
from decimal import Decimal

from pipeline.model import Figure, Plan
from pipeline.report.cell_content import UNIT_LOOKS, Cell, FigureCell, Live, Value, figure_value
from pipeline.report.page import Page
from pipeline.report.writers import sheet

_BEFORE = 2  # the column of what was recorded


def _has_earlier(plan: Plan) -> bool:
    return plan.earlier is not None


@sheet("changed", turn=3, when=_has_earlier)
def changed_sheet(page: Page) -> None:
    """Every figure that is another than in the round before: as recorded, as it is, the difference.

    A difference is no fault: a year goes on. What was said of one thing and is said otherwise now
    stands among the findings. How many figures are the same is said, and no more of them.
    """
    page.columns(62, 60, 18, 18, 18)
    page.title()
    head = page.heads(("figure", "definition", "before", "now", "difference"))
    page.printed(repeat=head)
    both = list(_in_both(page))
    for figure, old in both:
        if figure.value != old.value:
            page.row(_row(figure, old, page.address(page.at, _BEFORE)))
    same = sum(figure.value == old.value for figure, old in both)
    page.line(page.book.own(page.say("same", count=same)), "note")


def _in_both(page: Page) -> Iterator[tuple[Figure, Figure]]:
    """The figures that both rounds have, with what was recorded of each."""
    earlier = page.book.assessment.earlier
    before = earlier.recorded if earlier else {}
    for figure in page.book.assessment.figures.values():
        old = before.get(figure.id)
        if old is not None and figure.unit != "text" and old.unit == figure.unit:
            yield figure, old


def _row(figure: Figure, old: Figure, before: str) -> list[Cell]:
    look = UNIT_LOOKS[figure.unit]
    known = figure.value is not None and old.value is not None
    change = round(float(Decimal(figure.value or 0) - Decimal(old.value or 0)), 2) if known else ""
    formula = f'IF(OR({figure.id}="",{before}=""),"",ROUND({figure.id}-{before},2))'
    was = Value(figure_value(old), look)
    now, difference = FigureCell(figure.id), Live(formula, change, look)
    return [figure.title_th, figure.definition_th, was, now, difference]
