"""What is said against what is counted, and configured periods against the calendar."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from schemas.kit.claims.comparison import Comparison
from schemas.kit.claims.extraction import EVERY, NONE, claims_in
from schemas.kit.claims.modifiers import Setting
from schemas.kit.claims.patterns import ClaimPattern, Language, load_language
from schemas.kit.columns import Severity
from schemas.kit.cross_rules import Evidence, Violation, crosscheck
from schemas.kit.thai.calendar import stated_period, stated_round
from schemas.kit.thai.dates import format_date

WARNING = Severity.WARNING
_PATTERNS = Path(__file__).parent.parent / "claims"
_PROJECTS = ("registered", "done", "in_progress", "cannot", "waiting")


@crosscheck(
    "XPL-01",
    WARNING,
    th="มาตรการที่ {measure} ข้อความที่กำหนดไว้ระบุ {stated} แต่คำนวณได้ {computed} โปรดแก้ {key} หรือชี้แจง",
    en="The configured text of measure {measure} says {stated}, computed is {computed}; correct "
    "{key} or explain.",
    open_item="said-not-computed",
    after_figures=True,
    example=(
        "ข้อความใน round.toml ระบุ ๓๕ โครงการ แต่ทะเบียนมี 36",
        "round.toml says 35 projects, the register has 36",
    ),
    note=(
        "มาตรการที่ {measure} ขั้นตอน/วิธีการดำเนินการระบุ {stated} ข้อมูลที่นำมารวมคำนวณได้ {computed}",
        "The procedure of measure {measure} says {stated}; the data counted give {computed}.",
    ),
)
def configured_text_against_figures(evidence: Evidence) -> Iterator[Violation]:
    """What the configured columns state agrees with the figures."""
    for key, several in _differing(evidence, configured=True):
        params = _sides(several) | {"measure": str(several[0].measure), "key": key}
        yield Violation(key=key, params=params)


@crosscheck(
    "XPL-02",
    WARNING,
    th="มาตรการที่ {measure} ข้อความระบุ {stated} แต่คำนวณจากแบบฟอร์มได้ {computed} โปรดตรวจสอบหรือชี้แจง",
    en="The text on measure {measure} says {stated}, the forms give {computed}; please check or "
    "explain.",
    open_item="said-not-computed",
    after_figures=True,
    example=("พิมพ์ว่าร้อยละ ๙๕ แต่คำนวณได้ 94.29", "95 percent is typed, 94.29 is computed"),
    note=(
        "มาตรการที่ {measure} ข้อความที่รายงานระบุ {stated} ข้อมูลที่นำมารวมคำนวณได้ {computed}",
        "The text reported on measure {measure} says {stated}; the data counted give {computed}.",
    ),
)
def typed_text_against_figures(evidence: Evidence) -> Iterator[Violation]:
    """What a division says in its own words agrees with the figures."""
    for _, several in _differing(evidence, configured=False):
        first = several[0]
        params = _sides(several) | {"measure": str(first.measure)}
        yield Violation("measure_progress", first.index, first.column, params=params)


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
        measure = rows.at[index, "measure_no"]
        counts = {} if pd.isna(measure) else _counts(str(text), int(measure), evidence)
        if {"registered", "done", "in_progress"} <= counts.keys():
            parts = sum(count for name, count in counts.items() if name != "registered")
            missing = counts["registered"] - parts
            if missing:
                params = {name: str(value) for name, value in counts.items()}
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
    note=(
        "มาตรการที่ {measure} ระยะเวลาดำเนินการระบุ {stated} รอบ {months} เดือนคือ {expected}",
        "The period of measure {measure} is {stated}; the {months}-month round is {expected}.",
    ),
)
def period_fits_round(evidence: Evidence) -> Iterator[Violation]:
    """A measure of a six- or twelve-month round names that round's period."""
    year = evidence.round.fiscal_year
    for measure in evidence.measures:
        months = stated_round(measure.title)
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
    if evidence.round.months != 12 or evidence.has_earlier:
        return
    for measure in evidence.measures:
        if stated_round(measure.title) == 6:
            key = f"measures.{measure.number}"
            yield Violation(key=key, params={"measure": str(measure.number), "key": key})


def language() -> Language:
    """All that can be said of the forms' figures."""
    return load_language(_PATTERNS)


def claim_patterns_for(
    measure: int, *, own: bool = False, shared: bool = False
) -> tuple[ClaimPattern, ...]:
    """What a text on this measure may state: a division's `own` one, or one `shared` by all."""
    every = language().claim_patterns
    return tuple(each for each in every if each.holds_for(measure, own=own, shared=shared))


def _counts(text: str, measure: int, evidence: Evidence) -> dict[str, Decimal]:
    """The numbers of projects that a text states first, by the name of their figure."""
    months = stated_round(evidence.title_of(measure)) or evidence.round.months
    setting = Setting(evidence.round.fiscal_year.be, months, tuple(evidence.divisions.values()))
    counts: dict[str, Decimal] = {}
    for claim in claims_in(text, language(), claim_patterns_for(measure), setting):
        name = claim.figure.removeprefix("plan.")
        if name in _PROJECTS and claim.value != EVERY:
            counts.setdefault(name, Decimal(0) if claim.value == NONE else Decimal(claim.value))
    return counts


def _differing(
    evidence: Evidence, *, configured: bool
) -> Iterator[tuple[str, Sequence[Comparison[Any]]]]:
    """What differs from its figure, together for each text, with the text's key or place."""
    differing = [
        each for each in evidence.comparisons if not each.agrees and bool(each.key) == configured
    ]
    for place, several in groupby(differing, key=lambda each: (each.key, each.index, each.column)):
        yield place[0], list(several)


def _sides(several: Sequence[Comparison[Any]]) -> dict[str, str]:
    """The words that differ and what is computed instead, in both languages."""
    words = ", ".join(f"“{each.words}”" for each in several)
    return {
        "stated": words,
        "computed_th": ", ".join(f"{each.title_th} {each.shown_th}" for each in several),
        "computed_en": ", ".join(f"{each.title_en} {each.shown_en}" for each in several),
    }


def _span(period: tuple[date, date]) -> str:
    return f"{format_date(period[0])} – {format_date(period[1])}"
