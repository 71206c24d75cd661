"""The public table: whose words are printed for each measure, and the notes under it."""

from collections.abc import Mapping

import pandas as pd

from pipeline.messages import figure_text, say
from pipeline.model import CellRef, Figure, Finding, Measure, Plan, PrintedMeasure, ReadRound, Table
from schemas.crosschecks import crosschecks
from schemas.kit.thai.thai_text import thai_digits
from schemas.measure_progress import OVERVIEW

_TEXTS = {"summary": "result_summary", "outcome": "outcome_text"}


def printed_measures(
    plan: Plan, table: Table, reading: ReadRound, figures: Mapping[str, Figure]
) -> tuple[PrintedMeasure, ...]:
    """The rows of the public table, in the order of the measures."""
    divisions = {each.name: each.division for each in reading.submissions}
    rows = table.frame[table.frame["fate"] == "accepted"]
    rows = rows.assign(division=rows["submission"].map(divisions).astype("string"))
    return tuple(_printed(m, plan, table, rows, reading, figures) for m in plan.measures)


def _printed(
    measure: Measure,
    plan: Plan,
    table: Table,
    rows: pd.DataFrame,
    reading: ReadRound,
    figures: Mapping[str, Figure],
) -> PrintedMeasure:
    if plan.round.months not in measure.rounds:
        said = say("printed.not-due")
        return PrintedMeasure(measure, said, said, dict.fromkeys(_TEXTS, "not_due"))
    index = _row_of(measure, rows)
    texts, marks = {}, {}
    for name, column in _TEXTS.items():
        typed = None if index is None else rows.at[index, column]
        if typed is None or pd.isna(typed) or measure.text == "generated":
            texts[name], marks[name] = _generated(measure, name, plan, figures), "generated"
        else:
            texts[name] = str(typed)
            marks[name] = "summary" if measure.owner == "ALL" else "division"
    source = None if index is None else table.cell(index, "result_summary")
    notes = _notes(measure, source, reading)
    number = str(measure.number)
    own = (f for f in figures.values() if "measure" in f.dimensions)
    ids = tuple(f.id for f in own if f.dimensions["measure"].code == number)
    return PrintedMeasure(measure, texts["summary"], texts["outcome"], marks, notes, source, ids)


def _row_of(measure: Measure, rows: pd.DataFrame) -> int | None:
    """The row whose words count: the coordinator's overview, or the owner's own."""
    shared = measure.owner == "ALL"
    sender = measure.coordinator if shared else measure.owner
    is_overview = (rows["scope"] == OVERVIEW).fillna(False)
    mine = rows[(rows["measure_no"] == measure.number) & (rows["division"] == sender)]
    mine = mine[is_overview.reindex(mine.index) == shared]
    return int(mine.index[0]) if len(mine) else None


def _generated(measure: Measure, name: str, plan: Plan, figures: Mapping[str, Figure]) -> str:
    """The sentence made from the figures: the measure's own pattern, else the general one."""
    values = {key: figure_text(figure) for key, figure in figures.items()}
    own = {
        key: values[f"measures.{measure.number}.{key}"] for key in ("obliged", "reported", "done")
    }
    pattern = measure.patterns.get(name, "")
    general = "printed.shared" if measure.owner == "ALL" else "printed.owner"
    text = pattern.format_map(_Dotted(values | own)) if pattern else say(general, **own)
    return thai_digits(text) if plan.digits == "thai" else text


class _Dotted(dict[str, str]):
    """Figures by their ids written with underscores, as the places of a pattern."""

    def __missing__(self, key: str) -> str:
        return self[key.replace("__", ".")]


def _notes(measure: Measure, source: CellRef | None, reading: ReadRound) -> tuple[Finding, ...]:
    """The contradictions about this measure's words, typed or configured."""
    checks = crosschecks()
    prefix = f"measures.{measure.number}."
    return tuple(
        finding
        for finding in reading.findings
        if finding.code in checks
        and all(checks[finding.code].note)
        and (_on_row(finding, source) or finding.params.get("key", "").startswith(prefix))
    )


def _on_row(finding: Finding, source: CellRef | None) -> bool:
    cell = finding.cell
    if cell is None or source is None:
        return False
    return (cell.file, cell.sheet, cell.row) == (source.file, source.sheet, source.row)
