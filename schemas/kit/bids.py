"""Bidders and prices in one cell, as the official form has them, and what follows from them."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd

from schemas.kit.kinds import TICK
from schemas.kit.thai.numbers import parse_money
from schemas.kit.thai.thai_text import arabic_digits, clean, one_dash
from schemas.kit.vendors import vendor_key, with_vendors

_FIGURES = r"[0-9][0-9,]*(?:\.[0-9]+)*"
_SPACED = r"[0-9]{1,3}(?: [0-9]{3})+(?:\.[0-9]{1,2})?"
_SHAPED = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?|[0-9]+\.[0-9]{2})"
_BAHT = r"(?:\.-\s*(?:บาท)?|\.?\s*บาท)\s*(?:ถ้วน)?"
_WORDS = r"(?:\s*\((?!\s*(?:ราคา)?\s*รวม)[^()0-9]+\))?"
_TAX = r"(?:\s*\(?\s*(?:ราคา)?\s*รวม\s*(?:ภาษี(?:มูลค่าเพิ่ม)?|vat)\s*(?:7\s*%)?\s*(?:แล้ว)?\s*\)?)?"
_ENDING = rf"{_TAX}\s*[.)]?\s*"
_PRICE_WORD = (
    r"(?:(?:โดย|ใน)?(?:เสนอ|ตกลง)?(?:ใน)?ราคา(?:รวม)?"
    r"(?:ที่)?(?:เสนอ|ตกลง)?(?:(?:จัด)?ซื้อ)?(?:หรือ|/)?(?:(?:จัด)?จ้าง)?"
    r"|(?:รวม)?เป็น(?:จำนวน)?เงิน(?:ทั้งสิ้น)?|(?:ใน)?วงเงิน|จำนวนเงิน|จำนวน)"
)
_PRICE_WORDS = rf"{_PRICE_WORD}(?:\s*{_PRICE_WORD})*"
# A name may end with a number, so a price needs a mark: a stroke, an equals sign, a dash between
# spaces, a colon or a line of its own before it, baht or a dash behind it, or an amount's shape.
_MARK = rf"(?:[/:=\n(]|(?<=\s)-(?=\s)|{_PRICE_WORDS})"
# Three digits behind a number and a space may be its thousands: what is the price nobody knows.
_ALONE = r"(?<![0-9,.])(?:(?<![0-9] )|(?![0-9]{3}(?![0-9,])))"
_PRICES = tuple(
    re.compile(rf"(?P<name>.*?){price}{_ENDING}", re.DOTALL | re.IGNORECASE)
    for price in (
        rf"{_MARK}\s*\(?(?P<price>(?:{_SPACED}|{_FIGURES})(?:{_BAHT}|\.-)?{_WORDS})",
        rf"\s*\(?{_ALONE}(?P<price>{_FIGURES}(?:{_BAHT}|\.-){_WORDS})",
        rf"(?:^|\s)\(?{_ALONE}(?P<price>{_SHAPED}{_WORDS})",
    )
)
_NUMBER = r"\(?(?P<number>[1-9][0-9]?)[.)]\s*(?=[^\s0-9.,])"
_NUMBERED = re.compile(rf"(?:^|(?<=\s)){_NUMBER}", re.MULTILINE)
_ITEM = re.compile(r"^\s*(?:\(?[0-9]{1,2}[.)]\s*(?=[^\s0-9.,])|[-•]\s)")
_BETWEEN = re.compile(r";|,(?![0-9])(?!\s*(?:ltd|inc)\b)|(?<=บาท)\s+(?=[^\s(0-9])", re.IGNORECASE)
_ONLY_UNIT = re.compile(r"^[\s/,.]*(?:บาท)?\s*(?:ถ้วน)?[\s/,.]*$")
_LONGEST = 500  # a hostile cell would take the patterns minutes
_TAIL = re.compile(rf"(?:[\s/:,=(-]|(?:^|(?<=\s)){_PRICE_WORDS}$)+$")
_LEGAL = (
    r"บริษัท|บจก|บมจ|ห้าง|หจก|หสน|ร้าน|อู่|นาย|นาง|น\.ส|คุณ|สหกรณ์|กิจการ|กลุ่ม|วิสาหกิจ|มหาวิทยาลัย|โรง|สำนัก|องค์การ"
    r"|การ(?:ไฟฟ้า|ประปา)|มูลนิธิ|สมาคม|โครงการ|ว่าที่|จ\.ส|ส\.|ด\.|พ\."
)
_BEGINS = re.compile(_LEGAL)
_GOES_ON = re.compile(r"จำกัด|\(มหาชน\)|\(?สำนักงานใหญ่|\(?สาขา|และ|&")
_UNFINISHED = re.compile(r"บริษัท(?!.*จำกัด)|(?:ห้างหุ้นส่วน(?:จำกัด)?|หจก\.?|บจก\.?|ร้าน|นาย|นาง(?:สาว)?)$")
_SEVERAL = re.compile(r".(?:[,;]|\s)\s*(?:บริษัท|บจก|หจก|ห้างหุ้นส่วน|ร้าน)")
_BARGAINED = re.compile(r"ต่อรอง|ปรับลด|ลด(?:ราคา|เหลือ)|(?:คง)?เหลือ")
CANCELLED = "ยกเลิก"


class Bid(NamedTuple):
    """A bidder's name and the price offered in satang, None where none can be read for certain."""

    name: str
    satang: int | None


