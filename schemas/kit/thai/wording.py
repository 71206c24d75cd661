"""What Thai tables say between and around their rows: totals, notes, signatures, periods."""

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from schemas.kit.thai.calendar import FiscalYear, Quarter, last_day, stated_period
from schemas.kit.thai.dates import ERA, MONTH, YEAR, ce_year, parse_date, parse_month
from schemas.kit.thai.thai_text import arabic_digits, clean, one_dash

_TOTAL = re.compile(
    r"(?:ยอด)?รวม(?:ทั้งสิ้น|ทั้งหมด|เงิน|จำนวน|เป็นเงิน|ยอด|ราคา|สุทธิ|ปี|ไตรมาส|เดือน|หน้านี้|(?=[\s:0-9]|$))"
    r"|(?:ยอด)?(?:ยกมา|ยกไป)(?:\s|$)|ยอดสุทธิ|(?:grand\s*)?total\b"
)
_NOTE = re.compile(
    r"\*|หมายเหตุ|ข้อมูล\s*ณ|ที่มา\s*:|\(?ลงชื่อ|\(?ลายมือชื่อ|ผู้จัดทำ|ผู้ตรวจ|ผู้รับรอง|ผู้รายงาน|ผู้อนุมัติ|ตำแหน่ง|"
    r"ขอรับรองว่า|จึงเรียนมา|ประกาศ\s*ณ|ทั้งนี้|\(?\.{4}"
)
_AROUND = re.compile(r"^[^\wก-๙]+|[^\wก-๙ๆ]+$")
_OF_PERIOD = (
    r"(?:ประจำ|ใน|ของ|รอบ|สำหรับ)*(?:เดือน|ไตรมาส|งวด|ช่วง|ปี)(?:นี้|ดังกล่าว|ที่[1-4])?"
    rf"(?:{MONTH})?(?:{ERA})?(?:{YEAR})?"
)
_NOTHING = re.compile(
    rf"(?:{_OF_PERIOD})?(?:หน่วยงาน|ส่วนราชการ|เทศบาล[ก-๙]*?|กอง[ก-๙]*?|สำนัก[ก-๙]*?)?"
    r"(?:ยัง)?(?:ไม่มี|ไม่ได้|มิได้|ไม่ปรากฏ|ไม่พบ)(?P<what>.*)"
)
_OF_NOTHING = ("มี", "การ", "รายการ", "ข้อมูล", "ผล", "ดำเนิน", "งาน", "หรือ", "และ", "/", "ใด", "ๆ",
               "เลย", "ทั้งสิ้น", "แต่อย่าง", "เกิดขึ้น", "ครับ", "ค่ะ", "คะ")  # fmt: skip
