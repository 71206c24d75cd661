"""The divisions' workbooks: what is in them, what LibreOffice leaves of them, how little is asked."""

import io
import os
import subprocess
import sys

import openpyxl
import pytest

from pipeline.commands.check import check_files
from pipeline.template import workbook_for
from pipeline.template.lines import carried_rows, with_rows
from pipeline.workbook.identity import marks_of
from pipeline.workbook.reader import read_cells
from schemas.kit.columns import Filled
from schemas.kit.thai.thai_text import matching_key
from tests.support import office
from tests.support.excel2010 import forbidden_functions

CODES = ("01", "02", "07", "08", "90")


@pytest.fixture(scope="module")
def carried(settled_06, plan_12):
    """What the six-month round hands on, by division."""
    return {code: rows for (code, _), rows in carried_rows(settled_06, plan_12).items()}


@pytest.fixture(scope="module")
def made(plan_12, carried):
    return {
        code: workbook_for(plan_12.division(code), plan_12, carried.get(code)) for code in CODES
    }


def lists_of(book):
    """Every drop-down: (sheet, cells) to its words, through the defined names."""
    found = {}
    for sheet in book:
        for check in sheet.data_validations.dataValidation:
            if check.type == "list":
                name = check.formula1.lstrip("=")
                target = book.defined_names[name].attr_text
                place, cells = target.rsplit("!", 1)
                column = book[place.strip("'")][cells.replace("$", "")]
                cells_of = column if isinstance(column, tuple) else ((column,),)
                words = tuple(cell.value for row in cells_of for cell in row)
                found[(sheet.title, str(check.sqref))] = words
    return found


@pytest.mark.parametrize("code", CODES)
def test_each_form_owed_has_its_sheet_with_all_its_headings(made, plan_12, code):
    book = openpyxl.load_workbook(io.BytesIO(made[code]))
    owed = set(plan_12.division(code).forms) - set(plan_12.division(code).exempt) | {"cover"}
    for form in plan_12.forms:
        assert (form.about.sheet in book.sheetnames) == (form.name in owed)
        if form.name in owed:
            texts = [c.value for row in book[form.about.sheet].iter_rows() for c in row]
            keys = {matching_key(text) for text in texts if isinstance(text, str)}
            missing = [c.name for c in form.table_columns if not c.heading_keys & keys]
            assert missing == []
    cover = book[plan_12.form("cover").about.sheet].page_setup
    assert (cover.orientation, cover.fitToHeight) == ("portrait", None)  # None is 1
    assert len(made[code]) < 60_000


@pytest.mark.parametrize("code", CODES)
def test_its_identity_is_in_its_properties_and_on_a_hidden_sheet(made, plan_12, code):
    workbook = read_cells(made[code])
    marks = marks_of(workbook)
    assert (marks.organisation, marks.division, marks.round) == (
        plan_12.organisation.code,
        code,
        "2566-12",
    )
    bare = openpyxl.load_workbook(io.BytesIO(made[code]))
    for name in list(bare.custom_doc_props.names):
        del bare.custom_doc_props[name]
    out = io.BytesIO()
    bare.save(out)
    assert marks_of(read_cells(out.getvalue())) == marks


def test_what_is_locked_is_what_is_filled_in_and_nothing_else(made, plan_12):
    book = openpyxl.load_workbook(io.BytesIO(made["07"]))
    sheet = book["ผลตามมาตรการ"]
    row = next(r for r in range(1, 10) if sheet.cell(r, 1).value == "มาตรการที่") + 1
    form = plan_12.form("measure_progress")
    for position, column in enumerate(form.table_columns, 1):
        locked = column.filled is Filled.CONFIGURED
        assert sheet.cell(row, position).protection.locked is locked, column.name
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert book._named_styles["Normal"].protection.locked is False


@pytest.mark.office
def test_libreoffice_opens_and_saves_it_without_a_loss(made, tmp_path):
    office.require_office()
    (tmp_path / "in").mkdir()
    for code in CODES:
        (tmp_path / "in" / f"{code}.xlsx").write_bytes(made[code])
    paths = [tmp_path / "in" / f"{code}.xlsx" for code in CODES]
    for path in office.convert(paths, "xlsx", tmp_path / "out"):
        before = openpyxl.load_workbook(tmp_path / "in" / path.name)
        after = openpyxl.load_workbook(path)
        assert after.sheetnames == before.sheetnames
        assert sorted(set(lists_of(after).values())) == sorted(set(lists_of(before).values()))
        assert [s.protection.sheet for s in after] == [s.protection.sheet for s in before]
        hidden = [s.title for s in after if s.sheet_state != "visible"]
        assert hidden == [s.title for s in before if s.sheet_state != "visible"]
        code = path.stem
        assert marks_of(read_cells(path.read_bytes())) == marks_of(read_cells(made[code]))


