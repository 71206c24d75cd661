"""What was reported and accepted before, and is said otherwise now."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from schemas.crosschecks.purchases import FORM as PURCHASES
from schemas.crosschecks.purchases import baht
from schemas.kit.columns import Severity
from schemas.kit.cross_rules import Evidence, Restated, Violation, crosscheck
from schemas.kit.thai.dates import format_date, format_month
from schemas.project_register import Status

WARNING = Severity.WARNING
_MOVED = "moved-figure"
_COMPLAINTS, _REGISTER = "complaint_statistics", "project_register"
_COUNTS = ("brought_forward_count", "received_count", "finished_count", "in_progress_count",
           "not_started_count")  # fmt: skip
_PRICE, _MONTH = "agreed_price_satang", "report_month"
_OTHER = {
    "contract_date": ("วันที่ทำสัญญา", "date of the contract"),
    "procurement_method": ("วิธีซื้อหรือจ้าง", "method"),
    "vendor": ("ผู้ขายหรือผู้รับจ้าง", "seller"),
}


@crosscheck(
    "XMV-01",
    WARNING,
    th="รายการที่รายงานไว้แล้วหายไป: “{item}” เดือน{month} จำนวนเงิน {amount} บาท (เดิมอยู่ที่ {place} ใน "
    "{source}) "
    "หากลบโดยตั้งใจโปรดแจ้งเหตุผล",
    en="A purchase that was reported is gone: “{item}” of {month}, {amount} baht (it stood at "
    "{place} "
    "in {source}); please say why if it was taken out on purpose.",
    open_item=_MOVED,
    example=(
        "รอบ ๖ เดือนมีจ้างซ่อมรถยนต์ 8,400.50 บาทของเดือนตุลาคม รอบนี้ไม่มี",
        "the six-month report has a repair of October at 8,400.50 baht, this one has not",
    ),
)
def purchase_gone(evidence: Evidence) -> Iterator[Violation]:
    """A purchase of a month that is reported again is not among its purchases any more."""
    for restated in evidence.restated_of(PURCHASES):
        for index in restated.known.gone:
            yield _of_old(restated, index)


@crosscheck(
    "XMV-02",
    WARNING,
    th="ไม่แน่ใจว่าเป็นรายการเดียวกัน: “{item}” เดือน{month} จำนวนเงิน {amount} บาท (เดิมอยู่ที่ {place} ใน "
    "{source}) "
    "มีหลายรายการที่คล้ายกัน โปรดตรวจสอบว่ายังอยู่ครบ",
    en="It is not certain which purchase this is now: “{item}” of {month}, {amount} baht (it "
    "stood at "
    "{place} in {source}); several are alike, please check that all are there.",
    example=(
        "เดิมมีซื้อน้ำดื่มสองรายการเท่ากัน ตอนนี้เหลือรายการเดียว",
        "there were two equal purchases of water, now there is one",
    ),
)
def purchase_in_doubt(evidence: Evidence) -> Iterator[Violation]:
    """A purchase that several now could be is said to be in doubt, never to be gone."""
    for restated in evidence.restated_of(PURCHASES):
        for index in restated.known.doubtful:
            yield _of_old(restated, index)


@crosscheck(
    "XMV-03",
    WARNING,
    th="จำนวนเงินต่างจากที่รายงานไว้: เดิม {old} บาท ({place} ใน {source}) ตอนนี้ {new} บาท ต่างกัน "
    "{difference} บาท "
    "โปรดตรวจสอบหรือแจ้งเหตุผล",
    en="The amount differs from what was reported: {old} baht before ({place} in {source}), "
    "{new} now, "
    "a difference of {difference}; please check, or say why.",
    open_item=_MOVED,
    example=(
        "รอบ ๖ เดือน 12,000.00 บาท รอบนี้ 120,000.00 บาท",
        "12,000.00 baht in the six-month report, 120,000.00 in this one",
    ),
)
def purchase_at_another_price(evidence: Evidence) -> Iterator[Violation]:
    """The agreed price of a purchase is another one than before."""
    for restated in evidence.restated_of(PURCHASES):
        for old, new in restated.changed(_PRICE):
            was, now = (
                int(frame.at[index, _PRICE])
                for frame, index in ((restated.before, old), (restated.now, new))
            )
            sign = "-" if now < was else ""
            params = {"old": baht(was), "new": baht(now), "difference": sign + baht(abs(now - was))}
            yield _of_new(restated, old, new, _PRICE_CELL, params)


@crosscheck(
    "XMV-04",
    WARNING,
    th="เดือนที่รายงานต่างจากเดิม: เดิม{old} ({place} ใน {source}) ตอนนี้{new} จำนวนเงิน {amount} บาท "
    "โปรดตรวจสอบหรือแจ้งเหตุผล",
    en="The month differs from what was reported: {old} before ({place} in {source}), {new} "
    "now, at "
    "{amount} baht; please check, or say why.",
    open_item=_MOVED,
    example=("เดิมรายงานในเดือนตุลาคม ตอนนี้ในเดือนธันวาคม", "reported in October, now in December"),
)
def purchase_in_another_month(evidence: Evidence) -> Iterator[Violation]:
    """A purchase stands in another month than before."""
    for restated in evidence.restated_of(PURCHASES):
        for old, new in restated.changed(_MONTH):
            params = {
                **_days("old", restated.before.at[old, _MONTH], month=True),
                **_days("new", restated.now.at[new, _MONTH], month=True),
                "amount": _amount(restated.now.loc[new]),
            }
            yield _of_new(restated, old, new, _MONTH, params)


@crosscheck(
    "XMV-05",
    WARNING,
    th="{what}ต่างจากที่รายงานไว้: เดิม “{old}” ({place} ใน {source}) ตอนนี้ “{new}” โปรดตรวจสอบ",
    en="The {what} differs from what was reported: “{old}” before ({place} in {source}), "
    "“{new}” now; "
    "please check.",
    example=(
        "เดิมคัดเลือก ตอนนี้เฉพาะเจาะจง",
        "the selective method before, the specific one now",
    ),
)
def purchase_told_otherwise(evidence: Evidence) -> Iterator[Violation]:
    """Date, method or seller of a purchase are others than before."""
    for restated in evidence.restated_of(PURCHASES):
        for column, (th, en) in _OTHER.items():
            for old, new in restated.changed(column):
                was, now = restated.before.at[old, column], restated.now.at[new, column]
                params = {"what_th": th, "what_en": en, **_days("old", was), **_days("new", now)}
                yield _of_new(restated, old, new, _CELLS.get(column, column), params)


@crosscheck(
    "XMV-06",
    WARNING,
    th="จำนวนเรื่องร้องเรียนที่รายงานไว้เปลี่ยนไป: {what} เดิม {old} เรื่อง ({place} ใน {source}) ตอนนี้ "
    "{new} เรื่อง "
    "โปรดตรวจสอบหรือแจ้งเหตุผล",
    en="A count of complaints that was reported has changed: {what}, {old} before ({place} in "
    "{source}), {new} now; please check, or say why.",
    open_item=_MOVED,
    example=("เดือนตุลาคมเดิมรับใหม่ 3 เรื่อง ตอนนี้ 2 เรื่อง", "October had 3 new complaints, now 2"),
)
def complaints_restated(evidence: Evidence) -> Iterator[Violation]:
    """A month's counts of complaints are those that were reported before."""
    for restated in evidence.restated_of(_COMPLAINTS):
        for column in _COUNTS:
            for old, new in restated.changed(column):
                was, now = restated.before.at[old, column], restated.now.at[new, column]
                month = restated.now.at[new, "fiscal_month"]
                params = {"old": str(was), "new": str(now), **_days("what", month, month=True)}
                yield _of_new(restated, old, new, column, params)


