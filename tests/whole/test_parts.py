"""Divisions that report in parts: their templates, what counts, what is owed, what goes back."""

import io
import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import openpyxl
import pytest

from pipeline.audit.source import follow
from pipeline.audit.source_rows import SourceRows
from pipeline.commands.status import worse_versions
from pipeline.commands.templates import make_templates
from pipeline.digests import chained, register_sha256
from pipeline.messages import finding_sentence
from pipeline.messages.open_lines import who_must_act
from pipeline.model import ObligationState, Outcome, PipelineError
from pipeline.record import run_json
from pipeline.reply.reminders import outstanding, remind
from pipeline.run import run
from pipeline.template import current_template, templates, workbook_for
from pipeline.workbook.identity import marks_of
from pipeline.workbook.reader import read_cells
from schemas.kit.kinds import TICK
from tests.support import office
from tests.support.town import (
    FINANCE,
    FORM,
    MAY,
    NOON,
    PARTS,
    REVENUE,
    SUPPLIES,
    codes,
    fates,
    items_in,
    rows_balance,
    without_parts,
)

pytestmark = pytest.mark.office  # whole rounds

FORM_TITLE = "จัดซื้อจัดจ้าง"


def obligation_status(settled, month=MAY):
    (found,) = [
        each
        for each in settled.obligation_statuses
        if (each.obligation.form, each.obligation.month) == (FORM, month)
    ]
    return found


# --- parts ----------------------------------------------------------------------------------------


def test_each_part_counts_and_replaces_only_its_own_earlier_file(town, bought):
    supplies, revenue = bought
    corrected = [supplies[0], supplies[1] | {"budget_satang": 62_200_000}]
    town.mail("a.xlsx", town.book(supplies, "1"))
    town.mail("b.xlsx", town.book(revenue, "2"))
    town.mail("c.xlsx", town.book(corrected, "1"))
    settled = town.settle()
    assert fates(settled) == {"a.xlsx": "superseded", "b.xlsx": "accepted", "c.xlsx": "accepted"}
    assert items_in(settled) == [f"ตย.0{n}/2566" for n in range(23, 27)]
    assert settled.tables[FORM].frame["budget_satang"].sum() == sum(
        row["budget_satang"] for row in (*corrected, *revenue)
    )
    assert (obligation_status(settled).state, obligation_status(settled).file) == (
        ObligationState.REPORTED,
        "c.xlsx, b.xlsx",
    )
    assert [each["part"] for each in run_json(settled, {})["files"]] == ["1", "2", "1"]
    assert [(read, total) for read, total in rows_balance(settled) if read != total] == []


def test_a_part_that_has_not_reported_is_named_until_it_has(town, bought):
    town.mail("a.xlsx", town.book(bought[0], "1"))
    after = datetime.fromisoformat("2023-10-20T12:00:00+07:00")
    settled = town.settle(as_of=after)
    found = obligation_status(settled)
    assert (found.state, found.lacking) == (ObligationState.MISSING, ("2",))
    (owed,) = [o for o in run_json(settled, {})["obligations"] if o["month"] == "2023-05"]
    assert owed["lacking"] == ["2"]
    lines = [line for line in who_must_act(settled, "th")["division"] if "[" in line]
    assert [line for line in lines if "จัดซื้อจัดจ้าง [ฝ่ายพัฒนารายได้] (พ.ค. 66)" in line]
    remind(settled, town.out)
    assert "ฝ่ายพัฒนารายได้" in (town.out / "02.txt").read_text("utf-8")
    assert REVENUE in (town.out / "02.eml").read_text("utf-8")
    nil = [{"form_sheet": "จัดซื้อจัดจ้าง", "report_month": MAY, "is_nil": TICK}]
    town.mail("b.xlsx", town.book([], "2", nil))
    settled = town.settle(as_of=after)
    assert obligation_status(settled).state is ObligationState.REPORTED