_SIGNATURE = re.compile(
    r"\(?\s*(?:ลงชื่อ|ลงนาม|ลายมือชื่อ)|\(?\s*[.…_]{4}|ผู้(?:จัดทำ|ตรวจ|รับรอง|รายงาน|อนุมัติ|เห็นชอบ|ช่วยนัก)"
    r"|\(\s*(?:นาย|นาง|น\.?ส\.|ว่าที่|ดร\.|ส\.?ต|ร\.?[ตทอ]\.|พ\.?[ตทอจ]\.|จ\.?ส)[^0-9()]*\)$|ตำแหน่ง"
    r"|นัก(?:วิชาการ|จัดการ|พัฒนา|บริหาร|วิเคราะห์|ทรัพยากร)|เจ้า(?:พนักงาน|หน้าที่)|หัวหน้า|กรรมการ|ประธานกรรมการ"
    r"|(?:รอง)?(?:ผู้อำนวยการ|ผอ\.|ปลัด(?:เทศบาล|อบ|อ\.บ|องค์การ)|นายก(?:เทศมนตรี|อบ|อ\.บ|องค์การ))"
    r"|(?:รักษาราชการ|ปฏิบัติราชการ|ทำการ)แทน|รักษาการ|ปฏิบัติหน้าที่|ตรวจ(?:สอบ)?(?:แล้ว)?ถูกต้อง|(?:เห็นชอบ|อนุมัติ|ทราบ)$"
)
_TITLE = re.compile(
    r"แบบ\s*(?:สขร|สรุป|รายงาน)|สรุป(?:ผล|รายการ)|รายงาน|รายละเอียดแนบท้าย|ประกาศ|(?:ประจำ|รอบ)\s*(?:เดือน|ไตรมาส|ปี)|"
    r"(?:เทศบาล|องค์การบริหารส่วน|อบต|อบจ|หน่วยงาน|สำนักงาน)|วันที่\s*[0-9๐-๙]+\s*เดือน|ข้อมูล\s*ณ|งวด"
)
_NUMBER = re.compile(r"\(?\s*([0-9]{1,2})\s*\)?")
_MONTH_WORDS = r"(?:รอบ|ประจำ)\s*เดือน\s*(?:ที่\s*)?"
_FISCAL = r"(?:\s*(?P<fiscal>(?:ประจำ)?ปีงบประมาณ))?"
_MONTH = rf"(?P<month>{MONTH}){_FISCAL}(?:[\s,]*(?:{ERA})?\s*(?:{YEAR}))?"
_STATED_MONTH = re.compile(_MONTH_WORDS + _MONTH)
_BARE_MONTH = re.compile(rf"(?<![0-9])(?<![0-9]\s)(?:เดือน\s*)?{_MONTH}")
_YEAR_FIRST = re.compile(
    rf"(?:(?P<fiscal>ปีงบประมาณ)|ปี|(?={ERA}))\s*(?:{ERA})?\s*(?P<year>{YEAR})[\s,:/-]*"
    rf"(?:ประจำ|ใน|ของ)?\s*(?:รอบ)?\s*เดือน\s*(?:ที่\s*)?(?P<month>{MONTH})"
    rf"(?![\s,]*(?:{ERA})?\s*{YEAR})"
)
_SEVERAL = re.compile(r"\s*(?:-|ถึง|จนถึง|,|และ)")
_DAY_BEFORE = re.compile(r"(?:[0-9]|วันที่)\s*(?:เดือน)?\s*$")
_QUARTER = re.compile(
    rf"ไตรมาส(?:ที่)?\s*(?P<number>[1-4])"
    rf"(?:[\s/,(]*(?:ประจำ)?(?:ปีงบประมาณ|ปี)?[\s,]*(?:{ERA})?\s*(?P<year>{YEAR}))?"
)
_DATE = re.compile(
    rf"[0-9]{{1,2}}\s*(?:{MONTH})[\s,]*(?:{ERA})?\s*{YEAR}"
    rf"|(?<![0-9/])[0-9]{{1,2}}\s?([/.\-])\s?[0-9]{{1,2}}\s?\1\s?{YEAR}"
)
_BETWEEN = re.compile(r"[\s,;]*(?:(?:ลง)?วันที่|ลว\.?|เลขที่|ที่)?[\s,;:./-]*")
_LEAD = re.compile(r"(?:(?:ลง)?วันที่|ลง|ล\.?ว\.?|เลขที่|ที่)[\s:.]*")
_COVER = "[xX×*•]"
_MASKED = re.compile(
    rf"[0-9]{{3,}}{_COVER}{{2,}}(?:[0-9]|{_COVER})*|{_COVER}{{2,}}(?:[0-9]|{_COVER})*[0-9]{{3,}}"
)


class RowRepair(StrEnum):
    """What was put right with certainty over several cells of a row, beside one cell's repairs."""

    JOINED = "joined"
    INFERRED = "inferred"


def is_total_label(text: str) -> bool:
    """Whether a cell's text names a total, a subtotal or what a page carries over."""
    return _TOTAL.match(clean(text).casefold()) is not None


def is_note(text: str) -> bool:
    """Whether a text is a remark or a signature around a table, not a value in it."""
    return _NOTE.match(clean(text)) is not None


def is_signature(text: str) -> bool:
    """Whether a text is a line on which somebody signs: name and position follow below it."""
    return _SIGNATURE.match(clean(text)) is not None


def only_leads(text: str) -> bool:
    """Whether a text is only the word that leads to a number or a date in the cell beside it."""
    return _LEAD.fullmatch(clean(text)) is not None


def is_title(text: str) -> bool:
    """Whether a text begins as the lines above a table do: what it is, whose, of when."""
    return _TITLE.match(clean(text)) is not None


def says_nothing(text: str, words: Sequence[str]) -> bool:
    """Whether a text says that there is nothing; `words` are those of what there might have been.

    ไม่มี, -ไม่มี-, (เดือนนี้ไม่มีการจัดซื้อจัดจ้าง), ***ไม่มีรายการ***; never "ไม่มี" with a reason behind it.
    """
    match = _NOTHING.fullmatch(_AROUND.sub("", "".join(arabic_digits(clean(text)).split())))
    if match is None:
        return False
    known = "|".join(sorted(map(re.escape, (*words, *_OF_NOTHING)), key=len, reverse=True))
    return re.fullmatch(f"(?:{known}|{_OF_PERIOD})*", match["what"]) is not None


