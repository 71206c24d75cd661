"""The order of accusation: each cell accused once, and only errors silence what looks at them."""

from dataclasses import replace

import pytest

from pipeline.messages import finding_sentence
from pipeline.model import Finding, Severity
from pipeline.validate import judge
from schemas import forms
from tests.support.builders import CONTEXT, table

BY_NAME = {form.name: form for form in forms()}


def codes(form_name, *rows, unreadable=()):
    made = table(BY_NAME[form_name], rows)
    found = judge(made, CONTEXT, unreadable)
    return [(f.code, f.cell.address, f.severity) for f in found]


def test_a_sound_row_has_no_finding():
    for form in BY_NAME.values():
        assert judge(table(form, [{}]), CONTEXT) == [], form.name


def test_a_blank_status_is_a_warning_and_still_counts():
    (finding,) = codes("project_register", {"project_status": "", "result_text": ""})
    assert finding[0] == "required"
    assert finding[2] is Severity.WARNING


def test_required_if_needs_its_cell_only_under_its_condition():
    done = codes("project_register", {"result_text": ""})
    waits = codes("project_register", {"project_status": "อยู่ระหว่างดำเนินการ", "result_text": ""})
    assert [code for code, *_ in done] == ["required-if"]
    assert waits == []


def test_an_error_silences_the_rules_that_look_at_its_cell():
    broken = {"received_count": "-1", "finished_count": "9"}
    assert [code for code, *_ in codes("complaint_statistics", broken)] == ["below-minimum"]


def test_a_warning_silences_nothing():
    row = {"egp_project_no": "12", "reference_price_satang": "11,000"}
    assert sorted(code for code, *_ in codes("procurement", row)) == ["PRC-02", "pattern"]


def test_later_twins_of_a_key_are_blamed_and_the_first_named():
    made = table(BY_NAME["project_register"], [{}, {"project_name": "อื่น"}, {"project_no": "02"}])
    (finding,) = judge(made, CONTEXT)
    assert (finding.code, finding.severity) == ("duplicate-key", Severity.ERROR)
    assert finding.cell.row == 6
    assert finding.params["first"] == made.cell(0, "project_no").address


def test_two_faults_in_one_row_are_two_findings_at_their_cells():
    row = {"headcount": "", "circulated_date": "1/3/2566"}
    assert [code for code, *_ in codes("ethics_acknowledgement", row)] == ["required", "ETH-02"]


@pytest.mark.parametrize("day, told", [("1/10/2565", []), ("1/10/2566", ["outside-period"])])
def test_a_day_outside_the_round_is_told(day, told):
    assert [code for code, *_ in codes("activity_evidence", {"activity_date": day})] == told


def test_a_number_above_the_greatest_is_told():
    found = codes("activity_evidence", {"measure_no": "11"})
    assert [code for code, *_ in found] == ["above-maximum"]


def test_a_rule_switched_off_is_silent():
    made = table(BY_NAME["procurement"], [{"winner_tin": "0993500000013"}])
    assert [f.code for f in judge(made, CONTEXT)] == ["PRC-05"]
    assert judge(made, CONTEXT, off=("PRC-05",)) == []


def test_a_column_that_is_not_there_accuses_no_row():
    """Its missing heading is told once; a clerk cannot fill in what her sheet does not have."""
    form = BY_NAME["activity_evidence"]
    whole = table(form, [{"activity_name": "", "evidence_type": "หนังสือ/คำสั่ง", "document_no": ""}])
    assert {f.column for f in judge(whole, CONTEXT)} == {"activity_name", "document_no"}
    places = {
        key: {
            name: at for name, at in found.items() if name not in ("activity_name", "document_no")
        }
        for key, found in whole.positions.items()
    }
    assert judge(replace(whole, positions=places), CONTEXT) == []


@pytest.mark.parametrize(
    "form, row, th, en",
    [
        ("activity_evidence", {"activity_date": "1/10/2566"}, "1 ต.ค. 2565 ถึง 30 ก.ย. 2566", "2022-10-01 to 2023-09-30"),
        ("procurement", {"report_month": "ต.ค. 66", "contract_date": ""}, "ตุลาคม 2565 ถึง กันยายน 2566", "2022-10 to 2023-09"),
        ("procurement", {"budget_satang": "-1", "agreed_price_satang": "-"}, "0.00 บาท", "0.00 baht"),
        ("procurement", {"reference_price_satang": "11000"}, "(11,000.00 บาท)", "(11,000.00 baht)"),
        ("ethics_acknowledgement", {"circulated_date": "1/3/66"}, "(16 มี.ค. 2566)", "(2023-03-16)"),
        ("measure_progress", {"progress_status": "ดำเนินการแล้ว", "result_summary": ""}, "“ดำเนินการแล้วเสร็จ”", "“ดำเนินการแล้วเสร็จ”"),
    ],
)  # fmt: skip
def test_a_sentence_gives_days_in_the_buddhist_era_and_amounts_in_baht(form, row, th, en):
    found = judge(table(BY_NAME[form], [row]), CONTEXT)
    said = {lang: [finding_sentence(f, lang, forms()) for f in found] for lang in ("th", "en")}
    assert any(th in sentence for sentence in said["th"]), said
    assert any(en in sentence for sentence in said["en"]), said


ABOVE = {"agreed_price_satang": "", "reference_price_satang": "11,999.99"}


def test_a_price_that_cannot_be_read_is_not_judged_by_the_one_that_fills_it():
    """The winner's cell says a price too, but nobody knows what the price's own cell was to say."""
    made = table(BY_NAME["procurement"], [ABOVE])
    assert [f.code for f in judge(made, CONTEXT)] == ["PRC-02"]
    cell = made.cell(0, "agreed_price_satang")
    unread = Finding(
        "uncalculated-formula",
        Severity.ERROR,
        cell=cell,
        form="procurement",
        index=0,
        column="agreed_price_satang",
    )
    assert judge(made, CONTEXT, [unread]) == []


def test_a_price_that_another_cell_says_is_judged_though_its_own_column_is_not_there():
    made = table(BY_NAME["procurement"], [ABOVE])
    places = {
        sheet: {name: at for name, at in found.items() if name != "agreed_price_satang"}
        for sheet, found in made.positions.items()
    }
    assert [f.code for f in judge(replace(made, positions=places), CONTEXT)] == ["PRC-02"]
