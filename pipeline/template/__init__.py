"""A division's blank workbook: the cover, one sheet per form it owes, the lists and the marks."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from pipeline.files import writing
from pipeline.messages import say
from pipeline.model import Assessment, Division, Plan, SubUnit, Whose, whose_code
from pipeline.template.assembly import assembled
from pipeline.template.carried_rows import Filled, carried_rows
from pipeline.template.coordinator_sheet import Told, write_summary
from pipeline.template.form_sheet import Desk, write_form
from pipeline.template.lines import coordinator_of, lines_of, owner_of
from pipeline.template.table_places import TablePlace
from schemas.kit.form import FormSpec

__all__ = ["Told", "summaries", "summary_workbook", "templates", "this_rounds"]
__all__ += ["workbook_for"]


def workbook_for(
    division: Division, plan: Plan, filled: Filled | None = None, part: SubUnit | None = None
) -> bytes:
    """The workbook of one division, or of one part of it, as the bytes of its file.

    `filled` holds, by form, rows of typed values by column name (satang, days, codes) that stand
    there already; the cover's first row holds the values of its labelled cells.
    """
    owner, given = owner_of(division, plan, part), filled or {}

    def write(desk: Desk, form: FormSpec) -> TablePlace:
        lines = lines_of(form, owner, given.get(form.name, ()))
        advice = _advice(form, plan, carried=bool(given.get(form.name)))
        return write_form(desk, form, lines, advice)

    return assembled(owner, write, given.get(owner.cover.name, ()))


def summary_workbook(division: Division, plan: Plan, told: Told) -> bytes:
    """The workbook in which a coordinator sums up what all divisions have `told` of a measure.

    It asks for these summaries alone. Each is a key of its own when it comes back, so that it
    takes the place of no row of the division's own, and the ordinary workbook may bring it as well.
    """
    owner = coordinator_of(division, plan)
    return assembled(owner, partial(write_summary, owner=owner, told=told))


def templates(
    plan: Plan, folder: Path, earlier: Assessment | None, division: str | None = None
) -> dict[Whose, Path]:
    """Write `<code>.xlsx` for each division that owes something, or for the one named.

    A part of a division gets its own, `<code>.<part>.xlsx`. Rows that the `earlier` round has
    accepted stand in them. Gives the files by (division, part). Raises PipelineError where another
    program holds one of them open.
    """
    prefilled = carried_rows(earlier, plan)
    books = {
        whose: workbook_for(each, plan, prefilled.get(whose), part)
        for whose, each, part in _everyone(plan, division)
        if owner_of(each, plan, part).forms
    }
    return _put(books, folder, "")


def summaries(
    plan: Plan, folder: Path, told: Told, division: str | None = None
) -> dict[Whose, Path]:
    """Write `<code>-summary.xlsx` for each coordinator of measures of all divisions, as above."""
    books = {
        whose: summary_workbook(each, plan, told)
        for whose, each, part in _everyone(plan, division)
        if part is None and coordinator_of(each, plan).forms
    }
    return _put(books, folder, "-summary")


def this_rounds(assessment: Assessment, division: str, part: str) -> bytes | None:
    """The workbook that `templates` writes for a division or its part; None where it owes nothing.

    What is asked of a round that is settled already, so that nothing is settled twice.
    """
    plan, whose = assessment.plan, (division, part)
    each, own = next((d, p) for found, d, p in _everyone(plan, division) if found == whose)
    if not owner_of(each, plan, own).forms:
        return None
    return workbook_for(each, plan, carried_rows(assessment.earlier, plan).get(whose), own)


def _everyone(plan: Plan, division: str | None) -> Iterator[tuple[Whose, Division, SubUnit | None]]:
    """Each division, or the one named, and each of its parts."""
    for each in plan.divisions:
        if division in (None, each.code):
            yield (each.code, ""), each, None
            yield from (((each.code, part.code), each, part) for part in each.parts)


def _put(books: Mapping[Whose, bytes], folder: Path, ending: str) -> dict[Whose, Path]:
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    paths = {whose: folder / f"{whose_code(*whose)}{ending}.xlsx" for whose in books}
    for whose, path in paths.items():
        with writing(path):
            path.write_bytes(books[whose])
    return paths


def _advice(form: FormSpec, plan: Plan, *, carried: bool) -> str:
    """The one line above a table."""
    if form.about.lines:
        return say("template.help-lines")
    if carried and plan.earlier is not None:
        return say("template.help-carried", months=plan.earlier.round.months)
    return say("template.help-open")
