"""What was reported and accepted before, and is said otherwise now."""

from collections.abc import Iterator

import pandas as pd

from schemas.crosschecks.purchases import FORM as PURCHASES
from schemas.crosschecks.purchases import PRICE as PRICE_CELL
from schemas.crosschecks.purchases import baht
from schemas.crosschecks.retelling import MOVED, amount, days, of_new, of_old, retold
from schemas.kit.cross_rules import Evidence, Restated, Violation

_BAHT = {"th": "บาท", "en": "baht"}
_UNIT = {"th": "เรื่อง", "en": "complaints"}
_COMPLAINTS = "complaint_statistics"
_COUNTS = ("brought_forward_count", "received_count", "finished_count", "in_progress_count",
           "not_started_count")  # fmt: skip
_PRICE, _MONTH = "agreed_price_satang", "report_month"
_CELLS = {"vendor": PRICE_CELL}
_OTHER = {
    "contract_date": ("วันที่ทำสัญญา", "date of the contract"),
    "procurement_method": ("วิธีซื้อหรือจ้าง", "method"),
    "vendor": ("ผู้ขายหรือผู้รับจ้าง", "seller"),
}


@retold(
    "XMV-01",
    th="รายการที่รายงานไว้แล้วหายไป: “{item}” เดือน{month} จำนวนเงิน {amount} บาท "
    "(เดิมอยู่ที่ {place} ใน{source}) หากลบโดยตั้งใจโปรดแจ้งเหตุผล",
    en="A purchase that was reported is gone: “{item}” of {month}, {amount} baht (it stood at "
    "{place} "
    "in {source}); please say why if it was taken out on purpose.",
    open_item=MOVED,
    example=(
        "รอบ ๖ เดือนมีจ้างซ่อมรถยนต์ 8,400.50 บาทของเดือนตุลาคม รอบนี้ไม่มี",
        "the six-month report has a repair of October at 8,400.50 baht, this one has not",
    ),
)
def purchase_gone(evidence: Evidence) -> Iterator[Violation]:
    """A purchase of a month that is reported again is not among its purchases any more."""
    for restated in evidence.restated_of(PURCHASES):
        for index in restated.known.gone:
            yield _purchase(restated, index)


@retold(
    "XMV-02",
    th="ไม่แน่ใจว่าเป็นรายการเดียวกัน: “{item}” เดือน{month} จำนวนเงิน {amount} บาท "
    "(เดิมอยู่ที่ {place} ใน{source}) มีหลายรายการที่คล้ายกัน โปรดตรวจสอบว่ายังอยู่ครบ",
    en="It is not certain which purchase this is now: “{item}” of {month}, {amount} baht (it "
    "stood at "
    "{place} in {source}); several are alike, please check that all are there.",
    example=(
        "เดิมมีซื้อน้ำดื่มสองรายการเท่ากัน ตอนนี้เหลือรายการเดียว",
        "there were two equal purchases of water, now there is one",
    ),
)
def purchase_in_doubt(evidence: Evidence) -> Iterator[Violation]:
    """A purchase that several now could be is said to be in doubt, never to be gone."""
    for restated in evidence.restated_of(PURCHASES):
        for index in restated.known.doubtful:
            yield _purchase(restated, index)


@retold(
    "XMV-03",
    th="จำนวนเงินต่างจากที่รายงานไว้: เดิม {old} บาท ({place} ใน{source}) ตอนนี้ {new} บาท ต่างกัน "
    "{difference} บาท "
    "โปรดตรวจสอบหรือแจ้งเหตุผล",
    en="The amount differs from what was reported: {old} baht before ({place} in {source}), "
    "{new} now, "
    "a difference of {difference}; please check, or say why.",
    open_item=MOVED,
    example=(
        "รอบ ๖ เดือน 12,000.00 บาท รอบนี้ 120,000.00 บาท",
        "12,000.00 baht in the six-month report, 120,000.00 in this one",
    ),
)
def purchase_at_another_price(evidence: Evidence) -> Iterator[Violation]:
    """The agreed price of a purchase is another one than before."""
    for restated in evidence.restated_of(PURCHASES):
        for old, new in restated.changed(_PRICE):
            was, now = (
                int(frame.at[index, _PRICE])
                for frame, index in ((restated.before, old), (restated.now, new))
            )
            sign = "-" if now < was else ""
            params = {"old": baht(was), "new": baht(now), "difference": sign + baht(abs(now - was))}
            yield of_new(restated, (old, new), PRICE_CELL, params, _BAHT)