def test_every_drop_down_offers_just_the_forms_choices(made, plan_12):
    book = openpyxl.load_workbook(io.BytesIO(made["01"]))
    offered = {sheet: set() for sheet in book.sheetnames}
    for (sheet, _), words in lists_of(book).items():
        offered[sheet].add(words)
    for form in plan_12.forms:
        for column in form.table_columns if form.about.sheet in offered else ():
            typed = column.filled in (Filled.TYPED, Filled.EARLIER)
            if column.choices and typed:
                assert column.choices in offered[form.about.sheet], column.name


@pytest.mark.office
def test_formulas_show_their_values_and_are_known_to_excel_2010(made, plan_12, tmp_path):
    office.require_office()
    path = tmp_path / "90.xlsx"
    path.write_bytes(made["90"])
    assert forbidden_functions(path) == set()
    computed = office.recalculate(path)
    formulas, cached = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    seen = 0
    for sheet in formulas:
        for cell in (c for row in sheet.iter_rows() for c in row if c.data_type == "f"):
            seen += 1
            kept = cached[sheet.title][cell.coordinate].value
            assert (kept or 0) == (computed.get((sheet.title, cell.coordinate)) or 0)
    assert seen > 50


@pytest.mark.office
def test_no_row_that_is_filled_in_is_lower_than_its_text(made, tmp_path):
    office.require_office()
    for code in ("02", "90"):
        path = tmp_path / f"{code}.xlsx"
        path.write_bytes(made[code])
        book = openpyxl.load_workbook(path)
        low = [
            (sheet, row, heights)
            for (sheet, row), heights in office.optimal_heights(path).items()
            if heights[0] < heights[1] - 0.5 and any(c.value is not None for c in book[sheet][row])
        ]
        assert low == []


def test_a_small_division_types_little(plan_06, plan_12):
    """Required cells that are not prefilled, with 8 manuals, 3 risks and 3 activities."""
    rows = {"service_manual": 8, "internal_control": 3, "activity_evidence": 3}
    for plan, most in ((plan_12, 50), (plan_06, 35)):
        cells = 3
        for name in ("measure_progress", "service_manual", "internal_control", "activity_evidence"):
            form = plan.form(name)
            if plan.round.months not in form.about.rounds:
                continue
            typed = [c for c in form.typed_columns(prefilled=True) if not c.labelled]
            asked = sum(bool(c.required) for c in typed)
            asked += 3 if name == "measure_progress" else 0
            cells += asked * rows.get(name, 3)
        assert cells <= most, (plan.name, cells)


def test_the_same_bytes_in_another_process(plan_12, root, tmp_path):
    script = (
        "import sys, hashlib; from pathlib import Path; from schemas import forms;"
        "from pipeline.plan import load_plan; from pipeline.template import workbook_for;"
        "p = load_plan(Path(sys.argv[1]), forms());"
        "print(hashlib.sha256(workbook_for(p.division('02'), p)).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script, str(plan_12.folder)],
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
            cwd=tmp_path,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert len(digests) == 1


def test_a_month_typed_without_its_year_is_asked_about_where_no_round_tells_it(plan_06, tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(workbook_for(plan_06.division("02"), plan_06)))
    sheet = book[plan_06.form("procurement").about.sheet]
    row = next(r for r in range(1, 10) if sheet.cell(r, 2).value == "ลำดับที่") + 1
    sheet.cell(row, 1, "ตุลาคม")
    book.save(tmp_path / "alone.xlsx")
    checked = check_files([tmp_path / "alone.xlsx"], tmp_path, None, plan_06.forms)
    assert "unreadable-month-without-year" in [f.code for f in checked.findings]
    assert checked.exit_code == 1


def test_what_attests_is_blank_in_a_row_that_is_handed_on(made, plan_12, carried, settled_06):
    """The manual stands there; that it is still right is for this round's clerk to say."""
    form = plan_12.form("service_manual")
    (attesting,) = [column for column in form.columns if column.attests]
    assert set(settled_06.tables[form.name].frame[attesting.name]) == {"✓"}
    sheet = openpyxl.load_workbook(io.BytesIO(made["07"]))[form.about.sheet]
    texts = [[cell.value for cell in row] for row in sheet.iter_rows()]
    heads = next(row for row in texts if row[0] == form.table_columns[0].th)
    rows = texts[texts.index(heads) + 1 :]
    rows = [dict(zip(heads, row, strict=True)) for row in rows if row[1]]
    assert [row["ชื่อกระบวนงาน/บริการ"] for row in rows] == [
        row["service_name"] for row in carried["07"][form.name]
    ]
    assert {row[attesting.th] for row in rows} == {None}
    own = {form.name: [{"service_name": "ใหม่", "manual_type": "ผังขั้นตอน", attesting.name: "✓"}]}
    last = with_rows(carried["07"], own, plan_12)[form.name][-1]
    assert (last["service_name"], attesting.name in last) == ("ใหม่", False)
