"""The look of our workbooks, judged by LibreOffice: heights, dates, text that stays text."""

import random
import statistics
import unicodedata
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from pipeline.styles import (
    _BOLD,
    _REGULAR,
    FONT,
    HIGHEST_ROW,
    Styles,
    line_count,
    print_setup,
    row_height,
    split_for_rows,
    write_text,
)
from schemas.kit.kinds.day import DAY
from tests.support import office

TEXTS = (
    "เผยแพร่แนวทางในการนำเสนอข้อมูลทางสถิติ เรื่อง การร้องเรียน การทุจริต และประพฤติมิชอบให้ผู้บริหารและบุคลากรในหน่วยงานได้รับทราบผ่านช่องทางต่างๆ เพื่อสร้างการรับรู้ให้บุคลากรภายในและภายนอกทราบ",
    "จัดทำแผนปฏิบัติการป้องกันการทุจริต เพื่อยกระดับคุณธรรมและความโปร่งใสของเทศบาลเมืองฉะเชิงเทรา (พ.ศ.๒๕๖๖ - ๒๕๗๐) จำนวน ๓๖ โครงการ มีรายละเอียดของแผนงาน ดังนี้\n๑. โครงการ/กิจกรรม\n๒. งบประมาณ\n๓. ช่วงเวลาดำเนินการ",
    "มีโครงการจำนวน ๓๖ โครงการ สถานะอยู่ระหว่างดำเนินการ ๒๓ โครงการและดำเนินการแล้ว ๑๓ โครงการ ผลของการนำแผนปฏิบัติคิดเป็นร้อยละ ๗๐.๐๐ คิดจากโครงการขั้นต่ำ ๓๕ โครงการ",
    "- สร้างความรู้ความเข้าใจระเบียบกฎหมายที่เกี่ยวข้องการขับเคลื่อนนโยบายต่อต้านคอร์รัปชัน ๑. กิจกรรม NO ZERO ๒. กิจกรรม No Gift Policy เพื่อเป็นไปตามกฎหมาย/ระเบียบที่เกี่ยวข้อง",
    "๑. สร้างคุณลักษณะที่ดี ความทันสมัย ความน่าเชื่อถือให้แก่องค์กร ๒. เป็นช่องทางในการเผยแพร่ข้อมูลข่าวสาร และบริการต่างๆ ๓. เป็นการเพิ่มช่องทางในการติดต่อ และรับบริการได้อย่างรวดเร็ว",
    "จัดทำเป็นประกาศของเทศบาลเมืองฉะเชิงเทรา เรื่องประมวลทางจริยธรรมพนักงานเทศบาล ลงวันที่ ๑๖ มีนาคม พ.ศ.๒๕๖๖ พร้อมแจ้งเวียนทุกหน่วยงาน เพื่อทราบและถือปฏิบัติ ให้เป็นไปตามประกาศคณะกรรมการมาตรฐานการบริหารงานบุคคลส่วนท้องถิ่น",
    "ศูนย์รับเรื่องราวร้องทุกข์เทศบาลเมืองฉะเชิงเทรา",
    "ปีงบประมาณ พ.ศ.๒๕๖๖ (1 ต.ค. 65 ถึง 30 ก.ย. 66)",
    "หน่วยงาน\nผู้รับผิดชอบ",
    "ขั้นตอน/วิธีการดำเนินการ",
    "ผู้ที่ชื่นชมซื้อปุ๋ยให้ญี่ปุ่นถึงที่ฟื้นฟูสู่พื้นน้ำจิ้มป้ำซ้ำค้ำจุนผู้ปฏิบัติหน้าที่ซื่อสัตย์สุจริต",
    "เลขที่โครงการ 65107123456 สัญญาเลขที่ CNTR-00231/2566 ผู้ชนะ บริษัท ABCDEFGHIJKLM (ประเทศไทย) จำกัด https://process3.procurement.example.org",
    "ประมวลจริยธรรมพนักงานส่วนท้องถิ่นคณะกรรมการมาตรฐานการบริหารงานบุคคลส่วนท้องถิ่น\n\nหมายเหตุ – ดู “ภาคผนวก” … ✓",
)
WIDTHS = (6, 7, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 45, 60)
SIZES = (11, 12, 14, 15, 16)
LONG = " ".join(TEXTS) + "\n" + "".join(TEXTS[:6]).replace(" ", "")


