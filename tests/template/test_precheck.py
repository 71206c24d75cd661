"""The sheet a clerk looks at before she sends: it says what the pipeline will say of her workbook.

Random rows are typed into each form's sheet; LibreOffice computes every check of every row, one run
a form, and the pipeline reads and judges the same file.
"""

import io
import random
from datetime import datetime

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from pipeline.intake import intake
from pipeline.model import Channel, Received, Severity
from pipeline.read import read
from pipeline.template import workbook_for
from pipeline.template.checks import checks
from pipeline.template.lines import carried_rows, lines_of, owner_of
from pipeline.template.table_places import TablePlace
from pipeline.validate import validate
from schemas import forms as all_forms
from schemas.kit.kinds import Typed
from schemas.kit.rule_formulas import Inexpressible, breaches
from tests.example.generate import filled
from tests.support import office

FORMS = {form.name: form for form in all_forms() if not form.is_cover}
LATE = {"PRC-01", "PRC-02", "PRC-03", "PRC-05", "PRC-06", "ACT-01", "MSR-01"}
ROWS = 90
TOP = 5  # the first row below the headings
# What a clerk types that the reader reads, or does not, and a formula had better leave alone.
UNSURE = {
    "money": ["๑,๒๐๐.๕๐", "1,200 บาท", "12,50", "(500)"],
    "count": ["๑๒", "1,200", "3 เรื่อง"],
    "day": ["5 ต.ค. 2565", "๕/๑๐/๒๕๖๕", "29/2/2567", "32/1/2566"],
    "month": ["1/2566", "13/2566", "2565-12"],
}


def odd_values(column, plan):
    """What may be typed into a column, right and wrong; all of it a formula is sure of."""
    match column.kind.name:
        case "money":
            return [-1, 0, 100, 100.5, 0.1 + 0.2, 12.345, "บาท", "-", "ไม่มี", "– –"]
        case "count":
            return [-1, 0, 1, 3, 12, 2.5, "ครั้ง", "-", "ไม่มี"]
        case "day":
            inside, outside = datetime(2023, 3, 5), datetime(2024, 3, 5)
            return [
                inside,
                outside,
                datetime(2566, 3, 31),
                datetime(1965, 1, 1),
                datetime(1907, 1, 8),
                "วันนี้",
                "-",
            ]
        case "month":
            return ["ตุลาคม 2565", "ต.ค. 65", "กันยายน", datetime(2565, 12, 9), "เดือนหน้า", "-"]
        case "division":
            return ["กองคลัง", "สำนักปลัด", "07", "กองอื่น", "-"]
        case "tick":
            return ["✓", "x", "/", "ใช่", "ไม่ใช่", "-", True, "ถูก"]
        case "choice":
            spelt = [*column.choices, *column.also, f" {column.choices[0]} "]
            return [*spelt, column.choices[-1].replace(" ", "\u00a0"), "อย่างอื่นอีก", "-"]
        case "code":
            return ["01", "02", "-", "ทดสอบ"]
    return ["ข้อความ", "  ", "อีกข้อความ"]


def typed_example(form, changes, plan):
    """The form's example with changes, as cells of a workbook."""
    texts = {c.name: c.example for c in form.table_columns} | dict(changes)
    row = {}
    for column in form.table_columns:
        if texts[column.name]:
            value = column.read(Typed("text", texts[column.name]), plan.context).value
            row[column.name] = None if value is None else column.kind.typed(value, plan.context)
    return row


def random_rows(form, plan, chance, values):
    """The example and what breaks and keeps each rule, with cells changed here and there."""
    bases = [{}, *(each for rule in form.rules for each in (rule.breaks, rule.holds))]
    rows = [typed_example(form, changes, plan) for changes in bases]
    while len(rows) < ROWS:
        row = dict(chance.choice(rows[: len(bases)]))
        for column in chance.sample(form.table_columns, chance.randint(1, 4)):
            row[column.name] = chance.choice([None, *values(column)])
        rows.append(row)
    return rows


def place_of(form, plan):
    division = next(d for d in plan.divisions if form.name in d.forms)
    lines = lines_of(form, owner_of(division, plan), ())
    return division, TablePlace(form, TOP - 2, 0, tuple(lines), plan)