class Bids(NamedTuple):
    """The bidders of one cell; `certain` says whether their number is beyond doubt."""

    bids: tuple[Bid, ...]
    certain: bool


def parse_bid(text: str) -> Bid:
    """The name and the price in a bidder's cell; words beside the figures must say the same."""
    text = clean(text)
    if len(text) > _LONGEST:
        return Bid(" ".join(text.split()), None)
    plain = _ITEM.sub("", one_dash(arabic_digits(text)))
    as_typed = text[len(text) - len(plain) :]
    for pattern in _PRICES:
        if match := pattern.fullmatch(plain):
            return Bid(_name(as_typed[: match.end("name")]), _satang(match["price"]))
    return Bid(_name(as_typed), None)


def _satang(price: str) -> int | None:
    """An amount of which spaces may part the thousands; nothing is sold for nothing."""
    joined = re.sub(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))", "", price)
    return parse_money(joined).value or None


def _name(text: str) -> str:
    return " ".join(_TAIL.sub("", text).split())


def parse_bids(text: str) -> Bids:
    """Every bidder of a cell: one a line, numbered, or parted by commas and semicolons.

    A line of a price alone belongs to the name before, a line that goes on with a name too. Where
    a line may be a bidder or a part of one, their number is not certain.
    """
    bids: list[Bid] = []
    certain = True
    for piece in _pieces(clean(text)):
        bid = parse_bid(piece)
        last = bids[-1] if bids else None
        if not bid.name:
            certain &= last is not None and last.satang is None
            bids[-1:] = [Bid(last.name if last else "", bid.satang)]
        elif last is not None and last.satang is None and _is_rest(last.name, bid.name):
            bids[-1] = Bid(f"{last.name} {bid.name}", bid.satang)
        else:
            doubtful = last is not None and last.satang is None and not _BEGINS.match(bid.name)
            certain &= not doubtful
            bids.append(bid)
    return Bids(tuple(bids), certain and not any(_is_doubtful(bid.name) for bid in bids))


def _is_doubtful(name: str) -> bool:
    """Whether a name is none, or the names of several, or what was bargained for."""
    return not name or bool(_SEVERAL.search(name) or _BARGAINED.match(name))


def _is_rest(name: str, following: str) -> bool:
    """Whether a line without a price and the one below it are one bidder's name."""
    if _BEGINS.match(following):
        return False
    return bool(_GOES_ON.match(following) or _UNFINISHED.search(name))


def _pieces(text: str) -> Iterator[str]:
    """The parts of a cell of which each is a bidder, or a line of one."""
    plain = arabic_digits(text)
    numbered = list(_NUMBERED.finditer(plain))
    if [int(each["number"]) for each in numbered] == list(range(1, len(numbered) + 1)):
        starts = [0, *(each.start() for each in numbered), len(text)]
        parts = [text[start:end] for start, end in pairwise(starts)]
    else:
        parts = [text]
    for line in (line for part in parts for line in part.splitlines()):
        pieces = [piece for piece in _BETWEEN.split(line) if _ONLY_UNIT.sub("", piece)]
        yield from pieces if all(parse_bid(each).satang for each in pieces) else [line]


