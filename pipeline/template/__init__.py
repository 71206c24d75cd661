"""A division's blank workbook: the cover, one sheet per form it owes, the lists and the marks."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from pipeline.files import writing
from pipeline.messages import say
from pipeline.model import Division, Plan
from pipeline.template.book import assembled
from pipeline.template.lines import FilledRows, coordinator_of, lines_of, owner_of
from pipeline.template.places import Place
from pipeline.template.sheet import Desk, write_form
from pipeline.template.summary import Told, write_summary
from schemas.kit.form import FormSpec

__all__ = ["Told", "summaries", "summary_workbook", "templates", "workbook_for"]

Filled = Mapping[str, FilledRows]


def workbook_for(division: Division, plan: Plan, filled: Filled | None = None) -> bytes:
    """The workbook of one division, as the bytes of its file.

    `filled` holds, by form, rows of typed values by column name (satang, days, codes) that stand
    there already; the cover's first row holds the values of its labelled cells.
    """
    owner, given = owner_of(division, plan), filled or {}

    def write(desk: Desk, form: FormSpec) -> Place:
        lines = lines_of(form, owner, given.get(form.name, ()))
        advice = _advice(form, plan, carried=bool(given.get(form.name)))
        return write_form(desk, form, lines, advice)

    return assembled(owner, write, given.get(owner.cover.name, ()))


def summary_workbook(division: Division, plan: Plan, told: Told) -> bytes:
    """The workbook in which a coordinator sums up what all divisions have `told` of a measure.

    It asks for these summaries alone. Each is a part of its own when it comes back, so that it
    takes the place of no row of the division's own, and the ordinary workbook may bring it as well.
    """
    owner = coordinator_of(division, plan)
    return assembled(owner, partial(write_summary, owner=owner, told=told))


def templates(
    plan: Plan, folder: Path, prefilled: Mapping[str, Filled], division: str | None = None
) -> dict[str, Path]:
    """Write `<code>.xlsx` for each division that owes something, or for the one named.

    Raises PipelineError where another program holds one of them open.
    """
    owing = [each for each in _chosen(plan, division) if owner_of(each, plan).forms]
    books = {each.code: workbook_for(each, plan, prefilled.get(each.code)) for each in owing}
    return _put(books, folder, "")


def summaries(plan: Plan, folder: Path, told: Told, division: str | None = None) -> dict[str, Path]:
    """Write `<code>-summary.xlsx` for each coordinator of measures of all divisions, as above."""
    owing = [each for each in _chosen(plan, division) if coordinator_of(each, plan).forms]
    books = {each.code: summary_workbook(each, plan, told) for each in owing}
    return _put(books, folder, "-summary")


def _chosen(plan: Plan, division: str | None) -> list[Division]:
    return [each for each in plan.divisions if division in (None, each.code)]


def _put(books: Mapping[str, bytes], folder: Path, ending: str) -> dict[str, Path]:
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    paths = {code: folder / f"{code}{ending}.xlsx" for code in books}
    for code, path in paths.items():
        with writing(path):
            path.write_bytes(books[code])
    return paths


def _advice(form: FormSpec, plan: Plan, *, carried: bool) -> str:
    """The one line above a table."""
    if form.about.lines:
        return say("template.help-lines")
    if carried and plan.earlier is not None:
        return say("template.help-carried", months=plan.earlier.round.months)
    return say("template.help-open")