def judged(form, plan, rows, path):
    """For each row and defined name whether the formula accuses it; and the pipeline's findings."""
    division, place = place_of(form, plan)
    book = openpyxl.load_workbook(io.BytesIO(workbook_for(division, plan)))
    sheet, parity = book[form.about.sheet], book.create_sheet("parity")
    for number, row in enumerate(rows):
        for position, column in enumerate(form.table_columns, 1):
            sheet.cell(TOP + number, position).value = row.get(column.name)
    for extra in range(TOP + len(rows), sheet.max_row + 1):
        for position in range(1, len(form.table_columns) + 1):
            sheet.cell(extra, position).value = None
    names = [count.name for check in checks(place) for count in check.counts if count]
    names = [name for name in names if name in book.defined_names and not on_cover(name)]
    for position, name in enumerate(names, 1):
        cells = (
            f"{parity.cell(1, position).coordinate}:{parity.cell(len(rows), position).coordinate}"
        )
        first = cells.split(":", maxsplit=1)[0]
        parity[first] = ArrayFormula(cells, f"=1*{name}")
    book.save(path)
    found = office.recalculate(path)
    accused = {
        name: [
            bool(found.get(("parity", parity.cell(n + 1, p).coordinate))) for n in range(len(rows))
        ]
        for p, name in enumerate(names, 1)
    }
    wrong = [v for k, v in found.items() if k[0] == "parity" and isinstance(v, office.ErrorValue)]
    assert wrong == []
    data = path.read_bytes()
    received = Received("a.xlsx", data, "0", Channel.LOOSE, None, division.name, path)
    reading = validate(read(intake([received], plan), plan), plan)
    return accused, [f for f in reading.findings if f.form == form.name and f.cell]


def on_cover(name):
    return name.endswith((".nothing", ".both"))


def expected(form, name, findings):
    """The rows that the pipeline accuses of what a defined name accuses them of."""
    _, *rest = name.split(".")
    codes = {rule.code.replace("-", "_"): rule.code for rule in form.rules}
    if rest[0] in codes:
        return {f.cell.row for f in findings if f.code == codes[rest[0]]}
    if rest[0] == "twins":
        return {f.cell.row for f in findings if f.code == "duplicate-key"}
    column, sort = rest
    mine = [f for f in findings if f.column == column and f.code not in codes.values()]
    blank = ("required", "required-if")
    others = (*blank, "pattern", "duplicate-key")
    chosen = blank if sort == "unfilled" else None
    return {f.cell.row for f in mine if (f.code in chosen if chosen else f.code not in others)}


def looked_at(form, name):
    """The columns that a check looks at."""
    part = name.split(".")[1]
    for rule in form.rules:
        if rule.code.replace("-", "_") == part:
            return set(rule.looked_at)
    column = form.column(part) if part != "twins" else None
    return {part, (column.required_if or ("",))[0]} if column else set(form.about.key)


def silenced(form, name, findings, row):
    """Whether the pipeline holds its peace because an error stands in a cell it would look at."""
    grave = {f.column for f in findings if f.severity is Severity.ERROR and f.cell.row == row}
    return bool(grave & looked_at(form, name))


@pytest.mark.office
@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.name)
def test_libreoffice_accuses_the_rows_that_the_pipeline_accuses(form, plan_12, tmp_path):
    office.require_office()
    chance = random.Random(form.name)
    sure = random_rows(form, plan_12, chance, lambda column: odd_values(column, plan_12))
    rest = random_rows(
        form, plan_12, chance, lambda c: [*odd_values(c, plan_12), *UNSURE.get(c.kind.name, []) * 2]
    )
    accused, findings = judged(form, plan_12, sure + rest, tmp_path / "a.xlsx")
    differing = []
    for name, rows in accused.items():
        told = expected(form, name, findings)
        for number, says in enumerate(rows):
            row = TOP + number
            unjust = says and row not in told and not silenced(form, name, findings, row)
            missed = row in told and not says and number < len(sure)
            if unjust or missed:
                found = [(f.code, f.column) for f in findings if f.cell.row == row]
                differing.append((name, says, (sure + rest)[number], found))
    assert differing == []
    for rule in form.rules:
        name = f"{form.name}.{rule.code.replace('-', '_')}"
        if name in accused:
            assert set(accused[name]) == {True, False}, name


def test_what_no_formula_can_say_is_known(plan_12):
    late = set()
    for form in FORMS.values():
        rows = place_of(form, plan_12)[1].rows
        for rule in form.rules:
            try:
                breaches(rows, rule, plan_12.context)
            except Inexpressible:
                late.add(rule.code)
    assert late == LATE


# --- the sheet itself ---------------------------------------------------------------------------

SHEET = "ตรวจก่อนส่ง"
WHOLE = 6  # the row that counts the whole file


def counted(values, row=WHOLE):
    """The three counts of a row: not filled in, not right, please check."""
    return [int(values.get((SHEET, f"{column}{row}"), 0)) for column in "CDE"]


def row_of(values, sheet):
    """The row that sums up a form."""
    rows = (cell for (name, cell), value in values.items() if name == SHEET and value == sheet)
    return min(int(cell[1:]) for cell in rows if cell.startswith("A"))


