"""What came back as it was handed out: evidence of a round in which nothing is of that round."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

import pandas as pd

from schemas.kit.columns import Column, Severity
from schemas.kit.cross_rules import Evidence, Restated, Violation, crosscheck

_NUMBER = "measure_no"


@crosscheck(
    "XMV-11",
    Severity.WARNING,
    th="หลักฐานของมาตรการที่ {measure} มีเพียง {rows} แถวที่ยกมาจาก{source} "
    "โดยไม่มีสิ่งใดเพิ่มหรือเปลี่ยน (แถวแรกเดิมอยู่ที่ {place}) โปรดเพิ่มผลของรอบนี้ หรือชี้แจงว่าเหตุใดจึงไม่มี",
    en="The evidence of measure {measure} is only the {rows} row(s) handed on from {source}, with "
    "nothing added or changed (the first stood at {place}); please add what belongs to this round, "
    "or say why there is nothing.",
    example=(
        "คู่มือทั้งสองเล่มยกมาจากรอบ ๖ เดือน และไม่มีเครื่องหมายยืนยันเป็นปัจจุบัน",
        "both manuals are those of the six-month round, and neither is confirmed as current",
    ),
)
def evidence_of_this_round(evidence: Evidence) -> Iterator[Violation]:
    """Some evidence of a measure is of this round: a row more, another value, or a tick.

    Lines that the round makes beforehand are stated anew each time, equal or not.
    """
    earlier = {each.form: each for each in evidence.restated if each.is_round}
    old = {name: frozenset(_as_handed_out(each)) for name, each in earlier.items()}
    for measure in evidence.measures:
        for division in evidence.obliged if measure.owner == "ALL" else (measure.owner,):
            rows = dict(_evidence_of(evidence, measure.number, division))
            if rows and all(_is_old(name, found, old) for name, found in rows.items()):
                yield _told(measure.number, rows, earlier)


def _evidence_of(
    evidence: Evidence, measure: int, division: str
) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows by which a division shows a measure, by form; its own words are no evidence."""
    for name, form in evidence.forms.items():
        if measure in form.about.measures and form.about.lines != "measures":
            rows = evidence.rows[name]
            mine = rows["division"] == division
            if _NUMBER in rows:
                mine &= rows[_NUMBER] == measure
            if mine.fillna(False).any():
                yield name, rows[mine.fillna(False)]


def _is_old(form: str, rows: pd.DataFrame, old: Mapping[str, AbstractSet[int]]) -> bool:
    return set(rows.index) <= old.get(form, frozenset())


def _as_handed_out(restated: Restated) -> Iterator[int]:
    """The rows that stood in the template as they stand now, and that nobody has attested."""
    if restated.spec.about.lines:
        return
    asked = [column for column in restated.spec.columns if not column.derived]
    for before, now in restated.known.pairs:
        here, there = restated.now.loc[now], restated.before.loc[before]
        if not any(_is_of_now(column, here[column.name], there[column.name]) for column in asked):
            yield now


def _is_of_now(column: Column, here: object, there: object) -> bool:
    """Whether a value was given in this round; who takes one away has given none."""
    if pd.isna(here):
        return False
    return column.attests or pd.isna(there) or bool(here != there)


def _told(
    measure: int, rows: Mapping[str, pd.DataFrame], earlier: Mapping[str, Restated]
) -> Violation:
    form, found = next(iter(rows.items()))
    restated, index = earlier[form], int(found.index[0])
    before = next(old for old, new in restated.known.pairs if new == index)
    params = {"measure": str(measure), "rows": str(sum(map(len, rows.values())))}
    column = restated.spec.table_columns[0].name
    return Violation(form, index, column, params=params | restated.told_at(before))