def _piece(dice: random.Random) -> str:
    text = dice.choice(TEXTS)
    kind = dice.random()
    if kind < 0.3:
        return text
    if kind < 0.7:
        starts = [0] + [n + 1 for n, sign in enumerate(text) if sign == " "]
        start = dice.choice(starts)
        return text[start : start + dice.randrange(3, 120)].strip() or text
    if kind < 0.85:
        return text.replace(" ", "")
    return "\n".join(dice.choice(TEXTS)[: dice.randrange(2, 60)] for _ in range(3))


def _cases() -> list[tuple[str, int, int, bool]]:
    dice = random.Random(2566)
    every = [(text, width, 14, False) for text in TEXTS for width in WIDTHS]
    some = [
        (_piece(dice), dice.choice(WIDTHS), dice.choice(SIZES), dice.random() < 0.3)
        for _ in range(2200)
    ]
    return every + some


def _heights(path: Path, cases: list[tuple[str, int, int, bool]]):
    """(case, height we set, height LibreOffice needs) of a workbook with one text a row."""
    with xlsxwriter.Workbook(path) as workbook:
        styles, sheet = Styles(workbook), workbook.add_worksheet("texts")
        for column, width in enumerate(WIDTHS):
            sheet.set_column_pixels(column, column, width * 7 + 5)
        for row, (text, width, size, bold) in enumerate(cases):
            look = styles.text("text", text, font_size=size, bold=bold)
            write_text(sheet, row, WIDTHS.index(width), text, look)
            sheet.set_row(row, row_height([(text, width, size)], bold=bold))
    found = office.optimal_heights(path)
    return [(case, *found["texts", row]) for row, case in enumerate(cases, 1)]


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory):
    return _heights(tmp_path_factory.mktemp("fitted") / "texts.xlsx", _cases())


@pytest.mark.office
def test_no_row_is_lower_than_its_text(fitted) -> None:
    low = [(case, has, needs) for case, has, needs in fitted if has < min(needs, HIGHEST_ROW) - 0.3]
    assert low == []
    assert len({needs for _, _, needs in fitted}) > 30


@pytest.mark.office
def test_rows_are_not_much_higher_than_their_text(fitted) -> None:
    ratios = [has / min(needs, HIGHEST_ROW) for _, has, needs in fitted]
    assert statistics.median(ratios) <= 1.6
    wide = [has / needs for (_, width, *_), has, needs in fitted if width >= 20 and needs < 300]
    assert statistics.median(wide) <= 1.4


@pytest.mark.office
def test_the_indent_keeps_text_off_the_border(tmp_path: Path) -> None:
    """A text that just fills its column without an indent needs a second line with one."""
    path, lengths = tmp_path / "indent.xlsx", range(20, 40)
    with xlsxwriter.Workbook(path) as workbook:
        styles = Styles(workbook)
        for name, look in (("in", styles.get("text")), ("out", styles.get("text", indent=0))):
            sheet = workbook.add_worksheet(name)
            sheet.set_column(0, 0, 28)
            for row, length in enumerate(lengths):
                write_text(sheet, row, 0, "ก" * length, look)
    heights = office.optimal_heights(path)
    one_line = {
        name: sum(heights[name, row][1] < 28 for row in range(1, len(lengths) + 1))
        for name in ("in", "out")
    }
    assert 0 < one_line["in"] < one_line["out"] < len(lengths)


@pytest.mark.office
def test_one_line_of_any_size_has_room(tmp_path: Path) -> None:
    path, sizes, text = tmp_path / "sizes.xlsx", range(9, 25), "ที่ปู่ผู้ใหญ่ Áqg๑"
    with xlsxwriter.Workbook(path) as workbook:
        styles, sheet = Styles(workbook), workbook.add_worksheet("s")
        sheet.set_column(0, 0, 80)
        for row, size in enumerate(sizes):
            write_text(sheet, row, 0, text, styles.get("text", font_size=size))
            sheet.set_row(row, row_height([(text, 80, size)]))
    for has, needs in office.optimal_heights(path).values():
        assert needs <= has + 0.1 <= 1.6 * needs


def test_the_highest_cell_decides_the_row() -> None:
    short, long = ("กองคลัง", 20.0, 14.0), (TEXTS[0], 12.0, 14.0)
    assert row_height([short, long]) == row_height([long]) > row_height([short])
    assert row_height([]) == 21.0
    assert row_height([(LONG * 5, 6, 16)]) == HIGHEST_ROW


