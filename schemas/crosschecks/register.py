"""The project register of several divisions: each project counts once."""

from collections.abc import Iterator

import pandas as pd

from schemas.kit.columns import Severity
from schemas.kit.cross_rules import Evidence, Violation, crosscheck, place_of

NOTE, WARNING = Severity.NOTE, Severity.WARNING


@crosscheck(
    "XPJ-01",
    NOTE,
    th="โครงการ {project_no} ส่วนราชการที่รับผิดชอบรายงานเองแล้ว ({file} แถว {first}) "
    "แถวนี้ใช้เทียบกันและไม่นับซ้ำ",
    en="Project {project_no} is reported by its own division ({file}, row {first}); this row is "
    "compared, not counted again.",
    example=(
        "โครงการ 01 ของกองคลังที่สำนักปลัดเทศบาลรายงานด้วย",
        "the treasury's project 01, reported by the municipal clerk's office too",
    ),
)
def project_met_again(evidence: Evidence) -> Iterator[Violation]:
    """The responsible division's row counts; another's only where there is none."""
    for twins in _twins(evidence.rows["project_register"]):
        counted = _counted_first(twins)
        for index in twins.index.drop(counted):
            params = {"project_no": str(twins.at[index, "project_no"]), **place_of(twins, counted)}
            yield Violation("project_register", index, "project_no", params=params, duplicate=True)


@crosscheck(
    "XPJ-02",
    WARNING,
    th="โครงการ {project_no} มีสองสถานะ: แถวนี้ “{here}” แต่ {file} แถว {first} “{there}” "
    "โปรดตกลงกันให้ตรงกัน",
    en="Project {project_no} has two statuses: “{here}” here and “{there}” in {file} row {first}; "
    "please agree on one.",
    example=(
        "โครงการ 01 แถวหนึ่งแล้วเสร็จ อีกแถวอยู่ระหว่างดำเนินการ",
        "project 01 is done in one row and in progress in another",
    ),
)
def project_with_two_statuses(evidence: Evidence) -> Iterator[Violation]:
    """Two divisions that report one project say the same of it."""
    for twins in _twins(evidence.rows["project_register"]):
        counted = _counted_first(twins)
        status = twins["project_status"].fillna("-")
        for index in twins.index[status != status[counted]].drop(counted, errors="ignore"):
            params = {"project_no": str(twins.at[index, "project_no"]), "here": status[index]}
            params |= {"there": status[counted], **place_of(twins, counted)}
            yield Violation("project_register", index, "project_status", params=params)


def _twins(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The rows of each project that more than one row speaks of."""
    for _, twins in rows.groupby("project_no", sort=True):
        if len(twins) > 1:
            yield twins


def _counted_first(twins: pd.DataFrame) -> int:
    """The row that counts: the responsible division's, else the first."""
    own = twins[(twins["responsible_unit"] == twins["division"]).fillna(False)]
    return int((own if len(own) else twins).index[0])
