"""The clerk's guide: one printed page a form, with all that the form itself says."""

import io
import re
import unicodedata
from dataclasses import replace
from email.message import EmailMessage

import openpyxl
import pytest

from pipeline.collect import collect
from pipeline.commands.dictionary import write_guide
from pipeline.intake import intake
from pipeline.template.guide import guide, guide_forms
from schemas import forms
from schemas.kit.columns import Filled
from tests.support import office

A4 = 9


@pytest.fixture(scope="module")
def book(plan_12):
    return openpyxl.load_workbook(io.BytesIO(guide(plan_12)))


def texts_of(sheet):
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def squeezed(text):
    return "".join(text.split())


def letters(text):
    """Without blanks, and without the marks above and below, whose order a PDF does not keep."""
    return "".join(sign for sign in squeezed(text) if unicodedata.category(sign) != "Mn")


def test_every_form_that_somebody_owes_has_a_sheet_set_up_as_one_page(book, plan_12, plan_06):
    owed = {name for division in plan_12.divisions for name in division.forms}
    asked = [form for form in plan_12.forms if form.is_cover or form.name in owed]
    assert book.sheetnames == [f"คู่มือ {form.about.sheet}" for form in asked]
    for sheet in book:
        setup = sheet.page_setup
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert {setup.fitToWidth, setup.fitToHeight} <= {
            None,
            1,
        }  # None is 1, 0 as many as it takes
        assert (int(setup.paperSize), setup.orientation) == (A4, "portrait")
    in_april = {form.name for form in guide_forms(plan_06)}
    assert {form.name for form in asked} - in_april == {"internal_control"}


def test_each_column_says_what_to_write_with_its_choices_and_example(book, plan_12):
    for form in guide_forms(plan_12):
        rows = {
            squeezed(str(row[0].value)): [cell.value or "" for cell in row]
            for row in book[f"คู่มือ {form.about.sheet}"].iter_rows()
            if row[0].value
        }
        for column in (*form.labelled_columns, *form.table_columns):
            _, demand, what, example = rows[squeezed(column.th)]
            assert demand
            if column.filled in (Filled.TYPED, Filled.EARLIER):
                assert example == column.example
                assert what
                assert all(choice in what for choice in column.choices)
                assert demand.startswith("ต้องกรอก") == bool(column.required or column.required_if)


def test_each_rule_is_a_common_fault_with_its_own_examples(book, plan_12):
    for form in guide_forms(plan_12):
        texts = texts_of(book[f"คู่มือ {form.about.sheet}"])
        for rule in form.rules:
            at = texts.index(form.named(rule.th, "th"))
            wrong, right = texts[at + 1], texts[at + 2]
            assert all(text in wrong for text in rule.breaks.values())
            assert all(text in right for text in rule.holds.values())
        assert ("สิ่งที่มักพบ" in texts) == bool(form.rules)


def test_it_says_what_for_who_when_and_what_to_do_where_there_is_nothing(book):
    texts = "\n".join(texts_of(book["คู่มือ จัดซื้อจัดจ้าง"]))
    assert "มาตรการที่ 5" in texts
    assert "ผู้ส่ง: กองคลัง\n" in texts
    assert "ภายในวันศุกร์ที่ 6 ตุลาคม 2566 เวลา 16.30 น. · ครบทุกเดือนของรอบ" in texts
    assert "เดือนใดไม่มีรายการจริง: ใส่ ✓" in texts
    progress = "\n".join(texts_of(book["คู่มือ ผลตามมาตรการ"]))
    assert "ผู้ส่ง: ทุกหน่วยงาน, ศูนย์รับเรื่องราวร้องทุกข์\n" in progress
    assert re.search(r"มาตรการที่ 6: กองการเจ้าหน้าที่ ส่งภายในวันอังคารที่ 10 ตุลาคม 2566", progress)
    assert "ต้องรายงานทุกแถว" in progress
    assert "ส่งเฉพาะรอบ 12 เดือน" in "\n".join(texts_of(book["คู่มือ ปค.5 ควบคุมภายใน"]))
    assert "ไม่มีรายการจริง: ใส่ ✓" in "\n".join(texts_of(book["คู่มือ No Gift Policy"]))


@pytest.mark.office
def test_it_prints_one_page_a_form_with_no_text_cut(plan_12, tmp_path):
    office.require_office()
    path = tmp_path / "คู่มือ" / "guide.xlsx"
    count = write_guide(plan_12, path)
    pages = office.page_texts(path, tmp_path / "pdf")
    forms = guide_forms(plan_12)
    assert len(pages) == len(forms) == count
    for form, page in zip(forms, pages, strict=True):
        assert letters(form.about.title) in letters(page)
    low = [at for at, (has, needs) in office.optimal_heights(path).items() if has < needs - 0.5]
    assert low == []


def test_the_same_round_gives_the_same_bytes(plan_12):
    assert guide(plan_12) == guide(plan_12)


def test_the_guide_sent_back_by_mistake_is_told_in_one_sentence(plan_12, tmp_path):
    mail = EmailMessage()
    mail["From"], mail["Date"] = "finance@chachoengsao.example", "Thu, 05 Oct 2023 09:00:00 +0700"
    mail["Message-ID"] = "<guide@chachoengsao.example>"
    mail.add_attachment(guide(plan_12), "application", "octet-stream", filename="guide.xlsx")
    (tmp_path / "received").mkdir()
    (tmp_path / "received" / "a.eml").write_bytes(mail.as_bytes())
    plan = replace(plan_12, folder=tmp_path, earlier=None)
    (sent,) = intake(collect(plan), plan)
    assert (sent.division, sent.outcome, sent.reason) == ("02", "refused", "no-form-recognised")
    assert len(sent.findings) == 1


@pytest.mark.parametrize(
    ("example", "later"),
    [
        ("15/11/2565", "15/11/2569"),
        ("ตุลาคม 2565", "ตุลาคม 2569"),
        ("1/2566", "1/2570"),
        ("65117000001", "65117000001"),
        ("0992566001231", "0992566001231"),
    ],
)
def test_examples_speak_of_the_year_that_is_asked_for(example, later):
    column = replace(next(iter(forms()[0].columns)), example=example)
    assert column.example_in(2570) == later
    assert column.example_in(2566) == example