def test_bold_and_narrow_need_more_lines() -> None:
    wide, narrow = (line_count(TEXTS[0], width, 14) for width in (60, 12))
    assert narrow > 4 * wide > 0
    assert line_count(LONG, 30, 14, bold=True) > line_count(LONG, 30, 14)
    assert line_count("ก\n\nข\n", 30, 14) == 4


def test_marks_above_and_below_take_no_room() -> None:
    plain = "กปพน" * 40
    marked = "".join(sign + "ี่" for sign in plain)
    assert line_count(marked, 20, 14) == line_count(plain, 20, 14) > 3


def test_widths_are_those_of_the_stand_in(tmp_path: Path) -> None:
    office.require_office()
    from fontTools.ttLib import TTFont

    for path, widths in zip(office.build_stand_in(tmp_path), (_REGULAR, _BOLD), strict=True):
        font = TTFont(path)
        names, em = font.getBestCmap(), font["head"].unitsPerEm
        for code in (*range(0x20, 0x7F), *range(0xE01, 0xE3B), *range(0xE3F, 0xE5C)):
            advance = font["hmtx"][names[code]][0]
            mark = unicodedata.category(chr(code)) == "Mn"
            assert widths[chr(code)] == (0 if mark else round(advance * 1000 / em)), chr(code)


@pytest.mark.office
@pytest.mark.parametrize("width", [6, 14, 40])
def test_long_text_goes_on_in_the_rows_below(tmp_path: Path, width: int) -> None:
    path, size = tmp_path / "long.xlsx", 14
    parts = split_for_rows(LONG * 3, width, size)
    assert len(parts) > 1
    with xlsxwriter.Workbook(path) as workbook:
        styles, sheet = Styles(workbook), workbook.add_worksheet("s")
        sheet.set_column(0, 0, width)
        for row, part in enumerate(parts):
            write_text(sheet, row, 0, part, styles.text("text", part, bold=True))
            sheet.set_row(row, row_height([(part, width, size)], bold=True))
    rows = office.optimal_heights(path).values()
    assert all(needs <= has + 0.1 <= HIGHEST_ROW + 0.1 for has, needs in rows)


thai = st.text(st.sampled_from("กขคงญฐพาำะเแโไๆๅีื่้์ฯ ๑๒19ab./-\n"), max_size=900)


@given(thai, st.sampled_from(WIDTHS), st.sampled_from((14, 16, 60)))
def test_a_split_text_keeps_every_sign(text: str, width: int, size: int) -> None:
    parts = split_for_rows(text, width, size)
    assert "".join("".join(parts).split()) == "".join(text.split())
    for part in parts:
        assert row_height([(part, width, size)], bold=True) <= HIGHEST_ROW
        assert line_count(part, width, size, bold=True) * size * 1.5 + 2 <= HIGHEST_ROW


def test_a_text_is_not_split_inside_a_syllable_nor_without_need() -> None:
    assert split_for_rows(TEXTS[0], 30, 14) == [TEXTS[0]]
    parts = split_for_rows("เปิดน้ำกาญจนาไกล" * 200, 8, 14)
    assert len(parts) > 5
    assert {part[0] for part in parts} & set("าำิ้์ะ") == set()
    assert {part[-1] for part in parts} & set("เแโใไ") == set()


@pytest.mark.office
def test_dates_and_numbers_show_as_in_thailand(tmp_path: Path) -> None:
    path = tmp_path / "shown.xlsx"
    day = datetime(2022, 10, 1, 9, 5)
    values = {
        "date": day,
        "month": day,
        "time": day,
        "money": 1234567.895,
        "count": 12345,
        "rate": 94.285714,
    }
    with xlsxwriter.Workbook(path) as workbook:
        for digits in ("arabic", "thai"):
            styles, sheet = Styles(workbook, digits), workbook.add_worksheet(digits)
            sheet.set_column(0, 0, 40)
            for row, (look, value) in enumerate(values.items()):
                sheet.write(row, 0, value, styles.get(look))
            sheet.write(len(values), 0, day, styles.get("input", num_format=DAY.number_format))
    shown = office.shown(path)
    arabic, thai = (
        [shown[digits, f"A{row}"] for row in range(1, 8)] for digits in ("arabic", "thai")
    )
    assert arabic == [
        "1 ต.ค. 2565",
        "ตุลาคม 2565",
        "1 ต.ค. 2565 09:05",
        "1,234,567.90",
        "12,345",
        "94.29",
        "1 ต.ค. 2565",
    ]
    assert thai == [
        "๑ ต.ค. ๒๕๖๕",
        "ตุลาคม ๒๕๖๕",
        "๑ ต.ค. ๒๕๖๕ ๐๙:๐๕",
        "๑,๒๓๔,๕๖๗.๙๐",
        "๑๒,๓๔๕",
        "๙๔.๒๙",
        "1 ต.ค. 2565",
    ]


