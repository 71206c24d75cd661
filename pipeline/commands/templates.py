"""Blank workbooks for a round, prefilled with what was accepted, and the mails that carry them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.commands.division_texts import division_texts
from pipeline.files import writing
from pipeline.model import PipelineError, Plan, Whose
from pipeline.plan import obligations
from pipeline.reply.template_mail import index, issue
from pipeline.run import assess
from pipeline.template import summaries, templates

_DRAFT = (".eml", ".txt")
_INDEX, _SUMMARIES = "index.html", "summaries.html"


@dataclass(frozen=True)
class Templates:
    """The workbooks written, by division and part, and the drafts that carry them."""

    workbooks: Mapping[Whose, Path]
    drafts: tuple[Path, ...] = ()
    without_address: tuple[Whose, ...] = ()


def make_templates(
    plan: Plan, folder: Path, division: str | None, *, summary: bool = False, mail: bool = False
) -> Templates:
    """Write a workbook for each division that owes something, or for each that owes a summary.

    PipelineError for a strange code, or that of a division that sums nothing up.
    """
    if division is not None and division not in {each.code for each in plan.divisions}:
        raise PipelineError("unknown-division", division=division)
    if summary and division is not None and not _sums_up(division, plan):
        raise PipelineError("no-summary", division=plan.division(division).name)
    if summary:
        workbooks = summaries(plan, folder, division_texts(assess(plan)), division)
    else:
        earlier = next((assess(each) for each in plan.earlier_rounds), None)
        workbooks = templates(plan, folder, earlier, division)
    page = folder / (_SUMMARIES if summary else _INDEX)
    with writing(folder):
        if not mail:
            _take_away_drafts(workbooks.values(), page)
            return Templates(workbooks)
        drafts = issue(plan, workbooks, summary=summary)
        if division is None:
            page.write_text(index(plan, workbooks, summary=summary), "utf-8", newline="\n")
            drafts = (*drafts, page)
    strangers = (each for each in workbooks if not plan.division(each[0]).addresses_of(each[1]))
    return Templates(workbooks, drafts, tuple(strangers))


def _sums_up(division: str, plan: Plan) -> bool:
    owed = (each for each in obligations(plan) if each.measure is not None)
    return division in {each.division for each in owed}


def _take_away_drafts(workbooks: Iterable[Path], page: Path) -> None:
    """Remove earlier drafts of these workbooks: they carry what the workbooks were then."""
    outdated = [book.with_suffix(suffix) for book in workbooks for suffix in _DRAFT]
    for path in (*outdated, page):
        path.unlink(missing_ok=True)
