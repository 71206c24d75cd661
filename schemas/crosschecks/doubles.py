"""Purchases that are listed twice, or are much alike, and numbers missing between others."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pandas as pd

from schemas.crosschecks.purchases import FORM, PRICE, baht, purchase_signal
from schemas.kit.columns import Severity
from schemas.kit.cross_rules import Evidence, Violation, crosscheck, place_of

_NUMBER = "seq_no"
_ASIDE = {_NUMBER, "submission", "sheet", "row", "division"}
_NEAR = pd.Timedelta(days=31)
_SERIAL = re.compile(r"(?P<before>.*?)(?P<number>[0-9]{1,6})(?P<after>\s*/\s*[0-9]{2,4})?")
_MOST = 10  # missing numbers that are named, and that a row of numbers may lack at all


@crosscheck(
    "XDB-01",
    Severity.WARNING,
    th="แถวนี้เหมือนกับ {file} แถว {first} ทุกช่องนอกจากลำดับที่ ({amount} บาท) จึงไม่นับซ้ำ "
    "หากเป็นคนละรายการโปรดระบุให้ต่างกัน เช่น เลขที่สัญญา",
    en="This row is the same as {file}, row {first}, but for its running number ({amount} "
    "baht), and "
    "is not counted again; if it is another purchase, please tell them apart, as by contract "
    "number.",
    example=(
        "สัญญา 12/2566 พิมพ์ไว้สองแถวเหมือนกันทุกช่อง",
        "contract 12/2566 stands in two rows that are alike in every cell",
    ),
)
def listed_twice(evidence: Evidence) -> Iterator[Violation]:
    """A purchase counts once, in whichever files and divisions it is listed."""
    rows = evidence.rows[FORM].dropna(subset=["work_item", PRICE])
    for twins in _alike(rows):
        first, *later = twins.sort_values("seq_no", kind="stable").index
        for index in later:
            params = {"amount": baht(int(twins.at[index, "agreed_price_satang"]))}
            params |= place_of(twins, first)
            yield Violation(FORM, int(str(index)), "work_item", params=params, duplicate=True)


def listed_again(form: str, rows: pd.DataFrame) -> set[int]:
    """The rows of a form that are equal to one before them: what was reported is there once."""
    twins = _alike(rows) if form == FORM else ()
    return {
        int(str(i)) for each in twins for i in each.sort_values(_NUMBER, kind="stable").index[1:]
    }


def _alike(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The rows that are equal in every column but their running number."""
    rows = rows.dropna(subset=["agreed_price_satang"])
    names = [name for name in rows.columns if name not in _ASIDE]
    doubled = rows[rows.duplicated(names, keep=False)]
    yield from (twins for _, twins in doubled.groupby(names, dropna=False, sort=False))


@purchase_signal(
    "RF15",
    title=("รายการเดียวกันซ้ำภายในหนึ่งเดือน", "The same purchase again within a month"),
    on=("vendor", "work_item", "agreed_price_satang", "contract_date"),
    th="ผู้ขาย รายการ และจำนวนเงิน {price} บาท เหมือนกับ {file} แถว {first} ภายในหนึ่งเดือน "
    "ควรสอบทานว่าไม่ได้เบิกซ้ำ",
    en="Seller, item and amount ({price} baht) are those of {file}, row {first}, within a month; "
    "review that it was not paid twice.",
    example=(
        "ซื้อวัสดุสำนักงานจากร้านเดียวกัน 12,000.00 บาท สองครั้งห่างกัน 5 วัน คนละสัญญา",
        "office supplies of one shop at 12,000.00 baht twice in 5 days, under two contracts",
    ),
    source="OCP Cardinal R051",
)
def bought_again_within_a_month(rows: pd.DataFrame, evidence: Evidence) -> Iterator[Violation]:
    """One seller, item and amount twice within a month, rows that are wholly alike aside."""
    doubled = listed_again(FORM, evidence.rows[FORM])
    rows = rows.drop(index=[i for i in rows.index if i in doubled])
    names = ["vendor", "work_item", "agreed_price_satang"]
    for _, same in rows[rows.duplicated(names, keep=False)].groupby(names, sort=False):
        ordered = same.sort_values("contract_date", kind="stable")
        for first, index in pairwise(ordered.index):
            if ordered.at[index, "contract_date"] - ordered.at[first, "contract_date"] <= _NEAR:
                price = {"price": baht(int(ordered.at[index, "agreed_price_satang"]))}
                params = price | place_of(ordered, first)
                yield Violation(FORM, int(str(index)), PRICE, params=params)


@crosscheck(
    "XDB-02",
    Severity.NOTE,
    th="{what}ไม่ต่อเนื่อง ขาด {missing} ก่อนแถวนี้ โปรดตรวจสอบว่าไม่มีรายการตกหล่น",
    en="The {what} are not in one row: {missing} is missing before this one; please check "
    "that nothing "
    "was left out.",
    example=("เลขที่สัญญา 12/2566 แล้วเป็น 14/2566", "contract 12/2566 is followed by 14/2566"),
)
def numbers_left_out(evidence: Evidence) -> Iterator[Violation]:
    """Running numbers of a month and contract numbers of a year leave none out."""
    rows = evidence.counted[FORM]
    for _, month in rows.groupby(["submission", "sheet", "report_month"], sort=True):
        yield from _gaps(month, _NUMBER, ("ลำดับที่", "running numbers"))
    yield from _gaps(rows, "contract_no", ("เลขที่สัญญา", "contract numbers"))


def _gaps(rows: pd.DataFrame, column: str, what: tuple[str, str]) -> Iterator[Violation]:
    """Where numbers of one make are missing, few between many: else they follow no order here."""
    series: dict[tuple[str, str, int], dict[int, int]] = {}
    for index, text in rows[column].dropna().items():
        match = _SERIAL.fullmatch(str(text).strip())
        if match:
            padded = len(match["number"]) if match["number"].startswith("0") else 0
            make = (match["before"], match["after"] or "", padded)
            series.setdefault(make, {}).setdefault(int(match["number"]), int(str(index)))
    used = {number for numbers in series.values() for number in numbers}
    for (before, after, width), numbers in series.items():
        there = sorted(numbers)
        missing = set(range(there[0], there[-1])) - used  # one may stand in another make
        if 0 < len(missing) <= min(_MOST, len(there) // 2):
            for low, high in pairwise(there):
                between = [n for n in range(low + 1, high) if n in missing]
                if between:
                    left = ", ".join(f"{before}{n:0{width}}{after}" for n in between)
                    params = {"what_th": what[0], "what_en": what[1], "missing": left}
                    yield Violation(FORM, numbers[high], column, params=params)
