"""Bidders and prices in one cell, as the official form has them, and what follows from them."""

import re
from typing import Any, NamedTuple

import pandas as pd

from schemas.kit.kinds import TICK
from schemas.kit.thai.numbers import parse_money
from schemas.kit.thai.text import arabic_digits, clean
from schemas.kit.vendors import vendor_key, with_vendors

_FIGURES = r"[0-9][0-9,]*(?:\.[0-9]+)*"
_BAHT = r"\.?\s*บาท\s*(?:ถ้วน)?"
_WORDS = r"(?:\s*\([^()0-9]+\))?"
_ENDING = r"\s*[.)]?\s*"
_PRICE_WORDS = r"(?:(?:เสนอ)?ราคา(?:ที่เสนอ|ที่ตกลง)?|เป็นเงิน|จำนวนเงิน|จำนวน)"
# A name may end with a number, so a price needs a mark: a stroke, a colon or a line of its own
# before it, or baht or a dash behind it.
_MARKED_BEFORE = rf"(?:[/:\n]|{_PRICE_WORDS})\s*\(?(?P<price>{_FIGURES}(?:\.-|{_BAHT})?{_WORDS})"
_MARKED_BEHIND = rf"\s*\(?(?P<price>(?<![0-9,.]){_FIGURES}(?:\.-|{_BAHT}){_WORDS})"
_PRICES = tuple(
    re.compile(rf"(?P<name>.*?){marked}{_ENDING}", re.DOTALL)
    for marked in (_MARKED_BEFORE, _MARKED_BEHIND)
)
_NUMBERING = re.compile(r"^\s*(?:[0-9]{1,2}[.)]\s|-\s)")
_LONGEST = 500  # a hostile cell would take the patterns minutes
_TAIL = re.compile(rf"(?:[\s/:,(]|{_PRICE_WORDS}$)+$")


class Bid(NamedTuple):
    """A bidder's name and the price offered in satang, None where none can be read for certain."""

    name: str
    satang: int | None


def parse_bid(text: str) -> Bid:
    """The name and the price in a bidder's cell; words beside the figures must say the same."""
    text = clean(text)
    if len(text) > _LONGEST:
        return Bid(" ".join(text.split()), None)
    plain = _NUMBERING.sub("", arabic_digits(text))
    as_typed = text[len(text) - len(plain) :]
    for pattern in _PRICES:
        if match := pattern.fullmatch(plain):
            return Bid(_name(as_typed[: len(match["name"])]), parse_money(match["price"]).value)
    return Bid(_name(as_typed), None)


def _name(text: str) -> str:
    return " ".join(_TAIL.sub("", text).split())


def parse_bids(text: str) -> list[Bid]:
    """Every bidder of a cell, one a line; a line of a price alone belongs to the name before."""
    bids: list[Bid] = []
    for line in clean(text).splitlines():
        bid = parse_bid(f"/ {line}") if re.match(r"[๐-๙0-9]", line) else parse_bid(line)
        if not bid.name and bids and bids[-1].satang is None:
            bids[-1] = Bid(bids[-1].name, bid.satang)
        elif line:
            bids.append(parse_bid(line))
    return bids


def with_winner(rows: pd.DataFrame) -> pd.DataFrame:
    """The winner's name and, where its own column is blank, the agreed price out of the text.

    Reads winner_and_price_raw; fills winner_name (string) and agreed_price_satang (Int64).
    """
    texts = rows["winner_and_price_raw"].dropna()
    bids = [parse_bid(text) for text in texts]
    names = pd.Series([bid.name or None for bid in bids], index=texts.index, dtype="string")
    prices = pd.Series([bid.satang for bid in bids], index=texts.index, dtype="Int64")
    agreed = rows["agreed_price_satang"].fillna(prices.reindex(rows.index))
    return rows.assign(winner_name=names.reindex(rows.index), agreed_price_satang=agreed)


_BIDS = {
    "row": "int64",
    "seq_no": "int64",
    "bidder_name": "string",
    "bid_price_satang": "Int64",
    "is_winner": "bool",
}


def procurement_bids(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per bidder: row (index of `rows`), seq_no in its cell, name, price, is_winner."""
    texts = rows[["bidders_and_prices_raw", "winner_name"]].dropna(subset="bidders_and_prices_raw")
    bids = []
    for index, text, winner in texts.itertuples(name=None):
        winner_key = "" if pd.isna(winner) else vendor_key(winner)
        for number, bid in enumerate(parse_bids(text), 1):
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
