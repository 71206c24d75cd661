"""The figures at a glance, with charts that Excel draws from the cells."""

from pipeline.messages import figure_title
from pipeline.report.cell_content import Charted, FigureCell, Live
from pipeline.report.charts import draw, leave_room
from pipeline.report.page import Page
from pipeline.report.writers import sheet

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
_RESULTS = {"all-done": "good", "some-done": "warn", "none-done": "bad"}


@sheet("summary", turn=2)
def summary_sheet(page: Page) -> None:
    """Write the key figures, the charts, the measures, and the figures of no other sheet."""
    page.columns(59, 71, 18, 26, 18, 18, 22)
    page.title()
    page.printed()
    page.section("key")
    page.heads(("figure", "definition", "value", "home"))
    for name in _KEY_FIGURES:
        figure = page.book.figure(name)
        if figure is not None:
            home = page.book.link_to(name)
            page.row([figure_title(figure), figure.definition_th, FigureCell(name), home])
    page.gap()
    room = leave_room(page)
    _measures(page)
    _others(page)
    draw(page, room)


def _measures(page: Page) -> None:
    page.section("measures")
    head = page.heads(("measure", "title", *_MEASURE_FIGURES, "result"))
    measures = page.book.plan.measures
    for measure in measures:
        number = page.book.own(page.say("measure", number=measure.number))
        ids = [f"measures.{measure.number}.{name}" for name in _MEASURE_FIGURES]
        page.row([number, measure.title, *map(FigureCell, ids), _result(page, measure.number)])
    words = {f'="{page.say(word)}"': look for word, look in _RESULTS.items()}
    page.coloured((head + 1, page.at - 1), 2 + len(_MEASURE_FIGURES), words)
    completion = 1 + len(_MEASURE_FIGURES)
    page.book.charted["measures"] = Charted(page.name, head, len(measures), [completion])


def _others(page: Page) -> None:
    """The figures that no sheet explains."""
    page.section("others")
    page.heads(("figure", "definition", "value"))
    for figure in page.book.assessment.figures.values():
        if not figure.sheet:
            page.row([figure.title_th, figure.definition_th, FigureCell(figure.id)])


def _result(page: Page, number: int) -> Live:
    """What the completion means, in a word that its colour only repeats."""
    obliged, done = (f"measures.{number}.{name}" for name in ("obliged", "done"))
    figures = page.book.assessment.figures
    owed, finished = (int(figures[name].value or 0) for name in (obliged, done))
    all_done, some_done, none_done = map(page.say, _RESULTS)
    word = (all_done if finished >= owed else some_done if finished else none_done) if owed else ""
    formula = (
        f'IF({obliged}=0,"",IF({done}>={obliged},"{all_done}",'
        f'IF({done}>0,"{some_done}","{none_done}")))'
    )
    return Live(formula, word, "text_center")
