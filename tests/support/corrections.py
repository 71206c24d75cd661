"""Entries of `corrections.toml` as texts, and a round that is settled with them."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from pipeline.messages import LANGUAGES, say
from pipeline.model import PipelineError
from pipeline.plan.corrections_file import parse_changes
from pipeline.run import assess

REGISTER, WELFARE = "ทะเบียนโครงการ", "แบบรายงาน กองสวัสดิการสังคม.xlsx"
OFFICE, OFFICE_2 = "แบบรายงาน สำนักปลัดเทศบาล.xlsx", "แบบรายงาน สำนักปลัดเทศบาล (2).xlsx"
FIRST = 5  # the first row below the headings of our register
GOING, DONE = "อยู่ระหว่างดำเนินการ", "ดำเนินการแล้วเสร็จ"
SOON = datetime.fromisoformat("2023-10-20T12:00:00+07:00")


def written_as(value):
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int) else f"'{value}'"


def entry(kind, **values):
    written = (f"{k} = {written_as(v)}" for k, v in values.items())
    return "\n".join([f"[[{kind}]]", *written, ""])


def at(number):
    """The status of the project on that line of the register."""
    return f"M{FIRST + number}"


def correction(file=WELFARE, sheet=REGISTER, cell=f"M{FIRST}", old=GOING, new=DONE, **more):
    said = {"reason": "ตัวอย่าง", "agreed_with": "ผู้จัดทำ", "agreed_on": "5/10/2566"}
    said |= {"channel": "โทรศัพท์", "approved_by": "หัวหน้า (ตัวอย่าง)"}
    place = {"file": file, "sheet": sheet, "cell": cell, "old": old, "new": new}
    return entry("correction", **place, **said | more)


def exclusion(file=WELFARE, sheet=REGISTER, row=FIRST):
    why = {"reason": "แถวทดสอบ (ตัวอย่าง)", "approved_by": "ปลัด (ตัวอย่าง)"}
    return entry("exclusion", file=file, sheet=sheet, row=row, **why)


def waiver(division="05", form="gift_report", until="31/12/2566", **more):
    why = {"reason": "โอนงาน (ตัวอย่าง)", "approved_by": "ปลัด (ตัวอย่าง)", "until": until}
    return entry("waiver", division=division, form=form, **why | more)


def explanation(code, **more):
    said = {"text": "ตามรายงานจริง (ตัวอย่าง)", "by": "ผู้จัดทำ", "on": "7/10/2566"}
    return entry("explanation", code=code, **more | said)


def changed(plan, *entries):
    return replace(plan, changes=parse_changes("\n".join(entries).encode(), plan))


def settled(plan, *entries):
    return assess(changed(replace(plan, as_of=SOON), *entries))


def effects(assessment):
    return [str(each.effect) for each in assessment.settled]


def values(assessment, prefix=""):
    return {k: f.value for k, f in assessment.figures.items() if k.startswith(prefix)}


def codes(assessment):
    return [finding.code for finding in assessment.findings]


def refusal(plan, text):
    """Code and parameters of the refusal; its sentences are one line in each language."""
    with pytest.raises(PipelineError) as caught:
        assess(changed(plan, text))
    error = caught.value
    for lang in LANGUAGES:
        assert len(say(f"error.{error.code}", lang, **error.params).splitlines()) == 1
    return error


@pytest.fixture(scope="session")
def messy_soon(plan_messy):
    """The messy round as it stood some days after it was due."""
    return assess(replace(plan_messy, as_of=SOON))


def number(measure):
    return {"measure": measure} if measure else {}
