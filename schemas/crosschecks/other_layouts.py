"""One contract in two layouts: it counts once, and what the two say is compared."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pandas as pd

from schemas.crosschecks.purchases import FORM, baht
from schemas.kit.columns import Severity
from schemas.kit.cross_rules import Evidence, Violation, crosscheck, place_of
from schemas.kit.thai.thai_text import matching_key

NOTE, WARNING, ERROR = Severity.NOTE, Severity.WARNING, Severity.ERROR
_AMOUNT = "agreed_price_satang"
# What two rows of one contract share, the surest first; a key with a blank part is no key.
_SAME = (
    ("contract_no", "contract_date", _AMOUNT),
    ("winner_name", _AMOUNT, "contract_date"),
    ("egp_project_no", _AMOUNT),
    ("winner_name", _AMOUNT, "work_item"),
)
_SAME_BUT_AMOUNT = (
    ("contract_no", "contract_date"),
    ("contract_no", "winner_name"),
    ("winner_name", "contract_date", "work_item"),
)


class _Pair(NamedTuple):
    """A compared row, and the counted row of the same contract (None where there is none)."""

    row: int
    counted: int | None
    agrees: bool


@crosscheck(
    "XLY-01",
    NOTE,
    th="สัญญานี้รายงานไว้แล้วในเอกสารที่ใช้นับ ({file} แถว {first}) แถวนี้ใช้เทียบกันและไม่นับซ้ำ",
    en="This contract is reported in the layout that counts ({file}, row {first}); this row is "
    "compared, not counted again.",
    example=("สัญญา 1/2566 ในประกาศรายไตรมาส ซึ่งอยู่ใน สขร.1 แล้ว", "contract 1/2566 in both"),
)
def contract_met_again(evidence: Evidence) -> Iterator[Violation]:
    """A contract that is met again in another layout is not counted twice."""
    for pair in _pairs(evidence):
        if pair.counted is not None and pair.agrees:
            yield _met_again(evidence, pair, pair.counted)


@crosscheck(
    "XLY-02",
    WARNING,
    th="ราคาที่ตกลงของสัญญาเดียวกันไม่ตรงกัน: แถวนี้ {here} บาท แต่เอกสารที่ใช้นับ ({file} แถว {first}) "
    "{there} บาท โปรดตรวจสอบและแก้ให้ตรงกัน",
    en="The agreed price of one contract differs: {here} baht here, {there} baht in the layout "
    "that counts ({file}, row {first}); please make them agree.",
    example=("12,500.00 ในประกาศ แต่ 12,000.00 ใน สขร.1", "12,500.00 there, 12,000.00 in สขร.1"),
)
def amounts_agree(evidence: Evidence) -> Iterator[Violation]:
    """The amounts of one contract are the same in both layouts."""
    for pair in _pairs(evidence):
        if pair.counted is not None and not pair.agrees:
            yield _met_again(evidence, pair, pair.counted)


@crosscheck(
    "XLY-03",
    ERROR,
    th="ไม่พบสัญญานี้ในเอกสารที่ใช้นับ จึงยังไม่นับรวม โปรดเพิ่มในแบบรายงานที่ใช้นับ หรือชี้แจงว่าเป็นสัญญาใด",
    en="This contract is not in the layout that counts, so it is not counted yet; please add it "
    "there, or say which contract it is.",
    example=("สัญญา 77/2566 ที่มีในประกาศเท่านั้น", "contract 77/2566 in the notice alone"),
)
def contract_is_counted(evidence: Evidence) -> Iterator[Violation]:
    """A contract known from another layout stands in the one that counts too."""
    for row in _alone(evidence, priced=True):
        yield Violation(FORM, row, "work_item")


@crosscheck(
    "XLY-04",
    NOTE,
    th="แถวนี้เป็นประกาศที่ยังไม่มีราคาที่ตกลง จึงไม่ใช่การจัดซื้อจัดจ้างที่นับรวม และเก็บไว้เทียบกับสัญญา",
    en="This row announces a purchase without an agreed price; it is kept to be compared with the "
    "contract and is not counted.",
    example=("ประกาศราคากลางที่ยังไม่มีผู้ชนะ", "a reference price without a winner yet"),
)
def announcement_is_no_contract(evidence: Evidence) -> Iterator[Violation]:
    """What has no agreed price yet is announced, not bought."""
    for row in _alone(evidence, priced=False):
        yield Violation(FORM, row, "work_item", duplicate=True)


def _alone(evidence: Evidence, *, priced: bool) -> Iterator[int]:
    """The compared rows without a counted row of the same contract, with an agreed price or not."""
    for pair in _pairs(evidence):
        amount = evidence.compared[FORM].at[pair.row, _AMOUNT]
        if pair.counted is None and pd.notna(amount) == priced:
            yield pair.row


def _met_again(evidence: Evidence, pair: _Pair, twin: int) -> Violation:
    rows, counted = evidence.compared[FORM], evidence.counted[FORM]
    amounts = (rows.at[pair.row, _AMOUNT], counted.at[twin, _AMOUNT])
    texts = ("-" if pd.isna(amount) else baht(amount) for amount in amounts)
    params = dict(zip(("here", "there"), texts, strict=True)) | place_of(counted, twin)
    return Violation(FORM, pair.row, _AMOUNT, params=params, duplicate=True)


def _pairs(evidence: Evidence) -> Iterator[_Pair]:
    """Every compared row with the counted one of the same contract, each met once by a sheet."""
    rows, counted = evidence.compared.get(FORM), evidence.counted.get(FORM)
    if rows is None or counted is None:
        return
    for _, sheet in rows.groupby(["submission", "sheet"], sort=False):
        free = {int(index) for index in counted.index}
        twins: dict[int, tuple[int, bool]] = {}
        for keys, agrees in ((_SAME, True), (_SAME_BUT_AMOUNT, False)):
            for columns in keys:
                places = _places(counted, columns)
                for index, key in _keys(sheet, columns):
                    twin = next((i for i in places.get(key, ()) if i in free), None)
                    if twin is not None and index not in twins:
                        twins[index] = (twin, agrees)
                        free.discard(twin)
        for index in map(int, sheet.index):
            yield _Pair(index, *twins.get(index, (None, False)))


def _places(rows: pd.DataFrame, columns: Sequence[str]) -> dict[tuple[str, ...], list[int]]:
    places: dict[tuple[str, ...], list[int]] = {}
    for index, key in _keys(rows, columns):
        places.setdefault(key, []).append(index)
    return places


def _keys(rows: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each row's key over these columns, where none of them is blank."""
    whole = rows[list(columns)].dropna()
    for index, *values in whole.itertuples(name=None):
        yield int(index), tuple(matching_key(str(value)) for value in values)