@retold(
    "XMV-04",
    th="เดือนที่รายงานต่างจากเดิม: เดิม{old} ({place} ใน{source}) ตอนนี้{new} จำนวนเงิน {amount} บาท "
    "โปรดตรวจสอบหรือแจ้งเหตุผล",
    en="The month differs from what was reported: {old} before ({place} in {source}), {new} "
    "now, at "
    "{amount} baht; please check, or say why.",
    open_item=MOVED,
    example=("เดิมรายงานในเดือนตุลาคม ตอนนี้ในเดือนธันวาคม", "reported in October, now in December"),
)
def purchase_in_another_month(evidence: Evidence) -> Iterator[Violation]:
    """A purchase stands in another month than before."""
    for restated in evidence.restated_of(PURCHASES):
        for old, new in restated.changed(_MONTH):
            params = {
                **days("old", restated.before.at[old, _MONTH], month=True),
                **days("new", restated.now.at[new, _MONTH], month=True),
                "amount": amount(restated.now.at[new, _PRICE]),
            }
            yield of_new(restated, (old, new), _MONTH, params)


@retold(
    "XMV-05",
    th="{what}ต่างจากที่รายงานไว้: เดิม “{old}” ({place} ใน{source}) ตอนนี้ “{new}” โปรดตรวจสอบ",
    en="The {what} differs from what was reported: “{old}” before ({place} in {source}), "
    "“{new}” now; "
    "please check.",
    example=(
        "เดิมคัดเลือก ตอนนี้เฉพาะเจาะจง",
        "the selective method before, the specific one now",
    ),
)
def purchase_told_otherwise(evidence: Evidence) -> Iterator[Violation]:
    """Date, method or seller of a purchase are others than before."""
    for restated in evidence.restated_of(PURCHASES):
        for column, (th, en) in _OTHER.items():
            for old, new in restated.changed(column):
                was, now = restated.before.at[old, column], restated.now.at[new, column]
                params = {"what_th": th, "what_en": en, **days("old", was), **days("new", now)}
                yield of_new(restated, (old, new), _CELLS.get(column, column), params)


@retold(
    "XMV-13",
    th="รายการใหม่ในเดือนที่รายงานไว้แล้ว: “{item}” เดือน{month} จำนวนเงิน {amount} บาท ไม่มีใน{source} "
    "ยอดของเดือนจึงเปลี่ยน โปรดตรวจสอบว่าไม่ได้พิมพ์ซ้ำ หรือแจ้งเหตุผล",
    en="A new purchase in a month that was reported: “{item}” of {month}, {amount} baht, is not in "
    "{source}, and the month's total is another; please check that it is not doubled, or say why.",
    open_item=MOVED,
    example=(
        "รอบ ๖ เดือนมีสองรายการในเดือนตุลาคม รอบนี้มีสามรายการ",
        "the six-month report has two purchases of October, this one has three",
    ),
)
def purchase_added(evidence: Evidence) -> Iterator[Violation]:
    """A month that a round has reported gets no further purchase."""
    sound = set(evidence.rows[PURCHASES].index)
    for restated in evidence.restated_of(PURCHASES):
        for index in restated.known.added:
            row = restated.now.loc[index]
            month = row[_MONTH]
            known = not pd.isna(month) and (row["division"], month.date()) in restated.months
            if known and index in sound and index not in restated.known.perhaps:
                worth = amount(row[_PRICE])
                params = {"item": str(row["work_item"]), "amount": worth}
                params |= days("month", month, month=True) | restated.source_words
                params |= {f"moved_{lang}": f"+{worth} {unit}" for lang, unit in _BAHT.items()}
                yield Violation(PURCHASES, index, PRICE_CELL, params=params)


@retold(
    "XMV-06",
    th="จำนวนเรื่องร้องเรียนที่รายงานไว้เปลี่ยนไป: {what} เดิม {old} เรื่อง ({place} ใน{source}) ตอนนี้ "
    "{new} เรื่อง "
    "โปรดตรวจสอบหรือแจ้งเหตุผล",
    en="A count of complaints that was reported has changed: {what}, {old} before ({place} in "
    "{source}), {new} now; please check, or say why.",
    open_item=MOVED,
    example=("เดือนตุลาคมเดิมรับใหม่ 3 เรื่อง ตอนนี้ 2 เรื่อง", "October had 3 new complaints, now 2"),
)
def complaints_restated(evidence: Evidence) -> Iterator[Violation]:
    """A month's counts of complaints are those that were reported before."""
    for restated in evidence.restated_of(_COMPLAINTS):
        for column in _COUNTS:
            heading = restated.spec.column(column)
            for old, new in restated.changed(column):
                was, now = restated.before.at[old, column], restated.now.at[new, column]
                month = days("", restated.now.at[new, "fiscal_month"], month=True)
                what = {"what_th": f"{heading.th} {month['_th']}"}
                what |= {"what_en": f"{heading.en} {month['_en']}"}
                params = {"old": str(was), "new": str(now)} | what
                yield of_new(restated, (old, new), column, params, _UNIT)


def _purchase(restated: Restated, index: int) -> Violation:
    """Of a purchase that is not there now, or not for certain."""
    row = restated.before.loc[index]
    worth = amount(row[_PRICE])
    params = {"item": str(row["work_item"]), "amount": worth} | days(
        "month", row[_MONTH], month=True
    )
    moved = {lang: f"{worth} {unit}" for lang, unit in _BAHT.items()}
    return of_old(restated, index, params, moved)
