"""The report as an auditor opens it: its sheets, names, links, heights, and text that stays text."""

import re
from dataclasses import replace
from itertools import chain, count, takewhile

import openpyxl
import pytest

from pipeline.digests import properties
from pipeline.messages import catalogue, say
from pipeline.model import CellRef, Repair
from pipeline.report import report
from schemas.kit.thai.thai_text import thai_digits
from tests.support import office

TITLE = [
    "รายงานผลการดำเนินการ",
    "เพื่อส่งเสริมคุณธรรมและความโปร่งใสภายในเทศบาลเมืองฉะเชิงเทรา",
    "ในปีงบประมาณ พ.ศ.๒๕๖๖ (รอบ ๑๒ เดือน)",
]
HEADINGS = [
    "มาตรการ/แนวทาง",
    "ขั้นตอน/วิธีการดำเนินการ",
    "หน่วยงาน\nผู้รับผิดชอบ",
    "ระยะเวลา\nดำเนินการ",
    "สรุปผลการดำเนินงาน",
    "ผลลัพธ์\n/ความสำเร็จ",
]
CHANGED = "เปลี่ยนจากรอบก่อน"
FIRST = ["ปก", "รายงาน", "ภาคผนวก", "สรุป", "แผนป้องกันการทุจริต", "จัดซื้อจัดจ้าง", "เรื่องร้องเรียน"]
FIRST += ["สถานะการส่งรายงาน", "ผลตรวจข้อมูล", "ข้อสังเกตจัดซื้อจัดจ้าง"]
LAST = ["กระทบยอด", "ทะเบียนไฟล์ที่ได้รับ", "การปรับแก้ข้อมูล", "คำอธิบายข้อมูล"]


@pytest.fixture(scope="module")
def settled(settled_12):
    return settled_12


