"""Rules between one form and another, or one month and the next."""

from collections.abc import Iterator

import pandas as pd

from schemas.complaint_statistics import SHEET, Category
from schemas.kit.columns import Severity
from schemas.kit.cross_rules import Evidence, Violation, crosscheck, place_of
from schemas.kit.thai.dates import format_date, format_month
from schemas.measure_progress import OVERVIEW

WARNING = Severity.WARNING


@crosscheck(
    "XME-01",
    WARNING,
    th="หน่วยงานนี้ไม่ใช่ผู้รายงานมาตรการที่ {measure} โปรดตรวจสอบว่ากรอกถูกแถว",
    en="This division does not report on measure {measure}; please check the row.",
    example=(
        "กองช่างกรอกแถวของมาตรการที่ 5 ซึ่งเป็นของกองคลัง",
        "public works fills the row of measure 5, which the treasury owns",
    ),
)
def measure_is_owed(evidence: Evidence) -> Iterator[Violation]:
    """A division reports only on the measures it owns or that all divisions share."""
    rows = evidence.rows["measure_progress"]
    owners = {m.number: m.owner for m in evidence.measures}
    for index, number, division, scope in zip(
        rows.index, rows["measure_no"], rows["division"], rows["scope"], strict=True
    ):
        owner = owners.get(int(number))
        shared = owner == "ALL" and division in evidence.obliged
        if not (shared or owner == division or scope == OVERVIEW):
            params = {"measure": str(number)}
            yield Violation("measure_progress", int(index), "measure_no", params=params)


@crosscheck(
    "XAC-01",
    WARNING,
    th="วันที่แจ้งเวียนหรือจัดกิจกรรมของมาตรการที่ ๑๐ ({date}) ก่อนวันที่ประกาศ ({announced}) โปรดตรวจสอบ",
    en="An activity of measure 10 ({date}) is earlier than the announcement ({announced}); please "
    "check.",
    example=(
        "กิจกรรมวันที่ 1 มี.ค. 2566 แต่ประกาศวันที่ 16 มี.ค. 2566",
        "an activity of 1 March 2023 under an announcement of 16 March",
    ),
)
def activity_after_announcement(evidence: Evidence) -> Iterator[Violation]:
    """What follows from the ethics announcement happens on its day or later."""
    announced = evidence.rows["ethics_acknowledgement"]["announcement_date"].min()
    rows = evidence.rows["activity_evidence"]
    early = rows[(rows["measure_no"] == 10).fillna(False) & (rows["activity_date"] < announced)]
    for index, day in early["activity_date"].items():
        params = {"date_th": format_date(day), "announced_th": format_date(announced)}
        params |= {"date_en": f"{day:%Y-%m-%d}", "announced_en": f"{announced:%Y-%m-%d}"}
        yield Violation("activity_evidence", int(str(index)), "activity_date", params=params)


@crosscheck(
    "XCM-01",
    WARNING,
    th="ยอดยกมา {here} ไม่เท่ากับยอดคงค้างของเดือนก่อน {before} โปรดตรวจสอบ",
    en="Brought forward is {here}, but the month before left {before} open; please check.",
    example=(
        "ต.ค. ค้าง 3 เรื่อง แต่ พ.ย. ยกมา 2 เรื่อง",
        "October leaves 3 open, November brings 2 forward",
    ),
)
def complaints_carry_over(evidence: Evidence) -> Iterator[Violation]:
    """A month brings forward what the month before left open, for each kind."""
    rows = evidence.rows["complaint_statistics"].sort_values("fiscal_month")
    for _, kind in rows.groupby("complaint_category", sort=True):
        left = (kind["in_progress_count"] + kind["not_started_count"]).shift()
        for index in kind.index[(kind["brought_forward_count"] != left).fillna(False)]:
            column = "brought_forward_count"
            params = {"here": str(kind.at[index, column]), "before": str(left[index])}
            yield Violation("complaint_statistics", int(index), column, params=params)


@crosscheck(
    "XCM-02",
    WARNING,
    th="ไม่พบข้อมูลเรื่องร้องเรียนของเดือน {months} และหน้าปกไม่ได้ยืนยันว่าไม่มี โปรดเพิ่มหรือใส่ ✓ ที่หน้าปก",
    en="No complaints are reported for {months}, nor does the cover say that there were none; "
    "please add them or tick the cover.",
    example=(
        "มี ต.ค. และ ธ.ค. แต่ไม่มี พ.ย. ทั้งในชีตและหน้าปก",
        "October and December are there, November neither in the sheet nor on the cover",
    ),
)
def complaints_of_every_month(evidence: Evidence) -> Iterator[Violation]:
    """Every month of the round has its complaints, or a tick on the cover."""
    rows, cover = evidence.rows["complaint_statistics"], evidence.rows["cover"]
    if rows.empty:
        return
    ticked = cover[cover["is_nil"].notna() & (cover["form_sheet"] == SHEET)]
    reported = {*rows["fiscal_month"].dropna(), *ticked["report_month"].dropna()}
    missing = [m for m in evidence.round.months_list if pd.Timestamp(m) not in reported]
    if missing:
        params = {"months": ", ".join(format_month(month, "short") for month in missing)}
        yield Violation("complaint_statistics", int(rows.index[0]), "fiscal_month", params=params)


@crosscheck(
    "XPR-01",
    WARNING,
    th="เลขที่สัญญา {contract_no} ซ้ำกับ {file} แถว {first} โปรดตรวจสอบว่าเป็นสัญญาเดียวกันหรือพิมพ์ซ้ำ",
    en="Contract number {contract_no} also stands in {file} row {first}; check if it is one "
    "contract.",
    example=("เลขที่สัญญา 1/2566 ในแถว 5 และแถว 9", "contract 1/2566 in rows 5 and 9"),
    source="ชุดกฎ R20 (suwit321/Procurement.github.io)",
    form="procurement",
    on=("contract_no",),
    flag="RF11",
)
def contract_number_once(evidence: Evidence) -> Iterator[Violation]:
    """A contract number stands once in the organisation's fiscal year."""
    rows = evidence.filled("procurement", ("contract_no",))
    again = rows[rows["contract_no"].duplicated(keep=False)]
    for number, twins in again.groupby("contract_no", sort=True):
        params = {"contract_no": str(number)} | place_of(twins, twins.index[0])
        for index in twins.index[1:]:
            yield Violation("procurement", int(index), "contract_no", params=params)


@crosscheck(
    "XGF-01",
    WARNING,
    th="ไม่มีหน่วยงานใดรายงานการรับของขวัญ แต่มีเรื่องร้องเรียนการเรียกรับหรือรับของขวัญ {count} เรื่อง โปรดตรวจสอบ",
    en="No division reports a gift, yet {count} complaints of asking for or taking gifts were "
    "received; please check.",
    example=(
        "ไม่มีรายการของขวัญ แต่มีเรื่องร้องเรียนการรับของขวัญ 1 เรื่อง",
        "no gift is reported, one complaint is about a gift",
    ),
)
def no_gifts_but_complaints(evidence: Evidence) -> Iterator[Violation]:
    """Where nobody reports a gift, nobody complains of one."""
    rows = evidence.rows["complaint_statistics"]
    of_kind = rows[(rows["complaint_category"] == Category.GIFTS).fillna(False)]
    received = int(of_kind["received_count"].sum())
    if received and evidence.rows["gift_report"].empty:
        index = of_kind.index[(of_kind["received_count"] > 0).fillna(False)][0]
        params = {"count": str(received)}
        yield Violation("complaint_statistics", int(index), "received_count", params=params)
