"""Signals in the bids of one purchase, out of the cell that holds all bidders."""

from collections.abc import Iterator
from difflib import SequenceMatcher

import pandas as pd

from schemas.crosschecks.purchases import CARDINAL, FORM, PRICE, RULES, baht, each, purchase_signal
from schemas.kit.bids import procurement_bids
from schemas.kit.cross_rules import Evidence, Violation
from schemas.kit.methods import COMPETITIVE
from schemas.kit.vendors import vendor_key

_BIDS = "bidders_and_prices_raw"
_ALIKE = 0.85


@purchase_signal(
    "RF01",
    title=("ผู้เสนอราคารายเดียวในวิธีที่มีการแข่งขัน", "A single bidder in a competitive method"),
    on=("procurement_method", "bidder_count"),
    th="วิธี{method} เปิดให้แข่งขัน แต่มีผู้เสนอราคารายเดียว ควรสอบทานการประกาศและคุณสมบัติที่กำหนด",
    en="A competitive method ({method}) had a single bidder; review the notice and "
    "the requirements.",
    example=("ประกวดราคาอิเล็กทรอนิกส์ มีผู้เสนอราคารายเดียว", "e-bidding with one bidder"),
    source=f"{CARDINAL.format('R018')}; {RULES.format('R5')}",
)
def single_bidder(rows: pd.DataFrame, _: Evidence) -> Iterator[Violation]:
    """Only one bidder took part where several might have."""
    alone = (rows["bidder_count"] == 1) & rows["procurement_method"].isin(COMPETITIVE)
    return each(rows[alone], _BIDS, lambda row: {"method": row.procurement_method})


@purchase_signal(
    "RF08",
    title=("ผู้เสนอราคาต่างรายเสนอราคาเท่ากัน", "Identical bids"),
    on=("lowest_bid_satang",),
    th="ผู้เสนอราคา {names} เสนอราคาเท่ากัน {price} บาท ควรสอบทานความเป็นอิสระของผู้เสนอราคา",
    en="The bidders {names} offered the same price, {price} baht; review if they are independent.",
    example=("ผู้เสนอราคาสองรายเสนอ 98,000.00 บาทเท่ากัน", "two bidders both offer 98,000.00 baht"),
    source=CARDINAL.format("R028"),
)
def identical_bids(rows: pd.DataFrame, _: Evidence) -> Iterator[Violation]:
    """Two bidders of one purchase offered the same price."""
    bids = procurement_bids(rows[rows["bidder_count"] > 1])
    offer = ["row", "bid_price_satang"]
    same = bids[bids.duplicated(offer, keep=False)]
    for (index, price), twins in same.groupby(offer, sort=True):
        params = {"names": ", ".join(twins["bidder_name"]), "price": baht(int(price))}
        yield Violation(FORM, int(index), _BIDS, params=params)


@purchase_signal(
    "RF09",
    title=("ผู้เสนอราคาต่ำสุดไม่ได้รับการคัดเลือก", "The lowest bid was not chosen"),
    on=("lowest_bid_satang", "winning_bid_satang"),
    th="ผู้ได้รับการคัดเลือกเสนอ {price} บาท สูงกว่าราคาเสนอต่ำสุด {lowest} บาท ควรสอบทานเหตุผลที่คัดเลือก",
    en="The winner offered {price} baht, above the lowest bid of {lowest} baht; review the reason "
    "for the selection.",
    example=(
        "ผู้เสนอต่ำสุด 95,000.00 บาท แต่ผู้ได้รับการคัดเลือกเสนอ 98,000.00 บาท",
        "95,000.00 baht was offered, the winner offered 98,000.00",
    ),
    source=CARDINAL.format("R036"),
)
def lowest_bid_not_chosen(rows: pd.DataFrame, _: Evidence) -> Iterator[Violation]:
    """The winner's bid was not the lowest."""
    passed_over = rows[rows["winning_bid_satang"] > rows["lowest_bid_satang"]]
    return each(
        passed_over,
        PRICE,
        lambda row: {"price": baht(row.winning_bid_satang), "lowest": baht(row.lowest_bid_satang)},
    )


@purchase_signal(
    "RF14",
    title=("ผู้ได้รับการคัดเลือกไม่อยู่ในรายชื่อผู้เสนอราคา", "The winner is not among the bidders"),
    on=("bidder_count", "winner_name"),
    th="ผู้ได้รับการคัดเลือก {winner} ไม่อยู่ในรายชื่อผู้เสนอราคา ({names}) ควรสอบทานรายชื่อทั้งสองช่อง",
    en="The winner {winner} is not among the bidders ({names}); review both cells.",
    example=(
        "ผู้เสนอราคามีเพียงร้านตัวอย่าง แต่ผู้ได้รับการคัดเลือกคือร้านอื่น",
        "only one shop made an offer, another was chosen",
    ),
    source="แบบ สขร.1: ผู้ได้รับการคัดเลือกมาจากผู้เสนอราคา",
)
def winner_made_no_offer(rows: pd.DataFrame, _: Evidence) -> Iterator[Violation]:
    """No bidder has the winner's name, or one that is nearly spelt so."""
    bidders = procurement_bids(rows).groupby("row", sort=True)["bidder_name"].agg(list)
    for index, names in bidders.items():
        winner = str(rows.at[index, "winner_name"])
        if not any(_is_alike(winner, name) for name in names):
            params = {"winner": winner, "names": ", ".join(names)}
            yield Violation(FORM, int(str(index)), PRICE, params=params)


def _is_alike(one: str, other: str) -> bool:
    """Whether two names are one seller's: one may be spelt shorter, or with a slip."""
    left, right = vendor_key(one), vendor_key(other)
    begins = left.startswith(right) or right.startswith(left)
    return begins or SequenceMatcher(None, left, right, autojunk=False).ratio() >= _ALIKE
