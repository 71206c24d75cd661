"""Who has sent what: counts of states, a grid of divisions and forms, open items, obligations."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from pipeline.messages import open_sentence, say
from pipeline.model import Assessment, ObligationState, ObligationStatus, OpenItem
from pipeline.report.cell_content import Cell, Charted, FigureCell, Value
from pipeline.report.frame_tables import frame_table
from pipeline.report.page import Page
from pipeline.report.writers import sheet

_STATES = ("reported", "confirmed_zero", "refused", "missing", "pending")
_BESIDE = ("waived", "not_due", "late", "unaccounted", "due", "completeness_pct")
_LOOK_OF = {
    ObligationState.REPORTED: "good",
    ObligationState.CONFIRMED_ZERO: "good",
    ObligationState.REFUSED: "bad",
}
_LOOK_OF |= {ObligationState.MISSING: "bad", ObligationState.PENDING: "warn"}
_LOOKS = {"month": "month", "due": "time", "measure_no": "count", "late_days": "count"}


@sheet("standing")
def standing_sheet(page: Page) -> None:
    """Write the states, the grid, the open items and the line for every obligation."""
    forms = _forms(page.book.assessment)
    page.columns(34, 24, *[18.0] * 6, 36, *[18.0] * max(len(forms) - 8, 0))
    page.title()
    _states(page)
    _grid(page, forms)
    _open_items(page)
    _obligations(page)


def _forms(assessment: Assessment) -> list[str]:
    """The forms that anyone owes, in their order."""
    owed = {each.obligation.form for each in assessment.obligation_statuses}
    return [form.name for form in assessment.plan.forms if form.name in owed]


def _states(page: Page) -> None:
    page.section("states")
    head = page.heads(("state", "count"))
    for name in _STATES:
        page.row([say(f"state.{name.upper()}"), FigureCell(f"submissions.{name}")])
    page.book.charted["states"] = Charted(page.name, head, len(_STATES), [1])
    for name in _BESIDE:
        figure = page.book.assessment.figures[f"submissions.{name}"]
        page.row([figure.title_th, FigureCell(figure.id)], total=name in _BESIDE[-2:])


def _grid(page: Page, forms: Sequence[str]) -> None:
    """A line for each division, a column for each form; its months are counted in one cell."""
    page.section("grid")
    plan = page.book.plan
    sheets = [plan.form(name).about.sheet for name in forms]
    page.headings([page.say("head.division"), *sheets])
    met: dict[tuple[str, str], list[ObligationStatus]] = defaultdict(list)
    for each in page.book.assessment.obligation_statuses:
        met[(each.obligation.division, each.obligation.form)].append(each)
    for division in plan.divisions:
        cells = [_grid_cell(page, met[(division.code, form)]) for form in forms]
        page.row([division.name, *cells])


def _grid_cell(page: Page, obligation_statuses: Sequence[ObligationStatus]) -> Cell:
    if not obligation_statuses:
        return None
    states = Counter(each.state for each in obligation_statuses)
    worst = min(states, key=_ORDER.index)
    text = say(f"state.{worst}")
    if len(obligation_statuses) > 1:
        text += page.book.own(f" {states[worst]}/{len(obligation_statuses)}")
    parts = dict.fromkeys(part for each in obligation_statuses for part in each.lacking)
    if parts:
        division = page.book.plan.division(obligation_statuses[0].obligation.division)
        names = (each.name for each in division.parts if each.code in parts)
        text += "\n" + page.book.own(page.say("lacking", parts=", ".join(names)))
    late = max(each.late_days for each in obligation_statuses)
    if late:
        text += "\n" + page.book.own(page.say("late", days=late))
    return Value(text, _LOOK_OF.get(worst, "text"))


_ORDER = (
    ObligationState.MISSING,
    ObligationState.REFUSED,
    ObligationState.PENDING,
    ObligationState.REPORTED,
    ObligationState.CONFIRMED_ZERO,
    ObligationState.WAIVED,
    ObligationState.NOT_DUE,
)


def _open_items(page: Page) -> None:
    page.section("open")
    items = page.book.assessment.open_items
    if not items:
        page.line(page.say("nothing-open"))
        return
    last = len(page.widths) - 1
    page.heads(("who", "division", "item"), last=last)
    for (who, division, text), count in Counter(_open_lines(page, items)).items():
        times = page.book.own(page.say("times", count=count)) if count > 1 else ""
        page.row_with_sentence((who, division), f"{text}{times}", last)


def _open_lines(page: Page, items: Sequence[OpenItem]) -> Iterator[tuple[str, str, str]]:
    plan = page.book.plan
    for item in items:
        division = plan.division(item.division).name if item.division else ""
        yield say(f"who.{item.who}"), division, open_sentence(item, plan, "th")


def _obligations(page: Page) -> None:
    """The frame of obligations as a table whose columns the figures count."""
    page.section("obligations")
    frame_table(page, "obligations", page.book.assessment.frames["obligations"], _LOOKS)