@crosscheck(
    "XMV-07",
    WARNING,
    th="โครงการ {project_no} เดิม “{old}” ({place} ใน {source}) ตอนนี้ “{new}” โปรดตรวจสอบหรือแจ้งเหตุผล",
    en="Project {project_no} was “{old}” before ({place} in {source}) and is “{new}” now; please "
    "check, or say why.",
    open_item=_MOVED,
    example=(
        "โครงการ 01 เดิมแล้วเสร็จ ตอนนี้อยู่ระหว่างดำเนินการ",
        "project 01 was done, now it is in progress",
    ),
)
def project_went_back(evidence: Evidence) -> Iterator[Violation]:
    """A project that was done, or could not be done, is in another state now."""
    for restated in evidence.restated_of(_REGISTER):
        for old, new in restated.changed("project_status"):
            was, now = (
                str(frame.at[index, "project_status"])
                for frame, index in ((restated.before, old), (restated.now, new))
            )
            if was in (Status.DONE, Status.CANNOT):
                params = {
                    "old": was,
                    "new": now,
                    "project_no": str(restated.now.at[new, "project_no"]),
                }
                yield _of_new(restated, old, new, "project_status", params)


@crosscheck(
    "XMV-08",
    WARNING,
    th="โครงการ {project_no} “{name}” ({place} ใน {source}) ไม่มีในรอบนี้ "
    "โปรดตรวจสอบว่ารหัสเปลี่ยนหรือถูกตัดออกจากแผน "
    "และแจ้งเหตุผล",
    en="Project {project_no}, “{name}” ({place} in {source}), is not in this round; please check "
    "whether its code has changed or it has left the plan, and say why.",
    open_item=_MOVED,
    example=(
        "รอบ ๖ เดือนมีโครงการ 07 รอบนี้ไม่มี",
        "the six-month report has project 07, this one has not",
    ),
)
def project_gone(evidence: Evidence) -> Iterator[Violation]:
    """A project of the register is in it still."""
    for restated in evidence.restated_of(_REGISTER):
        everywhere = set(evidence.counted[_REGISTER]["project_no"].dropna())
        for index in restated.known.gone:
            row = restated.before.loc[index]
            if row["project_no"] not in everywhere:
                params = {"project_no": str(row["project_no"]), "name": str(row["project_name"])}
                yield _gone(restated, index, params)


