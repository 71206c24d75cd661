"""The sheet of the anti-corruption plan: why the score is what it is, and of what it is made."""

from decimal import Decimal

from pipeline.messages import figure_text, say
from pipeline.report.cell_content import UNIT_LOOKS, Cell, Charted, FigureCell, Live
from pipeline.report.page import Page
from pipeline.report.writers import sheet

_COUNTS = ("registered", "done", "in_progress", "cannot", "waiting")
_SCORES = ("base", "weighted", "score_pct", "capped_pct", "done_share_pct", "level")
_SUPPOSED = ("if_waiting_weighted", "if_waiting_pct")
_BUDGETS = ("planned_budget_baht", "appropriated_budget_baht", "disbursed_baht")
_COMPARED = (*_COUNTS, *_SCORES, *_SUPPOSED, *_BUDGETS)
_INDICATORS = (
    ("score_pct", "weighted", "base"),
    ("capped_pct", "", ""),
    ("done_share_pct", "done", "registered"),
    ("waiting", "", ""),
    ("if_waiting_pct", "if_waiting_weighted", "base"),
    ("level", "", ""),
)


@sheet("plan")
def plan_sheet(page: Page) -> None:
    """Write three blocks: both rounds side by side, the score explained, projects by dimension."""
    page.columns(44, 56, 18, 18, 18, 18, 18)
    page.title()
    page.printed()
    _rounds(page)
    page.left_out("plan.registered")
    _explained(page)
    _dimensions(page)


def _rounds(page: Page) -> None:
    """The round beside the one before, figure by figure."""
    page.section("rounds")
    months = page.book.plan.round.months
    before = page.book.own(page.say("head.earlier"))
    this = page.book.own(page.say("head.this", months=months))
    heads = [page.say("head.figure"), page.say("head.definition"), before, this]
    head = page.headings([*heads, page.say("head.change")])
    page.book.charted["rounds"] = Charted(page.name, head, len(_COUNTS), (2, 3))
    for name in _COMPARED:
        figure = page.book.assessment.figures[f"plan.{name}"]
        cells: list[Cell] = [figure.title_th, figure.definition_th]
        cells += [
            FigureCell(f"earlier.plan.{name}"),
            FigureCell(f"plan.{name}"),
            _change(page, name),
        ]
        page.row(cells)
    if page.book.assessment.earlier is None:
        page.line(page.say("no-earlier"), "note")


def _change(page: Page, name: str) -> Cell:
    now, then = (page.book.figure(f"{prefix}{name}") for prefix in ("plan.", "earlier.plan."))
    if now is None or then is None or now.unit == "text":
        return None
    look = UNIT_LOOKS[now.unit]
    known = now.value is not None and then.value is not None
    change = float(Decimal(now.value or 0) - Decimal(then.value or 0)) if known else ""
    return Live(f'IF(OR({now.id}="",{then.id}=""),"",ROUND({now.id}-{then.id},2))', change, look)


def _explained(page: Page) -> None:
    """Why the score is not the share of projects done: each with numerator and denominator."""
    page.section("explained")
    page.heads(("figure", "formula", "numerator", "denominator", "result"))
    for name, above, below in _INDICATORS:
        figure = page.book.assessment.figures[f"plan.{name}"]
        ends = [FigureCell(f"plan.{each}") if each else None for each in (above, below)]
        page.row([figure.title_th, figure.definition_th, *ends, FigureCell(figure.id)])
    figures = page.book.assessment.figures
    base = page.book.plan.criteria["min_project_count"]
    page.line(
        page.book.own(
            page.say(
                "base",
                base=figure_text(figures["plan.base"]),
                registered=figure_text(figures["plan.registered"]),
                source=base.source,
                approved_by=base.approved_by,
            )
        ),
        "text_plain",
    )


def _dimensions(page: Page) -> None:
    """Projects by dimension and status, and all of them."""
    page.section("dimensions")
    head = page.heads(("dimension", "definition", *_COUNTS))
    dimensions = page.book.assessment.slices("dimension")
    for each in dimensions:
        label = page.book.own(page.say("dimension", number=each.th))
        figures = [FigureCell(f"plan.{each.code}.{name}") for name in _COUNTS]
        about = page.book.assessment.figures[f"plan.{each.code}.registered"].definition_th
        page.row([label, page.book.own(about), *figures])
    page.row(
        [say("report.total"), None, *(FigureCell(f"plan.{name}") for name in _COUNTS)], total=True
    )
    page.book.charted["dimensions"] = Charted(page.name, head, len(dimensions), range(3, 7))