def test_a_template_for_each_part_says_whose_it_is(town):
    paths = [*templates(town.plan, town.out, None, "02").values()]
    assert [path.name for path in paths] == ["02.xlsx", "02.1.xlsx", "02.2.xlsx"]
    whole, first, _ = (openpyxl.load_workbook(path) for path in paths)
    assert "จัดซื้อจัดจ้าง" not in whole.sheetnames
    assert "ผลตามมาตรการ" in whole.sheetnames
    shown = [sheet for sheet in first.sheetnames if first[sheet].sheet_state == "visible"]
    assert shown == ["ปก", "ตรวจก่อนส่ง", "จัดซื้อจัดจ้าง"]
    assert ("ฝ่าย/งาน", "ฝ่ายพัสดุ") in [(row[0].value, row[1].value) for row in first["ปก"].rows]
    assert marks_of(read_cells(paths[1].read_bytes())).part == "1"
    assert [current_template(town.settle(), "02", part) for part in ("", "1", "2")] == [
        path.read_bytes() for path in paths
    ]


def unmarked(data, *, drop_cover):
    """The workbook as it is once copied by hand: without properties and hidden sheets."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for name in [sheet.title for sheet in book if sheet.sheet_state != "visible"]:
        del book[name]
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]
    for row in book["ปก"].rows if drop_cover else ():
        if row[0].value == "ฝ่าย/งาน":
            row[0].value = row[1].value = None
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("drop_cover", "sender", "part"),
    [(False, FINANCE, "1"), (True, SUPPLIES, "1"), (True, REVENUE, "2"), (True, FINANCE, "")],
)
def test_without_its_marks_a_file_is_known_by_its_cover_then_by_its_sender(
    town, bought, drop_cover, sender, part
):
    town.mail("a.xlsx", unmarked(town.book(bought[0], "1"), drop_cover=drop_cover), sender)
    settled = town.settle()
    (sent,) = settled.submissions
    assert (sent.division, sent.part) == ("02", part)
    assert ("no-part" in codes(settled)) == (not part)


def test_a_file_of_no_known_part_waits_and_says_what_to_do(town, bought):
    without_parts(town)
    old = town.book(bought[0])
    town.parts(PARTS)
    town.mail("a.xlsx", old)
    settled = town.settle()
    assert fates(settled) == {"a.xlsx": "quarantined"}
    assert items_in(settled) == []
    (finding,) = [f for f in settled.findings if f.code == "no-part"]
    said = finding_sentence(finding, "th", town.plan.forms)
    assert "ฝ่ายพัสดุ, ฝ่ายพัฒนารายได้" in said
    assert "received.csv" in said
    assert finding.to == "analyst"
    kinds = [item.kind for item in settled.open_items if item.who == "analyst"]
    assert (kinds.count("no-part"), kinds.count("quarantined")) == (1, 0)
    first, *rest = town.answers(settled)["02-1.txt"].splitlines()
    assert "ยังไม่ได้นำเข้าข้อมูล" in first
    assert any("โปรดแจ้งชื่อฝ่าย" in line for line in rest)
    assert [(read, total) for read, total in rows_balance(settled)] == [(2, 2)]
    (town.folder / "received/1.eml").unlink()
    town.loose("a.xlsx", old, "กองคลัง งานพัสดุ")
    settled = town.settle()
    assert [(s.division, s.part) for s in settled.submissions] == [("02", "1")]
    assert len(items_in(settled)) == 2
    town.loose("a.xlsx", old, "02.2")
    assert [s.part for s in town.settle().submissions] == ["2"]


def test_who_used_the_template_of_another_part_is_asked_for_her_own(town, bought):
    town.mail("a.xlsx", town.book(bought[0], "1"), SUPPLIES)
    town.mail("b.xlsx", town.book(bought[1], "1"), REVENUE)
    answers = town.answers(town.settle())
    for name in ("02-1.txt", "02-2.txt"):
        assert "หากไฟล์นี้เป็นของฝ่ายอื่น โปรดส่งใหม่ด้วยแบบฟอร์มของฝ่ายนั้น" in answers[name]


def test_a_file_that_cannot_be_opened_goes_back_to_the_part_that_sent_it(town):
    town.mail("a.xlsx", b"", SUPPLIES)
    settled = town.settle()
    assert (settled.submissions[0].part, obligation_status(settled).state) == (
        "1",
        ObligationState.REFUSED,
    )
    town.answers(settled)
    assert f"To: {SUPPLIES}" in (town.out / "replies/02-1.eml").read_text("utf-8")


def test_a_waiver_spares_the_question_too(split):
    split.changes(
        '[[waiver]]\ndivision = "02"\nform = "procurement"\nmonth = "พฤษภาคม 2566"\n'
        'reason = "ตัวอย่าง"\napproved_by = "ตัวอย่าง"\nuntil = "31/12/2566"\n'
    )
    settled = split.settle(as_of=NOON + timedelta(days=8))
    assert obligation_status(settled).state is ObligationState.WAIVED
    assert "shares-no-row" not in [item.kind for item in settled.open_items]


def test_nobody_is_reminded_of_what_came_and_waits_to_be_decided(split):
    settled = split.settle(as_of=NOON + timedelta(days=8))
    assert obligation_status(settled).state is ObligationState.MISSING
    remind(settled, split.out)
    (line,) = (n for n in (split.out / "02.txt").read_text("utf-8").split("\n") if FORM_TITLE in n)
    assert "เมษายน 2566, มิถุนายน 2566" in line
    count = sum(s.obligation.form == FORM for s in outstanding(settled))
    assert count == sum(s.obligation.form == FORM for s in settled.obligation_statuses) - 1


def test_a_form_that_came_blank_is_still_asked_for_in_an_answer_without_faults(town, bought):
    """Before the due time a blank form is no finding, so the answer itself has to name it."""
    town.mail("a.xlsx", town.book(bought[0], "1"))
    answers = town.answers(town.settle(as_of=NOON + timedelta(hours=2)))
    assert f"ยังรอรับข้อมูลของแบบ: {FORM_TITLE} (11 เดือน) โปรดกรอก" in answers["02-1.txt"]
    assert "ภายในวันศุกร์ที่ 6 ตุลาคม 2566" in answers["02-1.txt"]
    assert "ไม่ต้องดำเนินการ" not in answers["02-1.txt"]


def test_the_page_of_the_drafts_lists_the_parts_templates(town):
    make_templates(town.plan, town.out, None, mail=True)
    page = (town.out / "index.html").read_text("utf-8")
    for name in ("02", "02.1", "02.2"):
        assert all(f'href="{name}.{kind}"' in page for kind in ("txt", "eml", "xlsx"))
    assert f"mailto:{REVENUE}?" in page


def test_what_no_part_reports_is_the_divisions_own(town, bought, plan_12):
    filled = {"internal_control": [{"risk_description": "(ตัวอย่าง)"}]}
    own = workbook_for(town.plan.division("02"), town.plan, filled)
    town.mail("own.xlsx", own)
    town.mail("a.xlsx", town.book(bought[0], "1"))
    settled = town.settle()
    assert fates(settled) == {"own.xlsx": "accepted", "a.xlsx": "accepted"}
    assert "no-part" not in codes(settled)


@pytest.mark.parametrize(
    ("told", "code", "key"),
    [
        (PARTS.replace('code = "2"', 'code = "1"'), "plan-twice", "divisions[2].parts[2].code"),
        (PARTS.replace("ฝ่ายพัฒนารายได้", "ฝ่าย พัสดุ"), "plan-twice", "divisions[2].parts[2].name"),
        (
            PARTS.replace('"procurement"', '"measure_progress"'),
            "plan-wrong-value",
            "divisions[2].parts[1].forms",
        ),
        (PARTS.replace("senders", "sender"), "plan-unknown-key", "divisions[2].parts[1].sender"),
    ],
)
def test_a_part_that_cannot_be_is_refused_by_its_key(town, told, code, key):
    with pytest.raises(PipelineError) as error:
        town.parts(told)
    assert (error.value.code, error.value.params["key"]) == (code, key)


def test_the_rows_of_the_round_before_stand_in_the_part_that_sent_them(town, bought):
    town.mail("a.xlsx", town.book(bought[0], "1"))
    town.mail("b.xlsx", town.book(bought[1], "2"))
    earlier = town.settle()
    later = replace(town.plan, folder=town.folder.parent / "later")
    paths = [*templates(later, town.out, earlier, "02").values()]
    held = {
        path.name: [row[0] for row in openpyxl.load_workbook(path)["จัดซื้อจัดจ้าง"].values].count(
            "พฤษภาคม 2566"
        )
        for path in paths[1:]
    }
    assert held == {"02.1.xlsx": 2, "02.2.xlsx": 2}


def test_the_report_of_parts_agrees_with_libreoffice(town, bought):
    office.require_office()
    town.mail("a.xlsx", town.book(bought[0], "1"))
    town.mail("b.xlsx", town.book(bought[1], "2"))
    made = run(town.plan, town.out)
    book = openpyxl.load_workbook(made.path.with_name("report.xlsx"), read_only=True)
    texts = {cell for row in book["ทะเบียนไฟล์ที่ได้รับ"].values for cell in row}
    assert {"กองคลัง ฝ่ายพัสดุ", "กองคลัง ฝ่ายพัฒนารายได้"} <= texts
    counted, differing = office.differences(made.path.with_name("report.xlsx"))
    assert differing == []
    assert counted > 500


# --- what goes back -----------------------------------------------------------------------------------


def test_a_newer_file_of_which_less_is_taken_in_says_so_first(town, bought):
    without_parts(town)
    rows = [*bought[0], *bought[1]]
    worse = [
        rows[0],
        *({k: v for k, v in row.items() if k != "budget_satang"} for row in rows[1:3]),
    ]
    town.mail("a.xlsx", town.book(rows))
    town.mail("b.xlsx", town.book(worse))
    settled = town.settle()
    (finding,) = [f for f in settled.findings if f.code == "fewer-rows"]
    counts = {key: finding.params[key] for key in ("before", "now", "fewer", "before_file")}
    assert counts == {"before": "4", "now": "1", "fewer": "3", "before_file": "a.xlsx"}
    answer = town.answers(settled)["02-2.txt"]
    assert "ไฟล์ฉบับใหม่นำเข้าได้น้อยกว่าฉบับก่อน 3 แถว" in answer.splitlines()[0]
    assert "ฉบับก่อน (a.xlsx) นำเข้าได้ 4 แถว ฉบับใหม่นำเข้าได้ 1 แถว" in answer
    assert len(worse_versions(settled, "th")) == 1


def test_a_newer_file_is_measured_by_what_could_be_used_of_the_older(town, bought):
    """Rows that were held back before are no loss, nor are rows of other months a gain."""
    without_parts(town)
    rows = [*bought[0], *bought[1]]
    broken = [
        rows[0],
        *({k: v for k, v in row.items() if k != "budget_satang"} for row in rows[1:]),
    ]
    town.mail("a.xlsx", town.book(broken))
    town.mail("b.xlsx", town.book(rows[:2]))
    assert "fewer-rows" not in codes(town.settle())
    june = [row | {"report_month": date(2023, 6, 1), "contract_date": None} for row in rows]
    town.mail("c.xlsx", town.book([rows[0], *june]))
    (finding,) = [f for f in town.settle().findings if f.code == "fewer-rows"]
    assert finding.params["fewer"] == "1"


def test_who_used_another_rounds_template_gets_this_rounds(town, bought, plan_06):
    town.mail("old.xlsx", town.book([], plan=plan_06))
    settled = town.settle()
    (sent,) = settled.submissions
    assert (sent.outcome, sent.reason) == (Outcome.REFUSED, "other-round")
    said = town.answers(settled)["02-1.txt"]
    folder = town.out / "replies"
    issued = (folder / "02-1.template.xlsx").read_bytes()
    assert issued == templates(town.plan, town.out, None, "02")["02", ""].read_bytes()
    assert "“แบบรายงาน กองคลัง รอบ 2566-12.xlsx” คือแบบฟอร์มของรอบนี้" in said
    assert "กรุณากรอกในแบบฟอร์มของรอบนี้ที่แนบมา" in said
    assert "ไฟล์เดิมของท่าน" not in said
    assert "02-1.template.xlsx" in (folder / "index.html").read_text("utf-8")
    from email import message_from_bytes, policy

    made = message_from_bytes((folder / "02-1.eml").read_bytes(), policy=policy.default)
    (attached,) = made.iter_attachments()
    assert attached.get_filename() == "แบบรายงาน กองคลัง รอบ 2566-12.xlsx"
    assert attached.get_content() == issued


def test_what_was_filled_into_another_rounds_template_stands_in_this_rounds(town, bought, plan_06):
    without_parts(town)
    april = bought[0][0] | {"report_month": date(2022, 4, 1)}
    town.mail("old.xlsx", town.book([*bought[0], april], plan=plan_06))
    town.answers(town.settle())
    town.mail("new.xlsx", (town.out / "replies" / "02-1.template.xlsx").read_bytes())
    assert items_in(town.settle()) == sorted(row["contract_no"] for row in bought[0])


def test_a_file_without_a_form_sends_nothing_back_but_brings_the_template(town):
    book = openpyxl.Workbook()
    book.active.append(["รายชื่อโทรศัพท์", "กองคลัง"])
    book.save(town.out.parent / "list.xlsx")
    town.mail("list.xlsx", (town.out.parent / "list.xlsx").read_bytes())
    settled = town.settle()
    assert [each.reason for each in settled.submissions] == ["no-form-recognised"]
    assert ObligationState.REFUSED not in {each.state for each in settled.obligation_statuses}
    assert "กรุณากรอกในแบบฟอร์มของรอบนี้ที่แนบมา" in town.answers(settled)["02-1.txt"]
    assert (town.out / "replies" / "02-1.template.xlsx").is_file()


def test_a_receipt_bears_the_head_of_the_register_that_every_later_one_holds(town, bought):
    town.mail("a.xlsx", town.book(bought[0], "1"))
    settled = town.settle()
    head = register_sha256(settled)
    said = town.answers(settled)["02-1.txt"].splitlines()
    assert said[-2].endswith(head)
    assert said[-1].startswith("SHA-256")
    town.mail("b.xlsx", town.book(bought[1], "2"))
    later = town.settle()
    assert register_sha256(later) != head
    assert head in chained(later.submissions)
    assert json.loads(json.dumps(run_json(later, {})))["files"][0]["chain_sha256"] == head


def test_a_row_is_traced_to_the_part_that_sent_it(town, bought):
    town.mail("a.xlsx", town.book(bought[0], "1"))
    town.mail("b.xlsx", town.book(bought[1], "2"))
    rows = SourceRows(town.settle(), {}).of(FORM, range(4), "budget_satang")
    found = {row.file: row.division for row in rows}
    assert found == {"a.xlsx": "กองคลัง ฝ่ายพัสดุ", "b.xlsx": "กองคลัง ฝ่ายพัฒนารายได้"}


def test_a_cell_of_a_file_that_waits_is_traced_to_what_it_waits_for(split):
    found = follow("b.xlsx", ("จัดซื้อจัดจ้าง", "C5"), split.settle(), "th")
    assert found.row is None
    assert any("ไม่มีรายการใดตรงกันเลย" in line for line in found.why)