@crosscheck(
    "XMV-09",
    WARNING,
    th="ชื่อโครงการ {project_no} ต่างจากเดิม: เดิม “{old}” ({place} ใน {source}) ตอนนี้ “{new}” "
    "โปรดตรวจสอบว่าเป็นโครงการเดียวกัน",
    en="The title of project {project_no} differs from before: “{old}” ({place} in {source}), "
    "now "
    "“{new}”; please check that it is the same project.",
    example=(
        "โครงการ 01 เดิมชื่ออบรมคุณธรรม ตอนนี้ชื่อสร้างถนน",
        "project 01 was a training, now it is a road",
    ),
)
def project_renamed(evidence: Evidence) -> Iterator[Violation]:
    """A project keeps its title."""
    for restated in evidence.restated_of(_REGISTER):
        for old, new in restated.changed("project_name"):
            params = {
                "project_no": str(restated.now.at[new, "project_no"]),
                "old": str(restated.before.at[old, "project_name"]),
                "new": str(restated.now.at[new, "project_name"]),
            }
            yield _of_new(restated, old, new, "project_name", params)


@crosscheck(
    "XMV-10",
    WARNING,
    th="ชื่อโครงการ “{name}” ใช้กับสองรหัส: แถวนี้ {project_no} และ {other} ({file} แถว {first}) "
    "โปรดตรวจสอบว่าเป็นโครงการเดียวกัน",
    en="The title “{name}” stands under two codes: {project_no} here and {other} ({file}, row "
    "{first}); please check whether it is one project.",
    example=("อบรมคุณธรรมเป็นทั้งโครงการ 01 และ 09", "one training is project 01 and project 09"),
)
def one_title_under_two_codes(evidence: Evidence) -> Iterator[Violation]:
    """A title belongs to one code."""
    rows = evidence.rows[_REGISTER].dropna(subset=["project_name", "project_no"])
    for name, twins in rows.groupby("project_name", sort=True):
        first, *later = twins.drop_duplicates("project_no").index
        for index in later:
            params = {
                "name": str(name),
                "project_no": str(twins.at[index, "project_no"]),
                "other": str(twins.at[first, "project_no"]),
                "file": str(twins.at[first, "submission"]),
                "first": str(twins.at[first, "row"]),
            }
            yield Violation(_REGISTER, int(str(index)), "project_name", params=params)


# --- how it is said -----------------------------------------------------------------------------

_PRICE_CELL = "winner_and_price_raw"
_CELLS = {"vendor": "winner_and_price_raw"}


def _of_old(restated: Restated, index: int) -> Violation:
    """Of a purchase that is not there now, or not for certain."""
    row = restated.before.loc[index]
    params = {"item": str(row["work_item"]), "amount": _amount(row)}
    return _gone(restated, index, params | _days("month", row[_MONTH], month=True))


def _gone(restated: Restated, index: int, params: dict[str, str]) -> Violation:
    division = str(restated.before.at[index, "division"])
    params |= {"place": restated.place(index), "source": restated.source}
    file = restated.files.get(division, "")
    return Violation(restated.form, params=params, division=division, file=file)


def _of_new(
    restated: Restated, old: int, new: int, column: str, params: dict[str, str]
) -> Violation:
    """Of a row that is there and says otherwise."""
    params |= {"place": restated.place(old), "source": restated.source}
    return Violation(restated.form, new, column, params=params)


def _amount(row: "pd.Series[Any]") -> str:
    return "-" if pd.isna(row[_PRICE]) else baht(int(row[_PRICE]))


def _days(name: str, value: object, *, month: bool = False) -> dict[str, str]:
    """A value as each language says it, days by their calendar."""
    if not isinstance(value, pd.Timestamp):
        return {f"{name}_th": str(value), f"{name}_en": str(value)}
    th = format_month(value.date()) if month else format_date(value.date())
    return {f"{name}_th": th, f"{name}_en": f"{value:%Y-%m}" if month else f"{value:%Y-%m-%d}"}
