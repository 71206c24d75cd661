"""The cover: what it is, of when, in which edition, what came out, what is open, signatures."""

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname

from pipeline.digests import register_sha256, since_signed
from pipeline.messages import figure_title, say
from pipeline.messages.open_lines import who_must_act
from pipeline.model import Correction, Exclusion, Fate, Outcome, Signer
from pipeline.report.cell_content import UNIT_LOOKS, FigureCell, Live, Value
from pipeline.report.page import Page
from pipeline.report.writers import sheet
from pipeline.styles import row_height
from schemas.kit.thai.dates import format_date, format_time

_RESULTS = (
    "plan.score_pct",
    "plan.level",
    "plan.registered",
    "plan.done",
    "submissions.completeness_pct",
    "procurement.year.contracts",
    "procurement.year.agreed_baht",
    "complaints.received",
)
_MOST_LINES = 8  # of open items; the rest stand where the cover leads
_BLOCKS = 4
_COLUMN = 21.0
_TITLE = 1.5 * _COLUMN  # of a box: bold words are broken sooner than their widths say
_BIG: Mapping[str, Any] = {"font_size": 18, "bold": True, "align": "center", "indent": 0}


@sheet("front", turn=4)
def front_sheet(page: Page) -> None:
    """Write the cover; it prints on one page."""
    page.columns(*[_COLUMN] * (2 * _BLOCKS))
    page.printed()
    page.sheet.fit_to_pages(1, 1)
    page.sheet.center_horizontally()
    page.sheet.hide_gridlines(2)
    page.line(page.say("internal"), "note")
    page.gap()
    for text in page.book.title_lines:
        page.line(text, "title_center")
    _edition(page)
    _results(page)
    _counters(page)
    _open_items(page)
    _contents(page)
    _signers(page)
    page.sheet.activate()
    page.sheet.set_first_sheet()


def _edition(page: Page) -> None:
    as_of = page.book.assessment.as_of
    day = format_date(as_of.date(), "long")
    when = page.say("as-of", day=day, time=format_time(as_of.time()))
    plan, properties = page.book.plan, page.book.properties
    _centred(page, page.book.edition, bold=True, font_size=16)
    _centred(page, page.book.own(when))
    if plan.signings:
        _signed(page)
    if plan.oit_item:
        _centred(page, page.book.own(page.say("oit", item=plan.oit_item)))
    if plan.example:
        _centred(page, page.say("example"))
    digests = page.say(
        "digests",
        inputs=properties.get("inputs_sha256", ""),
        figures=properties.get("figures_sha256", ""),
        register=register_sha256(page.book.assessment),
        version=properties.get("pipeline_version", ""),
    )
    _centred(page, digests, font_size=11, font_color="#595959")


def _signed(page: Page) -> None:
    """When the report was last signed and by whom, and how much has changed since."""
    last = page.book.plan.signings[-1]
    day, count = format_date(last.signed_on, "long"), len(since_signed(page.book.assessment))
    _centred(page, page.book.own(page.say("signed", day=day)) + f" {last.signed_by}")
    if count:
        _centred(page, page.book.own(page.say("since-signed", count=count)), bold=True)


def _centred(page: Page, text: str, **changes: Any) -> None:
    look = page.book.look("sign", **changes)
    page.sheet.merge_range(page.at, 0, page.at, 2 * _BLOCKS - 1, text, look)
    size = float(str(changes.get("font_size", 14)))
    width = _COLUMN * 2 * _BLOCKS
    page.height(row_height([(line, width, size) for line in [text]]))


def _results(page: Page) -> None:
    """What a mayor asks first, every number live."""
    page.section("results")
    figures = page.book.assessment.figures
    for first in range(0, len(_RESULTS), _BLOCKS):
        keys = _RESULTS[first : first + _BLOCKS]
        _boxes(page, {figure_title(figures[key]): FigureCell(key) for key in keys})