OUTSIDE = (
    "=1+1",
    "+66 2 123 4567",
    "-จัดทำ",
    "- จัดทำบันทึก",
    "@SUM(A1)",
    "\tแท็บ",
    "https://example.org",
    "internal:A1",
    "0012",
    "{=1}",
    "_x0041_",
)


@pytest.mark.office
def test_text_from_outside_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "outside.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        styles, sheet = Styles(workbook), workbook.add_worksheet("s")
        for row, text in enumerate(OUTSIDE):
            write_text(sheet, row, 0, text, styles.text("text", text))
    [again] = office.convert(path, "xlsx", tmp_path / "again")
    for written in (path, again):
        assert office.recalculate(written) == {("s", f"A{n}"): t for n, t in enumerate(OUTSIDE, 1)}
    cells = [openpyxl.load_workbook(path)["s"].cell(n, 1) for n in range(1, len(OUTSIDE) + 1)]
    assert [cell.quotePrefix for cell in cells] == [text[0] in "=+-@\t" for text in OUTSIDE]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.hyperlink for cell in cells] == [None] * len(OUTSIDE)


@pytest.mark.parametrize("text", ["ก" * 40_000, "𝄞" * 17_000, "ก" + "𝄞" * 16_384])
def test_a_text_too_long_for_a_cell_is_cut_with_a_mark(tmp_path: Path, text: str) -> None:
    with xlsxwriter.Workbook(tmp_path / "long.xlsx") as workbook:
        sheet = workbook.add_worksheet("s")
        write_text(sheet, 0, 0, text, Styles(workbook).get("text"))
        write_text(sheet, 1, 0, text[:16_000], Styles(workbook).get("text"))
        write_text(sheet, 2, 0, "", Styles(workbook).get("text"))
    read = openpyxl.load_workbook(tmp_path / "long.xlsx")["s"]
    assert 32_760 <= len(read["A1"].value.encode("utf-16-le")) / 2 <= 32_767
    assert read["A1"].value == text[: len(read["A1"].value) - 1] + "…"
    assert read["A2"].value == text[:16_000]
    assert read["A3"].value is None
    assert read["A3"].data_type == "n"


def test_a_look_is_made_once_and_names_the_font(tmp_path: Path) -> None:
    path = tmp_path / "looks.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        styles, sheet = Styles(workbook), workbook.add_worksheet("s")
        assert styles.get("text") is styles.get("text") is styles.text("text", "ก")
        assert styles.get("text") is not styles.get("text", bold=True)
        assert styles.text("text", "=ก") is styles.text("text", "-ข")
        names = (
            "title",
            "heading",
            "text",
            "money",
            "date",
            "note",
            "link",
            "input",
            "bad",
            "sign",
        )
        for row, name in enumerate(names):
            write_text(sheet, row, 0, name, styles.get(name))
    cells = {c.value: c for (c,) in openpyxl.load_workbook(path)["s"].iter_rows()}
    assert {cell.font.name for cell in cells.values()} == {FONT}
    assert {name for name, cell in cells.items() if not cell.protection.locked} == {"input"}
    assert cells["heading"].fill.fgColor.rgb == "FFEBEBEB"
    assert cells["text"].alignment.indent == 1
    with pytest.raises(KeyError):
        styles.get("no such look")


@pytest.mark.office
def test_pages_are_a4_with_headings_and_numbers(tmp_path: Path) -> None:
    path = tmp_path / "page.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        styles, sheet = Styles(workbook), workbook.add_worksheet("s")
        print_setup(sheet, footer="หน้า &P / &N", repeat=(0, 1))
        for row in range(90):
            write_text(sheet, row, 0, f"แถว {row}", styles.get("text"))
    page = openpyxl.load_workbook(path)["s"]
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
    assert page.print_title_rows == "$1:$2"
    assert page.oddFooter.center.text.strip() == "หน้า &P / &N"
    assert page.oddFooter.center.font == f"{FONT},Regular"
    pages = office.page_texts(path, tmp_path)
    assert len(pages) > 1
    for number, text in enumerate(pages, 1):
        assert "แถว 0\n" in text
        assert f"หน้า {number} / {len(pages)}" in text
