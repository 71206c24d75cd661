"""Every rule between forms, each with evidence that breaks it and evidence that does not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from pipeline.crosscheck import crosscheck
from pipeline.messages import finding_sentence
from pipeline.model import Fate, ReadRound, Table
from schemas import forms
from schemas.kit.cross_rules import AUDITOR, registered
from schemas.kit.thai.calendar import Round
from schemas.kit.thai.dates import format_month
from tests.support.builders import table

CODE = re.compile(r"\bX[A-Z]{2}-\d\d\b")
FORMS = {form.name: form for form in forms()}
YEAR_TEXT = "ปีงบประมาณ พ.ศ.๒๕๖๖ (1 ต.ค. 65 ถึง 30 ก.ย. 66)"
SIX_TITLE = "รายงาน รอบ ๖ เดือน"


@dataclass(frozen=True)
class Case:
    """What a crosscheck is shown: measures, tables, and whether there is a six-month round."""

    measures: tuple[Mapping[str, object], ...]
    tables: Mapping[str, Table]
    has_earlier: bool


def measure(number=4, title="รายงานผล รอบ ๑๒ เดือน", procedure="-", period=YEAR_TEXT, owner="01"):
    texts = {"title": title, "procedure": procedure, "period_text": period}
    return {"number": number, "owner": owner, **texts}


def rows(name, *changes, files=None):
    """A table whose rows come from the files of these divisions (default: all from 01)."""
    made = table(FORMS[name], changes, file="01")
    if files is None:
        return made
    frame = made.frame.assign(submission=pd.Series(list(files), dtype="string"))
    places = next(iter(made.positions.values()))
    positions = {(file, made.form.about.sheet): places for file in files}
    return Table(made.form, frame, made.typed, positions)


def case(measures=(), *, has_earlier=True, **given):
    return Case(tuple(measures), {name: rows(name) for name in FORMS} | given, has_earlier)


def found(shown, plan):
    """What the stage says of a case, with the plan's measures replaced by the case's."""
    some = plan.measures[0]
    plan = replace(plan, measures=tuple(replace(some, **each) for each in shown.measures))
    submissions = tuple(
        SimpleNamespace(name=code, division=code, workbook=None) for code in ("01", "02")
    )
    reading = ReadRound(submissions, shown.tables, (), (), ())
    earlier = (SimpleNamespace(tables={}),) if shown.has_earlier else ()
    return crosscheck(reading, plan, earlier).findings


def progress(**changes):
    return rows("measure_progress", {"measure_no": "4", "scope": "ส่วนราชการ"} | changes)


def complaints(*changes):
    zero = dict.fromkeys(("received_count", "finished_count", "not_started_count"), "0")
    zero |= {"in_progress_count": "0", "brought_forward_count": "0"}
    return rows("complaint_statistics", *(zero | each for each in changes))


TWINS = {"project_no": "01", "responsible_unit": "กองคลัง"}
NEXT = {"fiscal_month": "พฤศจิกายน 2565"}
LEFT = {"received_count": "2", "in_progress_count": "2"}
GIFTS = {"complaint_category": "เรียกรับหรือรับของขวัญ", "received_count": "1", "finished_count": "1"}

ANNOUNCED = rows("ethics_acknowledgement", {"announcement_date": "16/3/2566"})


def TENTH(day):
    return rows("activity_evidence", {"measure_no": "10", "activity_date": day})


OTHER = {
    "contract_no": "9/2566",
    "egp_project_no": "65107000002",
    "winner_and_price_raw": "ร้านอื่น / 12,000.00 บาท",
}


def beside(**changes):
    """One purchase, and beside it another in a layout that is only compared."""
    both = rows("procurement", {}, changes, files=("01", "02"))
    return replace(both, compared=frozenset({("02", both.form.about.sheet)}))


MONTHS = [{"fiscal_month": format_month(month)} for month in Round.parse("2566-12").months_list]
SEPTEMBER = {"form_sheet": "เรื่องร้องเรียน", "report_month": "กันยายน 2566", "is_nil": "✓"}

CASES = {
    "XPJ-01": (
        case(project_register=rows("project_register", TWINS, TWINS)),
        case(project_register=rows("project_register", TWINS, {"project_no": "02"})),
    ),
    "XPJ-02": (
        case(
            project_register=rows(
                "project_register", TWINS, TWINS | {"project_status": "อยู่ระหว่างดำเนินการ"}
            )
        ),
        case(project_register=rows("project_register", TWINS, TWINS)),
    ),
    "XMV-10": (
        case(project_register=rows("project_register", TWINS, TWINS | {"project_no": "02"})),
        case(project_register=rows("project_register", TWINS)),
    ),
    "XPL-03": (
        case(
            measure_progress=progress(
                outcome_text="โครงการจำนวน 36 โครงการ อยู่ระหว่างดำเนินการ 0 โครงการ ดำเนินการแล้วเสร็จ 33 โครงการ"
            )
        ),
        case(
            measure_progress=progress(
                outcome_text="โครงการจำนวน 36 โครงการ อยู่ระหว่างดำเนินการ 3 โครงการ ดำเนินการแล้วเสร็จ 33 โครงการ"
            )
        ),
    ),
    "XPD-01": (
        case([measure(3, SIX_TITLE, period="เม.ย. - ก.ย. ๒๕๖๖")]),
        case([measure(3, SIX_TITLE, period="ต.ค. ๒๕๖๕ - มี.ค. ๒๕๖๖"), measure()]),
    ),
    "XPL-04": (
        case([measure(3, SIX_TITLE)], has_earlier=False),
        case([measure(3, SIX_TITLE)]),
    ),
    "XME-01": (
        case([measure(owner="02")], measure_progress=progress()),
        case([measure(owner="ALL")], measure_progress=progress()),
    ),
    "XAC-01": (
        case(activity_evidence=TENTH("15/3/2566"), ethics_acknowledgement=ANNOUNCED),
        case(activity_evidence=TENTH("16/3/2566"), ethics_acknowledgement=ANNOUNCED),
    ),
    "XCM-01": (
        case(complaint_statistics=complaints(LEFT, NEXT)),
        case(complaint_statistics=complaints(LEFT, NEXT | {"brought_forward_count": "2"})),
    ),
    "XCM-02": (
        case(complaint_statistics=complaints(*MONTHS[:11])),
        case(complaint_statistics=complaints(*MONTHS[:11]), cover=rows("cover", SEPTEMBER)),
    ),
    "XPR-01": (
        case(procurement=rows("procurement", {}, {})),
        case(procurement=rows("procurement", {}, {"contract_no": "2/2566"})),
    ),
    "XLY-01": (case(procurement=beside()), case(procurement=beside(**OTHER))),
    "XLY-02": (
        case(procurement=beside(agreed_price_satang="11,000.00")),
        case(procurement=beside()),
    ),
    "XLY-03": (case(procurement=beside(**OTHER)), case(procurement=beside())),
    "XLY-04": (
        case(procurement=beside(**OTHER | {"winner_and_price_raw": "", "agreed_price_satang": ""})),
        case(procurement=beside(**OTHER)),
    ),
    "XGF-01": (
        case(complaint_statistics=complaints(GIFTS), gift_report=rows("gift_report")),
        case(complaint_statistics=complaints(GIFTS), gift_report=rows("gift_report", {})),
    ),
}


def test_every_crosscheck_has_its_case():
    """But those that need figures: tests/aggregate/test_claim_findings.py asks them.

    Those of rows known again have rows of two versions or of two divisions, in files of their own.
    """
    asked = {c.code for c in registered().values() if c.to != AUDITOR and not c.after_figures}
    beside = (
        Path(__file__).with_name(f"test_{name}.py")
        for name in ("moved", "moved_projects", "prefilled", "doubles")
    )
    elsewhere = {code for file in beside for code in CODE.findall(file.read_text("utf-8"))}
    assert asked - elsewhere == CASES.keys()


@pytest.mark.parametrize("code", CASES)
def test_broken_evidence_is_told_once_and_sound_evidence_never(code, plan_12):
    broken, sound = CASES[code]
    (finding,) = [f for f in found(broken, plan_12) if f.code == code]
    assert [f for f in found(sound, plan_12) if f.code == code] == []
    assert (finding.cell is None) == (finding.to == "analyst")
    for lang in ("th", "en"):
        assert finding_sentence(finding, lang, plan_12.forms)


def test_projects_that_could_not_be_done_are_accounted_for(plan_12):
    said = "มีโครงการจำนวน 36 โครงการ แล้วเสร็จ 30 โครงการ อยู่ระหว่างดำเนินการ 3 โครงการ ไม่สามารถดำเนินการได้ {} โครงการ"
    for cannot, missing in (("3", []), ("1", ["2"])):
        told = case([measure()], measure_progress=progress(outcome_text=said.format(cannot)))
        sums = [f.params["missing"] for f in found(told, plan_12) if f.code == "XPL-03"]
        assert sums == missing


def test_a_crosscheck_switched_off_is_silent(plan_12):
    broken, _ = CASES["XPR-01"]
    off = replace(plan_12, rules_off=("XPR-01",))
    assert [f.code for f in found(broken, off) if f.code == "XPR-01"] == []


def test_the_responsible_divisions_own_row_is_the_one_that_counts(plan_12):
    both = rows("project_register", TWINS, TWINS, files=("01", "02"))
    (finding,) = [f for f in found(case(project_register=both), plan_12) if f.code == "XPJ-01"]
    assert (finding.index, finding.fate) == (0, Fate.DUPLICATE)
