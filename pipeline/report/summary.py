"""The figures at a glance, with charts that Excel draws from the cells."""

from pipeline.report.breakdowns import rest_of_figures
from pipeline.report.cells import Charted, Ref
from pipeline.report.charts import draw, leave_room
from pipeline.report.page import Page

_KEY_FIGURES = (
    "plan.score_pct",
    "plan.level",
    "plan.done_share_pct",
    "plan.registered",
    "plan.waiting",
    "submissions.completeness_pct",
    "submissions.due",
    "submissions.missing",
    "procurement.year.contracts",
    "procurement.year.agreed_baht",
    "complaints.received",
    "complaints.finished",
)
_MEASURE_FIGURES = ("obliged", "reported", "done", "completion_pct")


def summary_sheet(page: Page) -> None:
    """Write the key figures, the charts, the measures, and the figures of no other sheet."""
    page.columns(59, 71, 18, 26, 18, 18)
    page.title()
    page.printed()
    page.section("key")
    page.heads(("figure", "definition", "value", "home"))
    for name in _KEY_FIGURES:
        figure = page.book.figure(name)
        if figure is not None:
            page.row([figure.title_th, figure.definition_th, Ref(name), page.book.link_to(name)])
    page.gap()
    room = leave_room(page)
    _measures(page)
    rest_of_figures(page)
    draw(page, room)


def _measures(page: Page) -> None:
    page.section("measures")
    head = page.heads(("measure", "title", *_MEASURE_FIGURES))
    measures = page.book.plan.measures
    for measure in measures:
        number = page.book.own(page.say("measure", number=measure.number))
        ids = [f"measures.{measure.number}.{name}" for name in _MEASURE_FIGURES]
        page.row([number, measure.title, *map(Ref, ids)])
    page.book.charted["measures"] = Charted(page.name, head, len(measures))