@pytest.fixture(scope="module")
def made(settled, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.xlsx"
    report(settled, path, properties(settled))
    return path


@pytest.fixture(scope="module")
def book(made):
    return openpyxl.load_workbook(made)


@pytest.fixture(scope="module")
def messy_book(settled_messy, tmp_path_factory):
    path = tmp_path_factory.mktemp("messy") / "report.xlsx"
    report(settled_messy, path, properties(settled_messy))
    return openpyxl.load_workbook(path, data_only=True)


def texts(sheet):
    return [c.value for row in sheet.iter_rows() for c in row if isinstance(c.value, str)]


def test_the_sheets_stand_in_their_order(book):
    """That of the catalogue, in which the sheets that were promised keep theirs."""
    data = [name for name in book.sheetnames if name.startswith("ข้อมูล-")]
    listed = [say(key) for key in catalogue() if key.startswith("report.sheet.")]
    at = listed.index("ข้อมูล-{form}")
    assert book.sheetnames == [*listed[:at], *data, *listed[at + 1 :]]
    promised = [*FIRST, *data, *LAST]
    assert [name for name in book.sheetnames if name in promised] == promised


def test_title_and_headings_are_the_seeds(book):
    found = texts(book["รายงาน"])
    assert [text for text in found if text in TITLE] == TITLE
    assert [text for text in found if text in HEADINGS][:6] == HEADINGS
    assert book["รายงาน"].print_title_rows
    assert book["รายงาน"].page_setup.orientation == "landscape"


def test_every_printed_text_stands_whole_in_its_cell(book, settled):
    found = texts(book["รายงาน"])
    for each in settled.printed:
        measure = each.measure
        words = (measure.title, measure.procedure, measure.owner_text, measure.period_text)
        assert [text for text in (*words, each.summary, each.outcome) if text not in found] == []


def test_every_name_points_at_a_sheet_and_every_figure_has_one(book, settled):
    for name, target in book.defined_names.items():
        place, cells = target.attr_text.rsplit("!", 1)
        assert place.strip("'") in book.sheetnames, name
        assert book[place.strip("'")][cells.replace("$", "")]
    missing = [key for key in settled.figures if key not in book.defined_names]
    assert missing == []


def test_figures_of_the_round_before_are_named_as_such(book, settled):
    """Both rounds' figures stand in one list: nobody can tell two of one name apart."""
    before = {key: each for key, each in settled.figures.items() if key.startswith("earlier.")}
    assert len(before) > 10
    for key, figure in before.items():
        now = settled.figures[key.removeprefix("earlier.")]
        assert figure.title_th == f"{now.title_th} (รอบ 6 เดือน)"
    listed = [row[0] for row in book["สรุป"].iter_rows(values_only=True) if row[0]]
    assert len(listed) == len(set(listed) | {"ตัวชี้วัด"}) + 1


def test_every_link_leads_somewhere(book):
    seen = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink is not None:
                    seen += 1
                    place, address = cell.hyperlink.location.rsplit("!", 1)
                    assert place.strip("'") in book.sheetnames
                    assert re.fullmatch(r"\$?[A-Z]+\$?[0-9]+", address)
    assert seen > 25


def test_every_row_of_every_form_is_there_with_its_fate(book, settled):
    for name, table in settled.tables.items():
        sheet = book[f"ข้อมูล-{table.form.about.sheet}"]
        (made,) = sheet.tables.values()
        first, last = (int(n) for n in re.findall(r"[0-9]+", made.ref))
        assert last - first == max(len(table.frame), 1), name
        fates = book.defined_names[f"{name}.fate"].attr_text.rsplit("!", 1)[1].replace("$", "")
        shown = [row[0].value for row in sheet[fates]] if ":" in fates else [sheet[fates].value]
        kept = [say(f"fate.{fate}") for fate in table.frame["fate"]] or [None]
        assert shown == kept


@pytest.mark.office
def test_no_row_is_lower_than_its_text(made):
    office.require_office()
    worst = {
        place: heights
        for place, heights in office.optimal_heights(made).items()
        if heights[0] < heights[1] - 0.5
    }
    book = openpyxl.load_workbook(made)
    with_text = {
        (sheet, row): heights
        for (sheet, row), heights in worst.items()
        if any(cell.value is not None for cell in book[sheet][row])
    }
    assert with_text == {}


def test_text_from_outside_is_never_a_formula(settled, tmp_path):
    table = settled.tables["activity_evidence"]
    bad = ["=HYPERLINK(1)", "+1", "-1+2", "@SUM(A1)", "{=1}", "https://x.example", "\t=1"]
    names = [bad[n % len(bad)] for n in range(len(table.frame))]
    frame = table.frame.assign(activity_name=names).astype({"activity_name": "string"})
    tables = {**settled.tables, "activity_evidence": table.with_frame(frame)}
    path = tmp_path / "report.xlsx"
    report(replace(settled, tables=tables), path, properties(settled))
    cells = [
        c for row in openpyxl.load_workbook(path)["ข้อมูล-กิจกรรมและหลักฐาน"].iter_rows() for c in row
    ]
    seen = [c for c in cells if c.value in bad]
    assert len(seen) == len(names)
    assert {c.data_type for c in seen} == {"s"}
    assert all(c.quotePrefix for c in seen if c.value[0] in "=+-@\t")
    assert all(c.hyperlink is None for c in seen)


def test_it_bears_what_it_can_be_verified_by(book, settled):
    kept = {each.name: each.value for each in book.custom_doc_props.props}
    assert kept == properties(settled)


def test_there_is_no_macro_and_no_link_to_another_file(made):
    from zipfile import ZipFile

    names = ZipFile(made).namelist()
    assert not [n for n in names if "vba" in n.lower() or "externalLink" in n]
    rels = [ZipFile(made).read(n).decode() for n in names if n.endswith(".rels")]
    assert not [text for text in rels if "External" in text]


def test_charts_name_their_font(made):
    for xml in charts_of(made):
        assert "TH Sarabun New" in xml


def test_charts_draw_the_figures_of_the_round(settled, made):
    rounds, dimensions, measures, states, quarters, months = map(series_of, charts_of(made))
    values = load(made)
    drawn = {name: [values(each) for each in chart] for name, chart in rounds.items()}
    assert list(drawn.values()) == [[36, 13, 23, 0, 0], [36, 33, 0, 0, 3]]
    assert sum(map(values, chain(*dimensions.values()))) == 36
    assert [values(each) for each in measures["ความสำเร็จ (ร้อยละ)"]] == [100] * 10
    assert sum(map(values, states["รายการ"])) == settled.figures["submissions.due"].value
    agreed = settled.figures["procurement.year.agreed_baht"].value
    assert len(quarters) == 3
    assert sum(map(values, chain(*quarters.values()))) == float(agreed)
    assert [sum(map(values, each)) for each in months.values()] == [66, 64]


def charts_of(path):
    """The charts' parts in the order in which they were drawn."""
    from zipfile import ZipFile

    package = ZipFile(path)
    numbers = count(1)
    names = takewhile(package.NameToInfo.get, (f"xl/charts/chart{n}.xml" for n in numbers))
    return [package.read(name).decode() for name in names]


def series_of(xml):
    """By the cached name of each series of a chart: the cells that it draws."""
    made = {}
    for series in re.findall("<c:ser>.*?</c:ser>", xml):
        name = re.search("<c:tx>.*?<c:v>(.*?)</c:v>", series)[1]
        sheet, first, last = re.search(
            r"<c:val>.*?<c:f>'?(.*?)'?!(.*?):(.*?)</c:f>", series
        ).groups()
        made[name] = [(sheet, cell) for cell in cells_between(first, last)]
    return made


def cells_between(first, last):
    bounds = openpyxl.utils.range_boundaries(f"{first}:{last}".replace("$", ""))
    left, top, right, bottom = bounds
    letter = openpyxl.utils.get_column_letter
    rows = range(top, bottom + 1)
    return [f"{letter(column)}{row}" for row in rows for column in range(left, right + 1)]


def load(path):
    book = openpyxl.load_workbook(path, data_only=True)
    return lambda cell: book[cell[0]][cell[1]].value


def test_what_a_division_explains_stands_beside_its_finding(settled, tmp_path):
    first, second, *others = (f for f in settled.findings if f.division)
    told = (
        replace(first, explained=True, explanation="=ตามหนังสือ"),
        replace(second, explanation="จะแก้ไข"),
        *others,
    )
    path = tmp_path / "report.xlsx"
    report(replace(settled, findings=told), path, properties(settled))
    found = texts(openpyxl.load_workbook(path)["ผลตรวจข้อมูล"])
    assert {"ชี้แจงแล้ว: =ตามหนังสือ", "จะแก้ไข"} <= set(found)


def test_a_repair_says_what_was_typed_what_was_read_and_why(settled, tmp_path):
    cell = CellRef(settled.submissions[0].name, "จัดซื้อจัดจ้าง", 5, 4)
    codes = ("thai_digits", "dash_suffix")
    repair = Repair(cell, "procurement", "budget_satang", "๕๐,๐๐๐.-", "50,000.00 บาท", codes)
    path = tmp_path / "report.xlsx"
    report(replace(settled, repairs=(repair,)), path, properties(settled))
    rows = openpyxl.load_workbook(path)["การปรับแก้ข้อมูล"].iter_rows(values_only=True)
    (row,) = [[text for text in row if text] for row in rows if "๕๐,๐๐๐.-" in row]
    assert row[3:] == [
        "D5",
        "วงเงินที่จะซื้อหรือจ้าง (บาท)",
        "๕๐,๐๐๐.-",
        "50,000.00 บาท",
        "อ่านเลขไทยเป็นเลขอารบิก · อ่าน .- ท้ายจำนวนเงินว่าไม่มีสตางค์",
    ]


def test_a_total_with_an_outsized_price_is_followed_by_the_other(messy_book, settled_messy, book):
    """On every sheet that shows it, and on no other."""
    of = "procurement.year.agreed_baht"
    whole, other = (
        thai_digits(f"{value:,.2f} บาท")
        for value in (settled_messy.figures[of].value, settled_messy.figures[of].without)
    )
    told = {
        sheet.title: [text for text in texts(sheet) if text.startswith("หมายเหตุ") and whole in text]
        for sheet in messy_book
    }
    shown = {"ปก", "สรุป", "จัดซื้อจัดจ้าง", CHANGED, "กระทบยอด"}
    assert {name for name, lines in told.items() if lines} == shown
    assert all(other in text for lines in told.values() for text in lines)
    assert not [t for sheet in book for t in texts(sheet) if "เกินสิบเท่า" in t]


def test_what_changed_stands_alone_and_what_did_not_is_counted(book, settled):
    rows = [[cell.value for cell in row] for row in book[CHANGED].iter_rows()]
    head = next(n for n, row in enumerate(rows) if row[0] == "ตัวเลข")
    shown = [row for row in rows[head + 1 :] if row[1] is not None]
    both = [
        (figure.value, settled.earlier.recorded[key].value)
        for key, figure in settled.figures.items()
        if key in settled.earlier.recorded and figure.unit != "text"
    ]
    different = [now for now, before in both if now != before]
    assert 50 < len(shown) == len(different) < len(both)
    same = thai_digits(str(len(both) - len(different)))
    assert f"อีก {same} ตัวเลขเท่ากับรอบก่อน" in rows[-1][0]


def test_colours_only_repeat_what_a_word_says(settled_messy, messy_book):
    sheet = messy_book["สรุป"]
    rules = [(each.sqref, rule) for each in sheet.conditional_formatting for rule in each.rules]
    words = {rule.formula[0].strip('"') for _, rule in rules}
    assert words == {"แล้วเสร็จครบ", "แล้วเสร็จบางส่วน", "ยังไม่แล้วเสร็จ"}
    [area] = {str(each) for each, _ in rules}
    said = [cell.value for [cell] in sheet[area]]
    figures = [settled_messy.figures[f"measures.{n}.completion_pct"].value for n in range(1, 11)]
    assert len(set(said)) == 3
    for word, share in zip(said, figures, strict=True):
        assert (word == "แล้วเสร็จครบ") == (share == 100)
        assert (word == "ยังไม่แล้วเสร็จ") == (share == 0)


def test_every_figure_leads_to_its_rows_and_says_what_filters_them(settled, made):
    book = openpyxl.load_workbook(made)
    homes = {name: next(iter(each.destinations)) for name, each in book.defined_names.items()}
    data = {sheet.title for sheet in book if sheet.tables}
    seen = 0
    for name, figure in settled.figures.items():
        configured = not any(figure.term.leaves(settled.figures))
        if configured or name.startswith("earlier."):
            continue
        sheet, cell = homes[name]
        link = book[sheet][cell.replace("$", "")].hyperlink
        assert link.location.rpartition("!")[0].strip("'") in data, name
        assert link.tooltip == figure.definition_th[:255]
        seen += 1
    assert seen > 300


def test_the_cover_says_what_came_out_and_who_must_act(book, messy_book, settled, settled_messy):
    for sheets, made in ((book, settled), (messy_book, settled_messy)):
        cells = [[cell.value for cell in row] for row in sheets["ปก"].iter_rows()]
        lines = [str(row[0]) for row in cells if row[0]]
        opened = [line for line in lines if line.startswith(("รอหน่วยงาน:", "รอผู้จัดทำรายงาน:"))]
        assert f"เรื่องค้าง {thai_digits(str(len(made.open_items)))} เรื่อง" in lines
        assert 0 < len(opened) <= 8
    assert any(line.startswith("และอีก ") for line in lines)
    cover = [cell.value for row in book["ปก"].iter_rows() for cell in row]
    for key in ("plan.score_pct", "plan.level", "plan.done", "complaints.received"):
        assert f"={key}" in cover
    assert "รอหน่วยงาน: กองสวัสดิการสังคม: โครงการยังไม่มีการรายงานสถานะ (ทะเบียนโครงการ!M8)" in cover