def _counters(page: Page) -> None:
    """What an auditor asks first: what is not in the figures, and what was changed."""
    page.gap()
    plan = page.book.plan
    changed = len(plan.changed_criteria) if plan.earlier else page.say("no-earlier")
    entries = page.book.assessment.entries
    written = [each for kind in (Correction, Exclusion) for _, each in entries(kind)]
    held_back = [f"rows.{form.name}.{Fate.HELD_BACK}" for form in plan.forms]
    cells: dict[str, FigureCell | Value | Live] = {
        "held-back": Live("+".join(held_back), _sum(page, held_back), "count"),
        "refused": FigureCell(f"balance.{Outcome.REFUSED}"),
        "agreed": Value(sum(each.in_effect for each in written), "count"),
        "criteria": Value(changed, "count"),
    }
    _boxes(page, {page.say(f"counter.{name}"): cell for name, cell in cells.items()})


def _boxes(page: Page, cells: Mapping[str, FigureCell | Value | Live]) -> None:
    """A row of titles, and below each its value."""
    for block, title in enumerate(cells):
        _merged(page, block, title, page.book.look("heading"))
    titles = [(title, _TITLE, 14) for title in cells]
    page.height(row_height(titles, bold=True))
    for block, cell in enumerate(cells.values()):
        _merged(page, block, "", page.book.look(_look(page, cell), **_BIG))
        page.put(2 * block, cell, **_BIG)
    page.height(row_height([("0", _COLUMN, 18)], bold=True))


def _look(page: Page, cell: FigureCell | Value | Live) -> str:
    """The look that a box's value is shown in, so that all of the box has it."""
    if isinstance(cell, FigureCell):
        return UNIT_LOOKS[page.book.assessment.figures[cell.id].unit]
    return cell.look


def _open_items(page: Page) -> None:
    """What is open and who must act, as many lines as leave the cover on one page."""
    assessment = page.book.assessment
    page.section("open", count=len(assessment.open_items))
    lines = [
        page.say("open-line", who=say(f"who.{who}"), text=text)
        for who, texts in who_must_act(assessment, "th").items()
        for text in texts
    ]
    shown = lines[:_MOST_LINES]
    for line in shown or [page.say("nothing-open")]:
        page.line(line)
    if lines[_MOST_LINES:]:
        page.line(page.book.own(page.say("open-more", count=len(lines) - len(shown))))


def _sum(page: Page, figure_ids: Sequence[str]) -> int:
    values = (page.book.assessment.figures[key].value for key in figure_ids)
    return sum(int(value or 0) for value in values)


def _merged(page: Page, block: int, text: str, look: Format) -> None:
    page.sheet.merge_range(page.at, 2 * block, page.at, 2 * block + 1, text, look)


def _contents(page: Page) -> None:
    """Every sheet with a link, the data sheets in columns of their own."""
    page.section("contents")
    names = [name for name in page.book.sheets if name != page.name]
    rows = -(-len(names) // _BLOCKS)
    look = page.book.look("link")
    for row in range(rows):
        for block, name in enumerate(names[row::rows]):
            target = f"internal:{quote_sheetname(name)}!{page.address(0, 0)}"
            page.sheet.merge_range(page.at, 2 * block, page.at, 2 * block + 1, "", look)
            page.sheet.write_url(page.at, 2 * block, target, look, name)
        page.height(row_height([]))


def _signers(page: Page) -> None:
    page.section("signers")
    signers = page.book.plan.signers
    for first in range(0, len(signers), _BLOCKS):
        page.gap(26)
        group = signers[first : first + _BLOCKS]
        for line in zip(*(_sign_lines(page, each) for each in group), strict=True):
            look = page.book.look("sign")
            for block, text in enumerate(line):
                _merged(page, block, text, look)
            page.height(row_height([(text, 2 * _COLUMN, 14) for text in line]))


def _sign_lines(page: Page, signer: Signer) -> tuple[str, str, str, str, str]:
    named = page.say("signed-name", name=signer.name.strip("()"))
    return page.say("sign-here"), named, signer.position, signer.role, page.say("signed-on")