def with_winner(rows: pd.DataFrame) -> pd.DataFrame:
    """The winner's name and, where its own column is blank, the agreed price out of the text.

    Reads winner_and_price_raw; fills winner_name (string) and agreed_price_satang (Int64).
    """
    texts = rows["winner_and_price_raw"].dropna()
    bids = [_winning(text) for text in texts]
    names = pd.Series([bid.name or None for bid in bids], index=texts.index, dtype="string")
    prices = pd.Series([bid.satang for bid in bids], index=texts.index, dtype="Int64")
    agreed = rows["agreed_price_satang"].fillna(prices.reindex(rows.index))
    return rows.assign(winner_name=names.reindex(rows.index), agreed_price_satang=agreed)


def _winning(text: str) -> Bid:
    """The one seller of a winner's cell; of several, or of a cancelled purchase, no price."""
    bids = parse_bids(text).bids
    name = " ".join(bid.name for bid in bids)
    prices = [bid.satang for bid in bids if bid.satang]
    parts = bids[1:] if len(prices) == 1 else bids[:1] if bids[1:] else ()
    unclear = CANCELLED in name or _SEVERAL.search(name) or _BARGAINED.search(name)
    if unclear or any(_BEGINS.match(bid.name) for bid in parts):
        return Bid(name, None)
    return Bid(name, prices[0] if len(prices) == 1 else None)


_BIDS = {
    "row": "int64",
    "seq_no": "int64",
    "bidder_name": "string",
    "bid_price_satang": "Int64",
    "is_winner": "bool",
}


def procurement_bids(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per bidder: row (index of `rows`), seq_no in its cell, name, price, is_winner.

    Only of cells that leave no doubt how many there are.
    """
    texts = rows[["bidders_and_prices_raw", "winner_name"]].dropna(subset="bidders_and_prices_raw")
    bids = []
    for index, text, winner in texts.itertuples(name=None):
        winner_key = "" if pd.isna(winner) else vendor_key(winner)
        found = parse_bids(text)
        for number, bid in enumerate(found.bids if found.certain else (), 1):
            is_winner = bool(winner_key) and vendor_key(bid.name) == winner_key
            bids.append((index, number, bid.name, bid.satang, is_winner))
    return pd.DataFrame(bids, columns=list(_BIDS), dtype=object).astype(_BIDS)


def with_facts(rows: pd.DataFrame) -> pd.DataFrame:
    """Everything a purchase says between its lines: winner, seller, bids, prices compared."""
    return _with_prices_compared(_with_bids(with_vendors(with_winner(rows))))


def _with_bids(rows: pd.DataFrame) -> pd.DataFrame:
    """How many bid, the lowest bid and the winner's; no price unless every bidder's is known."""
    bids = procurement_bids(rows)
    prices = bids.groupby("row")["bid_price_satang"]
    complete = prices.count() == prices.size()
    won = bids[bids["is_winner"]].groupby("row")["bid_price_satang"].first()
    columns = {
        "bidder_count": prices.size(),
        "lowest_bid_satang": prices.min()[complete],
        "winning_bid_satang": won[complete.reindex(won.index)],
    }
    return rows.assign(**{n: v.reindex(rows.index).astype("Int64") for n, v in columns.items()})


def _with_prices_compared(rows: pd.DataFrame) -> pd.DataFrame:
    """A tick where the agreed price is the reference price, and where that is the budget."""
    reference = rows["reference_price_satang"]
    return rows.assign(
        at_reference_price=_ticks(rows["agreed_price_satang"] == reference),
        reference_is_budget=_ticks(reference == rows["budget_satang"]),
    )


def _ticks(condition: "pd.Series[bool]") -> "pd.Series[str]":
    ticks = pd.Series(TICK, index=condition.index, dtype="string")
    return ticks.where(condition.fillna(False).astype(bool))


def months_since_project(numbers: "pd.Series[str]", days: "pd.Series[Any]") -> "pd.Series[Any]":
    """Months from the beginning of an e-GP project to a day; <NA> where the number names no month.

    An e-GP number begins with the year (two digits of พ.ศ.) and the month of its creation.
    """
    created = numbers.str.extract(r"^([0-9]{2})(0[1-9]|1[0-2])").astype("Int64")
    months = days.dt.year * 12 + days.dt.month
    return months.astype("Int64") - ((created[0] + 2500 - 543) * 12 + created[1])
