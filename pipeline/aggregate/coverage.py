"""How far each check of rows could look, so that silence is told from a check that was not run."""

from collections import Counter
from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.model import Coverage, Fate, Plan, ReadRound, Table
from schemas.crosschecks import crosschecks
from schemas.kit.cross_rules import Crosscheck
from schemas.kit.form import FormSpec, Rule


def coverage(reading: ReadRound, tables: Mapping[str, Table], plan: Plan) -> tuple[Coverage, ...]:
    """One entry for each rule and each crosscheck of rows, in the order of forms and rules."""
    found = Counter(finding.code for finding in reading.findings)
    return tuple(
        _entry(check, form, tables[form.name], plan, found[check.code])
        for form, check in _checks(plan)
    )


def _checks(plan: Plan) -> Iterator[tuple[FormSpec, Rule | Crosscheck]]:
    for form in plan.forms:
        yield from ((form, rule) for rule in form.rules)
        yield from ((form, check) for check in crosschecks().values() if check.form == form.name)


def _entry(
    check: Rule | Crosscheck, form: FormSpec, table: Table, plan: Plan, found: int
) -> Coverage:
    rows = table.frame
    lacking = tuple(key for key in check.criteria if key not in plan.criteria)
    off = check.code in plan.rules_off
    sound = rows[_is_seen(table)] if isinstance(check, Crosscheck) else rows
    there = sound[list(check.on)].notna()
    looked_at = 0 if lacking or off else int(there.all(axis="columns").sum())
    blank = {column: int((~there[column]).sum()) for column in check.on}
    return Coverage(
        check=check,
        form=form,
        looked_at=looked_at,
        not_looked_at=len(rows) - looked_at,
        found=found,
        blank={column: count for column, count in blank.items() if count},
        unseen=rows["fate"].drop(sound.index).value_counts().sort_index().to_dict(),
        lacking=lacking,
        off=off,
    )


def _is_seen(table: Table) -> "pd.Series[bool]":
    """True for the rows that a crosscheck looks at."""
    kept = ~table.frame["fate"].isin([Fate.HELD_BACK, Fate.EXCLUDED])
    return kept & ~table.is_compared()
