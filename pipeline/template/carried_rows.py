"""What stands in a new round's workbook already: the rows that the round before has accepted."""

from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.model import Assessment, Plan, Table, Whose
from pipeline.template.lines import FilledRows, Values

Filled = Mapping[str, FilledRows]


def carried_rows(earlier: Assessment | None, plan: Plan) -> Mapping[Whose, Filled]:
    """The accepted rows of every form that keeps them, by (division, part) of this round.

    Rows of a file that named no part go to the first part which reports the form, so that none is
    lost and none is asked for twice.
    """
    found: dict[Whose, dict[str, list[Values]]] = {}
    sent = {each.name: each for each in earlier.submissions} if earlier else {}
    codes = {each.code for each in plan.divisions}
    for name, table in (earlier.tables if earlier else {}).items():
        for submission, row in _rows(table) if table.form.about.carried else ():
            division = sent[submission].division or ""
            if division in codes:
                whose = (division, _part(plan, division, name, sent[submission].part))
                found.setdefault(whose, {}).setdefault(name, []).append(row)
    return found


def _part(plan: Plan, division: str, form: str, part: str) -> str:
    known = plan.division(division)
    mine = known.part_of(form, part)
    return known.parts_of(form)[0].code if mine is None else mine


def _rows(table: Table) -> Iterator[tuple[str, Values]]:
    kept = table.frame[table.frame["fate"].isin(["accepted", "duplicate"])]
    names = [column.name for column in table.form.columns if not column.derived]
    for row in kept.to_dict("records"):
        yield str(row["submission"]), {n: row[n] for n in names if not pd.isna(row[n])}
