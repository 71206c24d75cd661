"""Projects that went back, are gone, have another title, or are in no plan."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Any

import pandas as pd

from schemas.crosschecks.retelling import MOVED, Words, amount, of_new, of_old, retold
from schemas.kit.columns import Severity
from schemas.kit.cross_rules import Evidence, Restated, Violation, crosscheck
from schemas.kit.thai.thai_text import matching_key
from schemas.project_register import Status

_REGISTER = "project_register"
_BUDGETS = ("appropriated_budget_satang", "planned_budget_satang")
_BLANK = {"th": "ว่าง", "en": "blank"}


@retold(
    "XMV-07",
    th="โครงการ {project_no} เดิม “{old}” ({place} ใน{source}) ตอนนี้ “{new}” โปรดตรวจสอบหรือแจ้งเหตุผล",
    en="Project {project_no} was “{old}” before ({place} in {source}) and is “{new}” now; please "
    "check, or say why.",
    open_item=MOVED,
    example=(
        "โครงการ 01 เดิมแล้วเสร็จ ตอนนี้อยู่ระหว่างดำเนินการ",
        "project 01 was done, now it is in progress",
    ),
)
def project_went_back(evidence: Evidence) -> Iterator[Violation]:
    """A project that was done, or could not be done, is in another state now."""
    for restated in evidence.restated_of(_REGISTER):
        for old, new in restated.known.pairs:
            was, now = (
                "" if pd.isna(status) else str(status)
                for status in (
                    restated.before.at[old, "project_status"],
                    restated.now.at[new, "project_status"],
                )
            )
            if was in (Status.DONE, Status.CANNOT) and now != was:
                params = {"old": was, "project_no": str(restated.now.at[new, "project_no"])}
                params |= {f"new_{lang}": now or blank for lang, blank in _BLANK.items()}
                yield of_new(restated, (old, new), "project_status", params)


@retold(
    "XMV-08",
    th="โครงการ {project_no} “{name}” {budget} ({place} ใน{source}) ไม่มีในรอบนี้{again} "
    "โปรดตรวจสอบว่ารหัสเปลี่ยนหรือถูกตัดออกจากแผน และแจ้งเหตุผล",
    en="Project {project_no}, “{name}”, {budget} ({place} in {source}), is not in this "
    "round{again}; please check whether its code has changed or it has left the plan, and say why.",
    open_item=MOVED,
    example=(
        "รอบ ๖ เดือนมีโครงการ 07 รอบนี้ไม่มี",
        "the six-month report has project 07, this one has not",
    ),
)
def project_gone(evidence: Evidence) -> Iterator[Violation]:
    """A project of the register is in it still, under its code."""
    for restated in evidence.restated_of(_REGISTER):
        titles = _new_titles(evidence, restated)
        for index in _gone(evidence, restated):
            row = restated.before.loc[index]
            budget = _budget(row)
            params = {"project_no": str(row["project_no"]), "name": str(row["project_name"])}
            params |= {f"budget_{lang}": text for lang, text in budget.items()}
            params |= _under_another_code(titles.get(_title(row)))
            moved = {lang: f"{row['project_no']}, {text}" for lang, text in budget.items()}
            yield of_old(restated, index, params, moved)


def _gone(evidence: Evidence, restated: Restated) -> Iterator[int]:
    """The projects that nobody reports any more."""
    everywhere = set(evidence.counted[_REGISTER]["project_no"].dropna())
    for index in restated.known.gone:
        if restated.before.at[index, "project_no"] not in everywhere:
            yield index


def _new_titles(evidence: Evidence, restated: Restated) -> Mapping[str, str]:
    """The codes that are new in the register, by the title of each."""
    old = set(restated.reported["project_no"].dropna())
    rows = evidence.counted[_REGISTER].dropna(subset=["project_no", "project_name"])
    new = rows[~rows["project_no"].isin(old)]
    return {_title(row): str(row["project_no"]) for _, row in new.iterrows()}


def _title(row: "pd.Series[Any]") -> str:
    return "" if pd.isna(row["project_name"]) else matching_key(str(row["project_name"]))


def _budget(row: "pd.Series[Any]") -> Words:
    """What was planned for a project."""
    satang = next((row[name] for name in _BUDGETS if not pd.isna(row[name])), None)
    if satang is None:
        return {"th": "ไม่มีงบประมาณ", "en": "without a budget"}
    return {"th": f"งบประมาณ {amount(satang)} บาท", "en": f"a budget of {amount(satang)} baht"}


def _under_another_code(code: str | None) -> Words:
    if code is None:
        return {"again_th": "", "again_en": ""}
    return {
        "again_th": f" (ชื่อเดียวกันอยู่ที่รหัส {code})",
        "again_en": f" (the same title stands at code {code})",
    }


@retold(
    "XMV-09",
    th="ชื่อโครงการ {project_no} ต่างจากเดิม: เดิม “{old}” ({place} ใน{source}) ตอนนี้ “{new}” "
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
            yield of_new(restated, (old, new), "project_name", params)


@crosscheck(
    "XMV-10",
    Severity.WARNING,
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


@crosscheck(
    "XMV-12",
    Severity.WARNING,
    th="โครงการ {project_no} “{name}” ไม่อยู่ในแผนตาม{source} โปรดตรวจสอบรหัส หรือแจ้งว่าเพิ่มเข้าแผนเมื่อใด",
    en="Project {project_no}, “{name}”, is not in the plan as {source} has it; please check its "
    "code, or say when it was added to the plan.",
    example=(
        "รอบ ๖ เดือนมีโครงการ 01 ถึง 36 รอบนี้มีโครงการ 37 ด้วย",
        "the six-month report has projects 01 to 36, this one has project 37 too",
    ),
)
def project_of_no_plan(evidence: Evidence) -> Iterator[Violation]:
    """A project is among those of the round before, or of who compiles the register.

    One that has another code now is told of as the one that is gone.
    """
    known = next(chain(_reported(evidence), _compiled(evidence)), None)
    if known is None:
        return
    numbers, titles, source = known
    rows = evidence.counted[_REGISTER].dropna(subset=["project_no"])
    for index, row in rows[~rows["project_no"].isin(numbers)].iterrows():
        if _title(row) not in titles:
            params = {"project_no": str(row["project_no"]), "name": str(row["project_name"])}
            yield Violation(_REGISTER, int(str(index)), "project_no", params=params | source)


_Known = tuple[AbstractSet[str], AbstractSet[str], Words]


def _reported(evidence: Evidence) -> Iterator[_Known]:
    """The projects of the round before, and the titles of those that are gone."""
    for restated in evidence.restated_of(_REGISTER):
        if restated.is_round:
            gone = {_title(restated.before.loc[index]) for index in _gone(evidence, restated)}
            yield set(restated.reported["project_no"].dropna()), gone, restated.source_words


def _compiled(evidence: Evidence) -> Iterator[_Known]:
    """The projects of the division that reports all others' too, as the owner of the plan does."""
    plan = next(iter(evidence.forms[_REGISTER].about.measures), None)
    owner = next((each.owner for each in evidence.measures if each.number == plan), "")
    rows = evidence.rows[_REGISTER]
    own = rows[(rows["division"] == owner).fillna(False)]
    if (own["responsible_unit"] != owner).fillna(False).any():
        name = evidence.divisions.get(owner, owner)
        source = {"source_th": f"ทะเบียนของ{name}", "source_en": f"the register of {name}"}
        yield set(own["project_no"].dropna()), frozenset[str](), source
