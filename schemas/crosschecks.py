"""The rules between forms, between rounds, and between what is said and what is counted."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

import pandas as pd

from schemas.kit.calendar import stated_period
from schemas.kit.claims import NO_BUDGET, NO_OBSTACLE, plan_claims
from schemas.kit.columns import Severity
from schemas.kit.crosscheck import Evidence, Violation, crosscheck
from schemas.kit.score import level, score_pct
from schemas.kit.thai_dates import format_date

NOTE, WARNING = Severity.NOTE, Severity.WARNING
_SIX_MONTHS = "รอบ ๖ เดือน"
_TWELVE_MONTHS = "รอบ ๑๒ เดือน"
_OVERVIEW = "ภาพรวมเทศบาล"
_DONE = "ดำเนินการแล้วเสร็จ"
_GIFT_KIND = "เรียกรับหรือรับของขวัญ"
_WEIGHED = (_DONE, "อยู่ระหว่างดำเนินการ", "ไม่สามารถดำเนินการได้")
_LEVELS = {"high": "มาก", "medium": "ปานกลาง", "low": "น้อย"}


@crosscheck(
    "XPJ-01",
    NOTE,
    th="โครงการ {project_no} ส่วนราชการที่รับผิดชอบรายงานเองแล้ว ({file} แถว {first}) แถวนี้ใช้เทียบกันและไม่นับซ้ำ",
    en="Project {project_no} is reported by its own division ({file}, row {first}); this row is "
    "compared, not counted again.",
)
def project_met_again(evidence: Evidence) -> Iterator[Violation]:
    """The responsible division's row counts; another's only where there is none."""
    for twins in _twins(evidence.rows["project_register"]):
        counted = _counted_first(twins)
        for index in twins.index.drop(counted):
            params = {"project_no": str(twins.at[index, "project_no"])}
            params |= {"first": str(twins.at[counted, "row"])}
            params |= {"file": str(twins.at[counted, "submission"])}
            yield Violation("project_register", index, "project_no", params=params, duplicate=True)


@crosscheck(
    "XPJ-02",
    WARNING,
    th="โครงการ {project_no} มีสองสถานะ: แถวนี้ “{here}” แต่อีกแถวหนึ่ง (แถว {first}) “{there}” "
    "โปรดตกลงกันให้ตรงกัน",
    en="Project {project_no} has two statuses: “{here}” here and “{there}” in row {first}; "
    "please agree on one.",
)
def project_with_two_statuses(evidence: Evidence) -> Iterator[Violation]:
    """Two divisions that report one project say the same of it."""
    for twins in _twins(evidence.rows["project_register"]):
        counted = _counted_first(twins)
        said = twins["project_status"].fillna("-")
        for index in twins.index[said != said[counted]].drop(counted, errors="ignore"):
            params = {"project_no": str(twins.at[index, "project_no"]), "here": said[index]}
            params |= {"there": said[counted], "first": str(twins.at[counted, "row"])}
            yield Violation("project_register", index, "project_status", params=params)


@crosscheck(
    "XPL-01",
    WARNING,
    th="ข้อความที่กำหนดไว้ของมาตรการที่ {measure} ระบุ {stated} แต่คำนวณได้ {computed} โปรดแก้ {key} หรือชี้แจง",
    en="The configured text of measure {measure} says {stated}, computed is {computed}; correct "
    "{key} or explain.",
    open_item="said-not-computed",
)
def configured_text_against_plan(evidence: Evidence) -> Iterator[Violation]:
    """Numbers of projects stated in the configured columns agree with the register."""
    for measure in evidence.measures:
        computed = _plan_for(measure.title, evidence)
        for name, said, real in _differing(measure.procedure, computed):
            key = f"measures.{measure.number}.procedure"
            yield Violation(key=key, params=_said(measure.number, name, said, real) | {"key": key})


@crosscheck(
    "XPL-02",
    WARNING,
    th="ข้อความผลลัพธ์ของมาตรการที่ {measure} ระบุ {stated} แต่ทะเบียนโครงการคำนวณได้ {computed} "
    "โปรดตรวจสอบหรือชี้แจง",
    en="The outcome of measure {measure} says {stated}, the project register gives {computed}; "
    "please check or explain.",
    open_item="said-not-computed",
)
def typed_text_against_plan(evidence: Evidence) -> Iterator[Violation]:
    """Numbers of projects, score and level in a division's own words agree with the register."""
    titles = {m.number: m.title for m in evidence.measures}
    rows = evidence.rows["measure_progress"]
    for column in ("result_summary", "outcome_text"):
        for index, text in rows[column].dropna().items():
            number = int(rows.at[index, "measure_no"])
            computed = _plan_for(titles.get(number, ""), evidence)
            for name, said, real in _differing(str(text), computed):
                params = _said(number, name, said, real)
                yield Violation("measure_progress", int(str(index)), column, params=params)


