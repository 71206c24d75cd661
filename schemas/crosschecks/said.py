"""What is said against what is counted, and configured periods against the calendar."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from schemas.kit.calendar import stated_period
from schemas.kit.claims import NO_BUDGET, NO_OBSTACLE, plan_claims
from schemas.kit.columns import Severity
from schemas.kit.crosscheck import Evidence, Violation, crosscheck
from schemas.kit.thai_dates import format_date

WARNING = Severity.WARNING
_SIX_MONTHS = "รอบ ๖ เดือน"
_TWELVE_MONTHS = "รอบ ๑๒ เดือน"
_FIGURES: Mapping[str, Mapping[str, str]] = {
    "registered": {"th": "โครงการทั้งหมด", "en": "projects"},
    "in_progress": {"th": "อยู่ระหว่างดำเนินการ", "en": "in progress"},
    "done": {"th": "แล้วเสร็จ", "en": "done"},
    "base": {"th": "โครงการขั้นต่ำ", "en": "minimum of projects"},
    "score_pct": {"th": "ร้อยละ", "en": "per cent"},
    "level": {"th": "ระดับ", "en": "level"},
}


@crosscheck(
    "XPL-01",
    WARNING,
    th="ข้อความที่กำหนดไว้ของมาตรการที่ {measure} ระบุ {stated} แต่คำนวณได้ {computed} โปรดแก้ {key} หรือชี้แจง",
    en="The configured text of measure {measure} says {stated}, computed is {computed}; correct "
    "{key} or explain.",
    open_item="said-not-computed",
    example=(
        "ข้อความใน round.toml ระบุ ๓๕ โครงการ แต่ทะเบียนมี 36",
        "round.toml says 35 projects, the register has 36",
    ),
)
def configured_text_against_plan(evidence: Evidence) -> Iterator[Violation]:
    """Numbers of projects stated in the configured columns agree with the register."""
    for measure in evidence.measures:
        said = _differing(measure.procedure, _plan_for(measure.title, evidence))
        if said:
            key = f"measures.{measure.number}.procedure"
            yield Violation(key=key, params=said | {"measure": str(measure.number), "key": key})


@crosscheck(
    "XPL-02",
    WARNING,
    th="ข้อความผลลัพธ์ของมาตรการที่ {measure} ระบุ {stated} แต่ทะเบียนโครงการคำนวณได้ {computed} "
    "โปรดตรวจสอบหรือชี้แจง",
    en="The outcome of measure {measure} says {stated}, the project register gives {computed}; "
    "please check or explain.",
    open_item="said-not-computed",
    example=(
        "พิมพ์ว่าร้อยละ ๙๕ แต่คำนวณได้ 94.29",
        "95 percent is typed, 94.29 is computed",
    ),
)
def typed_text_against_plan(evidence: Evidence) -> Iterator[Violation]:
    """Numbers of projects, score and level in a division's own words agree with the register."""
    titles = {m.number: m.title for m in evidence.measures}
    rows = evidence.rows["measure_progress"]
    for column in ("result_summary", "outcome_text"):
        for index, text in rows[column].dropna().items():
            number = int(rows.at[index, "measure_no"])
            said = _differing(str(text), _plan_for(titles.get(number, ""), evidence))
            if said:
                params = said | {"measure": str(number)}
                yield Violation("measure_progress", int(str(index)), column, params=params)


@crosscheck(
    "XPL-03",
    WARNING,
    th="จำนวนในข้อความไม่รวมกันได้: ทั้งหมด {registered} แต่แล้วเสร็จ {done} และอยู่ระหว่างดำเนินการ "
    "{in_progress} ขาดคำอธิบาย {missing} โครงการ โปรดชี้แจง",
    en="The numbers in the text do not add up: {registered} in all, {done} done, {in_progress} in "
    "progress; {missing} projects are unexplained. Please explain.",
    example=(
        "“ทั้งหมด ๓๖ โครงการ แล้วเสร็จ ๓๓ ไม่มีโครงการระหว่างดำเนินการ”",
        "“36 projects, 33 done, none in progress”",
    ),
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
    example=(
        "รอบ ๖ เดือน แต่ระบุช่วง 1 เม.ย. – 30 ก.ย.",
        "a six-month round whose period is given as April to September",
    ),
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
    example=(
        "“ไม่มีการใช้งบประมาณ” แต่ทะเบียนโครงการเบิกจ่าย 45,000.00 บาท",
        "“no budget was used”, yet 45,000.00 baht were disbursed",
    ),
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
    example=(
        "“ไม่มีปัญหา” แต่มีโครงการที่ไม่สามารถดำเนินการได้",
        "“no obstacles”, yet a project could not be done",
    ),
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
    example=(
        "รอบ 12 เดือนที่ไม่มีโฟลเดอร์ของรอบ 6 เดือนในปีเดียวกัน",
        "a twelve-month round without the six-month folder of its year",
    ),
)
def earlier_round_is_there(evidence: Evidence) -> Iterator[Violation]:
    """A twelve-month report that prints six-month figures has the round they come from."""
    for measure in evidence.measures:
        if evidence.round.months == 12 and _months_of(measure.title) == 6 and not evidence.earlier:
            key = f"measures.{measure.number}"
            yield Violation(key=key, params={"measure": str(measure.number), "key": key})


def _months_of(title: str) -> int | None:
    """The round that a measure's title names, in months."""
    plain = " ".join(title.split())
    return 6 if _SIX_MONTHS in plain else 12 if _TWELVE_MONTHS in plain else None


def _plan_for(title: str, evidence: Evidence) -> Mapping[str, Decimal | str]:
    """The plan figures that a measure speaks of: of its round, where its title names one."""
    if evidence.round.months == 12 and _months_of(title) == 6:
        return evidence.earlier or {}
    return evidence.plan


def _differing(text: str, computed: Mapping[str, Decimal | str]) -> dict[str, str]:
    """What the text states otherwise than computed, and what is computed; nothing if all agree."""
    claims = plan_claims(text)
    names = [name for name, said in claims.items() if said != computed.get(name, said)]
    sides = {"stated": claims, "computed": computed} if names else {}
    return {
        f"{side}_{lang}": ", ".join(f"{_FIGURES[name][lang]} {values[name]}" for name in names)
        for side, values in sides.items()
        for lang in ("th", "en")
    }


def _keys_claiming(evidence: Evidence, claim: re.Pattern[str]) -> list[str]:
    claiming = (m for m in evidence.measures if claim.search(m.procedure))
    return [f"measures.{m.number}.procedure" for m in claiming]


def _span(period: tuple[date, date]) -> str:
    return f"{format_date(period[0])} – {format_date(period[1])}"
