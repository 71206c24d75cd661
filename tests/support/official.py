"""Workbooks as offices make them: the official layouts of procurement, cell by cell."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

Row = Mapping[str, object]

MONTHLY = (
    ("seq", "ลําดับที่"),
    ("item", "งานที่จัดซื้อหรือจัดจ้าง"),
    ("budget", "วงเงินที่จะซื้อหรือจ้าง (บาท)"),
    ("reference", "ราคากลาง (บาท)"),
    ("method", "วิธีซื้อหรือจ้าง"),
    ("bidders", "รายชื่อผู้เสนอราคาและราคาที่เสนอ"),
    ("winner", "ผู้ได้รับการคัดเลือกและราคาที่ตกลงซื้อหรือจ้าง"),
    ("reason", "เหตุผลที่คัดเลือกโดยสรุป"),
    ("number", "เลขที่และวันที่ของสัญญาหรือข้อตกลงในการซื้อหรือจ้าง"),
    ("date", ""),
)
QUARTERLY = (
    ("seq", "ลำดับ(๑)", ""),
    ("tin", "เลขประจำตัวผู้เสียภาษี/ประชาชน(๒)", ""),
    ("winner", "ชื่อผู้ประกอบการ(๓)", ""),
    ("item", "รำยกำรพัสดุ(๔)", ""),
    ("agreed", "จำนวนเงินรวม(๕)", ""),
    ("date", "เอกสารอ้างอิง(๖)", "วันที่"),
    ("number", "", "เลขที่"),
    ("reason", "เหตุผลสนับสนุน(๗)", ""),
)
OIT = (
    ("seq", "ที่"),
    ("year", "ปีงบประมาณ"),
    ("office", "ชื่อหน่วยงาน"),
    ("district", "อำเภอ"),
    ("province", "จังหวัด"),
    ("ministry", "กระทรวง"),
    ("kind", "ประเภทหน่วยงาน"),
    ("item", "ชื่อรายการของงานที่ซื้อหรือจ้าง"),
    ("budget", "วงเงินงบประมาณที่ได้รับจัดสรร (บาท)"),
    ("source", "แหล่งที่มาของงบประมาณ"),
    ("status", "สถานะการจัดซื้อจัดจ้าง"),
    ("method", "วิธีการจัดซื้อจัดจ้าง"),
    ("reference", "ราคากลาง (บาท)"),
    ("agreed", "ราคาที่ตกลงซื้อหรือจ้าง (บาท)"),
    ("winner", "รายชื่อผู้ประกอบการที่ได้รับการคัดเลือก"),
    ("egp", "เลขที่โครงการในระบบ e-GP"),
)
OIT_18 = (*OIT, ("date", "วันที่ลงนามในสัญญา"), ("end", "วันสิ้นสุดสัญญา"))
OPEN_DATA = (
    ("item", "ชื่อโครงการ"),
    ("budget_code", "รหัสงบประมาณ"),
    ("source_code", "รหัสแหล่งเงิน"),
    ("budget", "วงเงินงบประมาณ"),
    ("reference", "ราคากลาง"),
    ("method", "วิธีการจัดซื้อจัดจ้าง"),
    ("bidder", "ผู้เสนอราคา"),
    ("offer", "ราคาที่เสนอ"),
    ("winner", "ผู้ได้รับการคัดเลือก"),
    ("agreed", "ราคาที่ตกลงซื้อหรือจ้าง"),
    ("egp", "เลขที่โครงการ"),
    ("control", "เลขคุมสัญญา"),
)
REFERENCE = (
    ("seq", "ลำดับที่"),
    ("egp", "เลขที่โครงการ"),
    ("item", "ชื่อโครงการ"),
    ("budget", "งบประมาณ"),
    ("reference", "ราคากลาง"),
    ("announced", "วันที่ประกาศ"),
)
NOTICE = (*REFERENCE[:5], ("method", "วิธีการจัดซื้อจัดจ้าง"), REFERENCE[5])


def monthly(
    folder: Path, rows: Sequence[Row], month: str = "ตุลาคม 2565", name: str = "a.xlsx"
) -> Worksheet:
    """แบบ สขร.1: nine headings over ten columns, the last merged over number and date."""
    sheet = _book()
    sheet["J1"] = "แบบ สขร. ๑"
    _title(sheet, 2, f"สรุปผลการดำเนินการจัดซื้อจัดจ้างในรอบเดือน{month}", 10)
    _title(sheet, 3, "เทศบาลตัวอย่าง", 10)
    _title(sheet, 4, "วันที่ ๕ เดือน มกราคม พ.ศ. ๒๕๖๖", 10)
    _line(sheet, 6, [heading for _, heading in MONTHLY])
    sheet.merge_cells("I6:J6")
    return _filled(sheet, MONTHLY, rows, 7, folder / name)


def quarterly(
    folder: Path,
    rows: Sequence[Row],
    period: str = "ไตรมาสที่ ๑ ปีงบประมาณ ๒๕๖๖",
    name: str = "q.xlsx",
) -> Worksheet:
    """The notice of winners: headings with numbers, one of them merged over date and number."""
    sheet = _book()
    _title(sheet, 1, "รายละเอียดแนบท้ายประกาศผลผู้ชนะการจัดซื้อจัดจ้างหรือผู้ได้รับการคัดเลือก", 8)
    _title(sheet, 2, f"ประจำ{period}", 8)
    _line(sheet, 4, [heading for _, heading, _ in QUARTERLY])
    _line(sheet, 5, [below for _, _, below in QUARTERLY])
    sheet.merge_cells("F4:G4")
    for letter in "ABCDEH":
        sheet.merge_cells(f"{letter}4:{letter}5")
    return _filled(sheet, [(key, heading) for key, heading, _ in QUARTERLY], rows, 6, folder / name)


def listed(
    folder: Path, headings: Sequence[tuple[str, str]], rows: Sequence[Row], name: str = "o.xlsx"
) -> Worksheet:
    """A list without a title: the OIT workbook, open data, reference prices."""
    sheet = _book()
    _line(sheet, 1, [heading for _, heading in headings])
    return _filled(sheet, headings, rows, 2, folder / name)


def save(sheet: Worksheet, path: Path) -> None:
    """Write the workbook of a sheet anew, once more has been done to it."""
    assert sheet.parent is not None
    sheet.parent.save(path)


def _book() -> Worksheet:
    sheet = openpyxl.Workbook().active
    assert isinstance(sheet, Worksheet)
    return sheet


def _title(sheet: Worksheet, row: int, text: str, width: int) -> None:
    sheet.cell(row, 1, text)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)


def _line(sheet: Worksheet, row: int, texts: Sequence[object]) -> None:
    for column, text in enumerate(texts, 1):
        if text not in ("", None):
            sheet.cell(row, column, text)  # type: ignore[arg-type]


def _filled(
    sheet: Worksheet,
    headings: Sequence[tuple[str, str]],
    rows: Sequence[Row],
    first: int,
    path: Path,
) -> Worksheet:
    for number, row in enumerate(rows):
        _line(sheet, first + number, [row.get(key) for key, *_ in headings])
    save(sheet, path)
    return sheet
