"""Four hundred workbooks of made-up purchases, laid out as offices do: none is read wrong in silence."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pandas as pd
import pytest

from pipeline.intake import intake
from pipeline.merge import merge
from pipeline.model import Channel, Fate, ReadRound, Received, Severity
from pipeline.plan import load_plan
from pipeline.read import read
from pipeline.validate import validate
from schemas import forms
from tests.support.bought import Made, Maker, Purchase

pytestmark = pytest.mark.office  # whole rounds

COUNT = 420
WHEN = datetime(2023, 10, 4, 10, 0, tzinfo=timezone(timedelta(hours=7)))


@pytest.fixture(scope="module")
def plan(root):
    """A round in which each workbook is that of a division of its own."""
    whole = load_plan(root / "inputs" / "2566-12", forms(), None)
    like = next(each for each in whole.divisions if each.code == "02")
    own = (
        replace(like, code=f"{n:03}", name=f"กอง {n}", aliases=(), senders=(sender(n),))
        for n in range(COUNT)
    )
    return replace(whole, divisions=tuple(own))


def sender(number: int) -> str:
    return f"d{number}@town.example"


@pytest.fixture(scope="module")
def made(plan) -> list[Made]:
    maker = Maker(2566, plan.form("procurement").variants.layouts)
    return [maker.make(number) for number in range(COUNT)]


def received(made: Made, sender: str) -> Received:
    sha256 = hashlib.sha256(made.data).hexdigest()
    return Received(made.name, made.data, sha256, Channel.LOOSE, WHEN, sender, Path(made.name))


LAYOUTS = ("monthly", "oit", "open_data")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_none_is_read_wrong_in_silence(plan, made, layout):
    mine = {f"{n:03}": each for n, each in enumerate(made) if each.layout == layout}
    basis = replace(plan, procurement_basis=layout)
    files = [received(each, sender(int(code))) for code, each in mine.items()]
    reading = validate(read(intake(files, basis), basis), basis)
    frame = merge(reading)["procurement"].frame
    comparison = Comparison(reading)
    for each in mine.values():
        comparison.compare(each, frame[frame["submission"] == each.name])
    assert comparison.wrong == []
    assert comparison.right >= 0.97 * comparison.compared
    assert comparison.compared > 10 * len(mine)


class Comparison:
    """What was read beside what is true."""

    def __init__(self, reading: ReadRound) -> None:
        self.reading, self.wrong, self.right, self.compared = reading, [], 0, 0
        told = (f for f in reading.findings if f.severity > Severity.NOTE)
        self.told = {f.index for f in told if f.form == "procurement"} - {None}

    def compare(self, made: Made, rows: pd.DataFrame) -> None:
        outcomes = [o for o in self.reading.form_outcomes if o.submission == made.name]
        if any(o.state == "refused" for o in outcomes) or not outcomes:
            return  # asked about: that errors refuse a form is tested elsewhere
        nil = {o.month for o in outcomes if o.state == "nil"}
        if nil != {*made.nothing} - {each.month for each in made.purchases}:
            self.wrong.append((made.name, "nothing", made.nothing, nil))
        if len(rows) != len(made.purchases):
            self.wrong.append((made.name, "rows", len(made.purchases), len(rows)))
            return
        for (index, row), bought in zip(rows.iterrows(), made.purchases, strict=True):
            self.compare_row(made.name, index, row, bought)

    def compare_row(
        self, name: str, index: object, row: "pd.Series[object]", bought: Purchase
    ) -> None:
        asked = row["fate"] == Fate.HELD_BACK or index in self.told
        for key, (right, got) in pairs(row, bought).items():
            self.compared += 1
            unknown = got is None and key in ("bidders", "lowest", "report_month")
            self.right += got == right or unknown
            if got != right and not asked and not unknown:
                self.wrong.append((name, key, right, got))


def pairs(row: "pd.Series[object]", bought: Purchase) -> dict[str, tuple[object, object]]:
    """Each value that matters as it is and as it was read."""
    right = {
        "report_month": bought.month,
        "work_item": bought.item,
        "budget_satang": bought.budget,
        "contract_no": bought.number,
        "procurement_method": bought.method,
        "winner_name": bought.winner,
        "agreed_price_satang": bought.price,
        "contract_date": bought.day,
        "bidder_count": len(bought.bids),
        "lowest_bid_satang": min(price for _, price in bought.bids),
    }
    read = {name: None if pd.isna(row[name]) else row[name] for name in right}
    days = {n: v.date() if isinstance(v, pd.Timestamp) else v for n, v in read.items()}
    short = {"bidder_count": "bidders", "lowest_bid_satang": "lowest"}
    return {short.get(name, name): (value, days[name]) for name, value in right.items()}