@pytest.fixture(scope="module")
def computed(plan_06, settled_06, plan_12, tmp_path_factory):
    """Workbooks blank, carried over and filled in: what they say at first, and once computed."""
    office.require_office()
    folder, found = tmp_path_factory.mktemp("computed"), {}
    carried = carried_rows(settled_06, plan_12)
    made = {f"blank {code}": (code, plan_06, None) for code in ("01", "02", "08", "90")}
    made |= {f"carried {code}": (code, plan_12, carried[(code, "")]) for code in ("02", "07")}
    for code in ("02", "90"):
        made[f"filled {code}"] = (code, plan_12, filled(plan_12.division(code), plan_12))
    for name, (code, plan, rows) in made.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(workbook_for(plan.division(code), plan, rows))
        book, formulas = openpyxl.load_workbook(path, data_only=True), openpyxl.load_workbook(path)
        cells = [
            (s.title, c.coordinate) for s in formulas for r in s for c in r if c.data_type == "f"
        ]
        cached = {(s, cell): book[s][cell].value for s, cell in cells}
        found[name] = (cached, office.recalculate(path), path)
    return found


@pytest.mark.office
def test_what_protected_view_shows_is_what_excel_will_compute(computed):
    for name, (cached, values, _) in computed.items():
        assert len(cached) > 100
        assert [k for k, v in cached.items() if (v or 0) != (values.get(k) or 0)] == [], name


@pytest.mark.office
def test_a_blank_workbook_is_unfilled_and_not_wrong(computed):
    for name, (_, values, _) in computed.items():
        unfilled, wrong, look = counted(values)
        assert (wrong, look) == (0, 0), name
        assert name.startswith("filled") or unfilled > 2, name
    assert counted(computed["filled 02"][1])[0] == 1  # a purchase without its contract's date
    assert computed["filled 90"][1][SHEET, f"B{WHOLE}"] == "พร้อมส่ง"
    assert computed["blank 90"][1][SHEET, f"B{WHOLE}"] == "ยังไม่ได้กรอก"


@pytest.mark.office
def test_a_fault_is_counted_and_led_to(computed, plan_12, tmp_path):
    path = computed["carried 02"][2]
    book = openpyxl.load_workbook(path)
    sheet = book["จัดซื้อจัดจ้าง"]
    last = max(cell.row for cell in sheet["C"] if cell.value)
    sheet.cell(last, 4).value = -5
    sheet.cell(last + 1, 3).value = "งานใหม่ที่ยังกรอกไม่ครบ"
    book.save(tmp_path / "a.xlsx")
    before, values = computed["carried 02"][1], office.recalculate(tmp_path / "a.xlsx")
    row = row_of(values, "จัดซื้อจัดจ้าง")
    assert values[SHEET, f"B{row}"] == "ไม่ถูกต้อง"
    blank, wrong, _ = counted(values, row)
    needed = [c for c in plan_12.form("procurement").table_columns if c.required is not None]
    assert blank - counted(before, row)[0] == len(needed) - 1
    assert wrong == 1
    assert f"ไปที่ D{last}" in values.values()


@pytest.mark.office
def test_a_tick_on_the_cover_answers_for_a_form_and_for_a_month(computed, plan_06, tmp_path):
    code = "90"
    ticks = [
        {"form_sheet": "เรื่องร้องเรียน", "report_month": month, "is_nil": "✓"}
        for month in plan_06.round.months_list
    ]
    blank = computed["blank 90"][1]
    left = []
    for number in (1, 6):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(
            workbook_for(plan_06.division(code), plan_06, {"cover": [{}, *ticks[:number]]})
        )
        values = office.recalculate(path)
        left.append(counted(values, row_of(values, "เรื่องร้องเรียน"))[0])
    whole = counted(blank, row_of(blank, "เรื่องร้องเรียน"))[0]
    assert left[1] == 0
    assert 0 < left[0] < whole


@pytest.mark.office
def test_the_sheet_is_ours_and_no_content(computed, plan_12):
    """Also where another program has saved it without the values of its formulas."""
    path = computed["filled 02"][2]
    book = openpyxl.load_workbook(path)
    saved = path.with_name("saved.xlsx")
    book.save(saved)
    for each in (path, saved):
        data = each.read_bytes()
        received = Received("a.xlsx", data, "0", Channel.LOOSE, None, "กองคลัง", each)
        reading = read(intake([received], plan_12), plan_12)
        assert [f.code for f in reading.findings if f.sheet == SHEET] == []
        assert [each for each in reading.hidden if each.sheet == SHEET] == []
        assert {"unknown-sheet", "second-sheet"}.isdisjoint(f.code for f in reading.findings)
        assert [s.outcome for s in reading.submissions] == ["accepted"]