def is_numbering(texts: Sequence[str]) -> bool:
    """Whether the cells of a row are the numbers of the columns: (1) (2) (3), or ๑ ๒ ๓."""
    return len(texts) > 2 and all(_is_number(text, n) for n, text in enumerate(texts, 1))


def _is_number(text: str, number: int) -> bool:
    match = _NUMBER.fullmatch(arabic_digits(clean(text)))
    return match is not None and int(match[1]) == number


def is_masked(text: str) -> bool:
    """Whether a number has some of its digits covered, as in 130990115xxxx."""
    return _MASKED.fullmatch(re.sub(r"[\s-]", "", arabic_digits(text))) is not None


def number_and_date(text: str) -> tuple[str, str]:
    """The number and the date that one cell holds both of; "" for what is not there."""
    plain = clean(text)
    matches = [m for m in _DATE.finditer(arabic_digits(plain)) if parse_date(m[0]).value]
    if not matches:
        return _bare(plain), ""
    start, end = matches[-1].span()
    return _bare(_bare(plain[:start]) + " " + _bare(plain[end:])), plain[start:end]


def _bare(text: str) -> str:
    """The text without the words that only lead to a number or a date."""
    begin = _BETWEEN.match(text)
    rest = text[begin.end() if begin else 0 :]
    return " ".join(re.sub(r"[\s,;]*(?:(?:ลง)?วันที่|ลว\.?)?[\s,;:/]*$", "", rest).split())


def stated_months(text: str, fiscal_year_be: int | None) -> tuple[date, date] | None:
    """The first and last day that a title states as its period: of a quarter, or of a month."""
    month = stated_month(text, fiscal_year_be)
    quarter = stated_quarter(text, fiscal_year_be)
    if quarter is not None and not (month and _is_announced(text)):
        return quarter
    if month is None:
        return None
    return month, last_day(month.year, month.month)


def _is_announced(text: str) -> bool:
    """Whether the word for a report's month stands before one month, not before several."""
    plain = one_dash(arabic_digits(clean(text)))
    match = _STATED_MONTH.search(plain)
    return match is not None and _SEVERAL.match(plain, match.end()) is None


def stated_month(text: str, fiscal_year_be: int | None) -> date | None:
    """The month a title states, as its first day; a day of a month is no statement of it."""
    plain = one_dash(arabic_digits(clean(text)))
    led = _YEAR_FIRST.search(plain)
    if led is not None:
        if led["fiscal"]:
            return parse_month(led["month"], _fiscal(led["year"])).value
        return parse_month(f"{led['month']} {led['year']}").value
    match = _STATED_MONTH.search(plain) or next(
        (m for m in _BARE_MONTH.finditer(plain) if not _DAY_BEFORE.search(plain[: m.start()])), None
    )
    if match is None:
        return None
    words = match[0][match.start("month") - match.start() :]
    if not match["fiscal"]:
        return parse_month(words, fiscal_year_be).value
    year = re.search(f"({YEAR})$", words)
    return parse_month(match["month"], _fiscal(year[1]) if year else fiscal_year_be).value


def is_month_alone(text: str) -> bool:
    """Whether a text is a month and nothing else: ประจำเดือนพฤศจิกายน 2565."""
    plain = one_dash(arabic_digits(clean(text)))
    return re.fullmatch(rf"(?:(?:ใน|ประจำ|รอบ)*\s*เดือน\s*)?{_MONTH}", plain) is not None


def stated_quarter(text: str, fiscal_year_be: int | None) -> tuple[date, date] | None:
    """The first and last day of a title's quarter: by its months if named, else by its number."""
    period = stated_period(text)
    if period is not None:
        return period
    match = _QUARTER.search(arabic_digits(clean(text)))
    year = _fiscal(match["year"]) if match and match["year"] else fiscal_year_be
    if match is None or year is None:
        return None
    quarter = Quarter(year, int(match["number"]))
    return quarter.start, quarter.end


def _fiscal(digits: str) -> int | None:
    year = ce_year(digits)
    return FiscalYear.of(date(year, 1, 1)).be if year else None