@crosscheck(
    "XPL-03",
    WARNING,
    th="จำนวนในข้อความไม่รวมกันได้: ทั้งหมด {registered} แต่แล้วเสร็จ {done} และอยู่ระหว่างดำเนินการ "
    "{in_progress} ขาดคำอธิบาย {missing} โครงการ โปรดชี้แจง",
    en="The numbers in the text do not add up: {registered} in all, {done} done, {in_progress} in "
    "progress; {missing} projects are unexplained. Please explain.",
)
def stated_counts_add_up(evidence: Evidence) -> Iterator[Violation]:
    """A text that states all projects and their statuses accounts for every project."""
    rows = evidence.rows["measure_progress"]
    for index, text in rows["outcome_text"].dropna().items():
        claims = plan_claims(str(text))
        if {"registered", "done", "in_progress"} <= claims.keys():
            parts = [Decimal(claims[name]) for name in ("registered", "done", "in_progress")]
            missing = parts[0] - parts[1] - parts[2]
            if missing:
                params = {n: str(claims[n]) for n in ("registered", "done", "in_progress")}
                params |= {"missing": str(missing)}
                yield Violation("measure_progress", int(str(index)), "outcome_text", params=params)


@crosscheck(
    "XPD-01",
    WARNING,
    th="มาตรการที่ {measure} เป็นรอบ {months} เดือน แต่ช่วงเวลาที่ระบุไว้คือ {stated} ซึ่งไม่ใช่ {expected} "
    "โปรดตรวจสอบ {key}",
    en="Measure {measure} is for the {months}-month round, yet its stated period is {stated} and "
    "not {expected}; check {key}.",
    source="ปีงบประมาณเริ่ม 1 ต.ค.; รอบ 6 เดือน คือ ต.ค.–มี.ค.",
    open_item="configured-period",
)
def period_fits_round(evidence: Evidence) -> Iterator[Violation]:
    """A measure of a six- or twelve-month round names that round's period."""
    year = evidence.round.fiscal_year
    for measure in evidence.measures:
        months = _months_of(measure.title)
        stated = stated_period(measure.period_text)
        if months is None or stated is None:
            continue
        expected = (year.start, year.end if months == 12 else year.quarters[1].end)
        if stated != expected:
            key = f"measures.{measure.number}.period_text"
            params = {"measure": str(measure.number), "months": str(months), "key": key}
            params |= {"stated": _span(stated), "expected": _span(expected)}
            yield Violation(key=key, params=params)


@crosscheck(
    "XCL-01",
    WARNING,
    th="ข้อความที่กำหนดไว้ระบุว่าไม่มีการใช้งบประมาณ แต่ทะเบียนโครงการมีการเบิกจ่ายรวม {baht} บาท "
    "โปรดแก้ {key} หรือชี้แจง",
    en="The configured text says that no budget was used, but the register shows {baht} baht "
    "disbursed; correct {key} or explain.",
    open_item="said-not-computed",
)
def no_budget_claim(evidence: Evidence) -> Iterator[Violation]:
    """Where the text claims that no budget was used, nothing was disbursed."""
    satang = int(evidence.rows["project_register"]["disbursed_satang"].sum())
    for key in _keys_claiming(evidence, NO_BUDGET) if satang else ():
        yield Violation(key=key, params={"baht": f"{Decimal(satang) / 100:,.2f}", "key": key})


