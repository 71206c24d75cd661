"""The project register of several divisions: each project counts once."""

from collections.abc import Iterator, Mapping
from datetime import date

import pandas as pd

from schemas.kit.columns import Severity
from schemas.kit.cross_rules import Evidence, Violation, crosscheck, place_of
from schemas.kit.thai.dates import format_date
from schemas.project_register import Status

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
    en="Project {project_no} has two statuses: “{here}” here and “{there}” in {file} row "
    "{first}; "
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


@crosscheck(
    "XPJ-03",
    WARNING,
    th="โครงการ {project_no} แล้วเสร็จแล้ว แต่วันเริ่ม ({start}) อยู่หลังสิ้นรอบรายงาน ({end}) โปรดตรวจสอบ",
    en="Project {project_no} is done, but starts on {start}, after this round has ended ({end}); "
    "please check.",
    example=(
        "รอบ ๖ เดือน โครงการเริ่ม 1 มิ.ย. 2566 แต่สถานะแล้วเสร็จ",
        "in the six-month round a project of 1 June is done already",
    ),
)
def done_before_it_starts(evidence: Evidence) -> Iterator[Violation]:
    """What is done has begun."""
    rows = evidence.rows["project_register"]
    end = pd.Timestamp(evidence.round.end)
    early = rows[
        ((rows["project_status"] == Status.DONE) & (rows["start_date"] > end)).fillna(False)
    ]
    yield from _by_start(early, {"end": evidence.round.end})


@crosscheck(
    "XPJ-04",
    WARNING,
    th="วันเริ่มของโครงการ {project_no} ({start}) อยู่นอกปีงบประมาณ ({from}–{to}) โปรดตรวจสอบ",
    en="Project {project_no} starts on {start}, outside the fiscal year ({from} to {to}); "
    "please check.",
    example=(
        "โครงการของปีงบประมาณ 2566 เริ่ม 1 พ.ย. 2566",
        "a project of fiscal year 2566 that starts on 1 November 2023",
    ),
)
def starts_outside_the_year(evidence: Evidence) -> Iterator[Violation]:
    """A project of a year's plan starts in that year."""
    rows, year = evidence.rows["project_register"], evidence.round.fiscal_year
    inside = rows["start_date"].between(pd.Timestamp(year.start), pd.Timestamp(year.end))
    outside = rows[rows["start_date"].notna() & ~inside.fillna(True)]
    yield from _by_start(outside, {"from": year.start, "to": year.end})


def _by_start(rows: pd.DataFrame, days: Mapping[str, date]) -> Iterator[Violation]:
    """A violation at the start of each of these projects, with these days beside it."""
    for index, start in rows["start_date"].items():
        params = {"project_no": str(rows.at[index, "project_no"])}
        for name, day in {"start": start, **days}.items():
            params |= {f"{name}_th": format_date(day), f"{name}_en": f"{day:%Y-%m-%d}"}
        yield Violation("project_register", int(str(index)), "start_date", params=params)


def _twins(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The rows of each project that more than one row speaks of."""
    doubled = rows[rows.duplicated("project_no", keep=False)]
    yield from (twins for _, twins in doubled.groupby("project_no", sort=True))


def _counted_first(twins: pd.DataFrame) -> int:
    """The row that counts: the responsible division's, else the first."""
    own = twins[(twins["responsible_unit"] == twins["division"]).fillna(False)]
    return int((own if len(own) else twins).index[0])