@crosscheck(
    "XCL-02",
    WARNING,
    th="ข้อความที่กำหนดไว้ระบุว่าไม่มีปัญหา/อุปสรรค แต่มีหน่วยงานรายงานปัญหาหรือเหตุผลที่ทำไม่ได้ {count} รายการ "
    "โปรดแก้ {key} หรือชี้แจง",
    en="The configured text says that there were no obstacles, but divisions report {count}; "
    "correct {key} or explain.",
    open_item="said-not-computed",
)
def no_obstacle_claim(evidence: Evidence) -> Iterator[Violation]:
    """Where the text claims that there were no obstacles, no project names a reason."""
    reasons = int(evidence.rows["project_register"]["cannot_reason"].notna().sum())
    for key in _keys_claiming(evidence, NO_OBSTACLE) if reasons else ():
        yield Violation(key=key, params={"count": str(reasons), "key": key})


@crosscheck(
    "XPL-04",
    WARNING,
    th="ไม่มีรอบ ๖ เดือนของปีงบประมาณเดียวกันให้เทียบกับมาตรการที่ {measure}",
    en="There is no six-month round of the same fiscal year to compare measure {measure} with.",
    open_item="no-earlier-round",
)
def earlier_round_is_there(evidence: Evidence) -> Iterator[Violation]:
    """A twelve-month report that prints six-month figures has the round they come from."""
    for measure in evidence.measures:
        if evidence.round.months == 12 and _months_of(measure.title) == 6 and not evidence.earlier:
            key = f"measures.{measure.number}"
            yield Violation(key=key, params={"measure": str(measure.number), "key": key})


@crosscheck(
    "XME-01",
    WARNING,
    th="หน่วยงานนี้ไม่ใช่ผู้รายงานมาตรการที่ {measure} โปรดตรวจสอบว่ากรอกถูกแถว",
    en="This division does not report on measure {measure}; please check the row.",
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
        if not (shared or owner == division or scope == _OVERVIEW):
            params = {"measure": str(number)}
            yield Violation("measure_progress", int(index), "measure_no", params=params)


@crosscheck(
    "XAC-01",
    WARNING,
    th="วันที่แจ้งเวียนหรือจัดกิจกรรมของมาตรการที่ ๑๐ ({date}) ก่อนวันที่ประกาศ ({announced}) โปรดตรวจสอบ",
    en="An activity of measure 10 ({date}) is earlier than the announcement ({announced}); please "
    "check.",
)
def activity_after_announcement(evidence: Evidence) -> Iterator[Violation]:
    """What follows from the ethics announcement happens on its day or later."""
    announced = evidence.rows["ethics_acknowledgement"]["announcement_date"].min()
    rows = evidence.rows["activity_evidence"]
    early = rows[(rows["measure_no"] == 10).fillna(False) & (rows["activity_date"] < announced)]
    for index, day in early["activity_date"].items():
        params = {"date": f"{day:%Y-%m-%d}", "announced": f"{announced:%Y-%m-%d}"}
        yield Violation("activity_evidence", int(str(index)), "activity_date", params=params)


@crosscheck(
    "XCM-01",
    WARNING,
    th="ยอดยกมา {here} ไม่เท่ากับยอดคงค้างของเดือนก่อน {before} โปรดตรวจสอบ",
    en="Brought forward is {here}, but the month before left {before} open; please check.",
)
def complaints_carry_over(evidence: Evidence) -> Iterator[Violation]:
    """A month brings forward what the month before left open, for each kind."""
    rows = evidence.rows["complaint_statistics"].sort_values("fiscal_month")
    for _, kind in rows.groupby("complaint_category", sort=True):
        left = (kind["in_progress_count"] + kind["not_started_count"]).shift()
        for index in kind.index[(kind["brought_forward_count"] != left).fillna(False)]:
            params = {"here": str(kind.at[index, "brought_forward_count"])}
            params |= {"before": str(left[index])}
            yield Violation(
                "complaint_statistics", int(index), "brought_forward_count", params=params
            )


@crosscheck(
    "XPR-01",
    WARNING,
    th="เลขที่สัญญา {contract_no} ซ้ำกับแถว {first} โปรดตรวจสอบว่าเป็นสัญญาเดียวกันหรือพิมพ์ซ้ำ",
    en="Contract number {contract_no} stands again in row {first}; check if it is one contract.",
    source="OCP Cardinal; กฎ R20",
)
def contract_number_once(evidence: Evidence) -> Iterator[Violation]:
    """A contract number stands once in the organisation's fiscal year."""
    rows = evidence.rows["procurement"].dropna(subset=["contract_no"])
    for number, twins in rows.groupby("contract_no", sort=True):
        for index in twins.index[1:]:
            params = {"contract_no": str(number), "first": str(twins["row"].iloc[0])}
            yield Violation("procurement", int(index), "contract_no", params=params)


@crosscheck(
    "XGF-01",
    WARNING,
    th="ไม่มีหน่วยงานใดรายงานการรับของขวัญ แต่มีเรื่องร้องเรียนการเรียกรับหรือรับของขวัญ {count} เรื่อง โปรดตรวจสอบ",
    en="No division reports a gift, yet {count} complaints of asking for or taking gifts were "
    "received; please check.",
)
def no_gifts_but_complaints(evidence: Evidence) -> Iterator[Violation]:
    """Where nobody reports a gift, nobody complains of one."""
    rows = evidence.rows["complaint_statistics"]
    of_kind = rows[(rows["complaint_category"] == _GIFT_KIND).fillna(False)]
    received = int(of_kind["received_count"].sum())
    if received and evidence.rows["gift_report"].empty:
        index = of_kind.index[(of_kind["received_count"] > 0).fillna(False)][0]
        params = {"count": str(received)}
        yield Violation("complaint_statistics", int(index), "received_count", params=params)


def plan_state(
    rows: Mapping[str, pd.DataFrame], criteria: Mapping[str, Decimal], months: int
) -> Mapping[str, Decimal | str]:
    """The plan's figures by name, from the project rows that count."""
    register = rows["project_register"]
    spare = [i for twins in _twins(register) for i in twins.index.drop(_counted_first(twins))]
    counts = register.drop(spare)["project_status"].value_counts()
    done, going, cannot = (int(counts.get(str(s), 0)) for s in _WEIGHED)
    weights = {key: criteria[f"weights.{key}"] for key in ("done", "in_progress", "cannot")}
    base = criteria["min_project_count"]
    found = {"registered": len(register) - len(spare), "done": done, "in_progress": going}
    state: dict[str, Decimal | str] = {key: Decimal(value) for key, value in found.items()}
    score = score_pct(done, going, cannot, base, weights)
    if score is not None:
        bands = (criteria[f"bands.{months}.high"], criteria[f"bands.{months}.medium"])
        state |= {"score_pct": score, "base": base, "level": _LEVELS[level(score, *bands)]}
    return state


def _twins(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The rows of each project that more than one row speaks of."""
    for _, twins in rows.groupby("project_no", sort=True):
        if len(twins) > 1:
            yield twins


def _counted_first(twins: pd.DataFrame) -> int:
    """The row that counts: the responsible division's, else the first."""
    own = twins[(twins["responsible_unit"] == twins["division"]).fillna(False)]
    return int((own if len(own) else twins).index[0])


def _months_of(title: str) -> int | None:
    """The round that a measure's title names, in months."""
    plain = " ".join(title.split())
    return 6 if _SIX_MONTHS in plain else 12 if _TWELVE_MONTHS in plain else None


def _plan_for(title: str, evidence: Evidence) -> Mapping[str, Decimal | str]:
    """The plan figures that a measure speaks of: of its round, where its title names one."""
    if evidence.round.months == 12 and _months_of(title) == 6:
        return evidence.earlier or {}
    return evidence.plan


def _differing(
    text: str, computed: Mapping[str, Decimal | str]
) -> Iterator[tuple[str, Decimal | str, Decimal | str]]:
    for name, said in plan_claims(text).items():
        if name in computed and said != computed[name]:
            yield name, said, computed[name]


def _said(number: int, name: str, said: Decimal | str, real: Decimal | str) -> dict[str, str]:
    return {"measure": str(number), "figure": name, "stated": str(said), "computed": str(real)}


def _keys_claiming(evidence: Evidence, claim: re.Pattern[str]) -> list[str]:
    claiming = (m for m in evidence.measures if claim.search(m.procedure))
    return [f"measures.{m.number}.procedure" for m in claiming]


def _span(period: tuple[date, date]) -> str:
    return f"{format_date(period[0])} – {format_date(period[1])}"
