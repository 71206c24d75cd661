"""Purchases in a few words, and the signals that they give."""

from datetime import date, timedelta
from types import SimpleNamespace

from pipeline.crosscheck import crosscheck
from pipeline.model import ReadRound
from schemas import forms
from schemas.kit.methods import METHODS
from schemas.kit.thai.dates import format_date
from tests.support.builders import table

FORMS = {form.name: form for form in forms()}
EBIDDING, SPECIFIC = METHODS[1], METHODS[4]
NUMBERS = ("0993500000012", "0993500000021", "0993500000080")


def bought(baht="12,000.00", seller="ร้านตัวอย่าง", rivals=(), **others):
    """A purchase at a price; `rivals` are the other bidders, as name / price."""
    won = f"{seller} / {baht} บาท"
    typed = {"winner_and_price_raw": won, "agreed_price_satang": baht, "winner_tin": ""}
    typed["bidders_and_prices_raw"] = "\n".join([won, *rivals])
    return typed | others


def signals(plan, *changes):
    """What is signalled about these purchases, with the places of the rows it is made of."""
    tables = {name: table(form, [], file="02") for name, form in FORMS.items()}
    numbered = [{"contract_no": f"{n}/2566"} | each for n, each in enumerate(changes, 1)]
    tables["procurement"] = table(FORMS["procurement"], numbered, file="02")
    sent = (SimpleNamespace(name="02", division="02", workbook=None),)
    found = crosscheck(ReadRound(sent, tables, (), (), ()), plan).findings
    return [finding for finding in found if finding.is_signal]


def codes(plan, *changes):
    return [finding.code for finding in signals(plan, *changes)]


def at(baht):
    """A specific purchase whose price, reference price and budget are one amount."""
    return bought(baht, reference_price_satang=baht, budget_satang=baht)


def split(first, second, days=0, **others):
    """Two specific purchases from one seller, so many days apart."""
    begun = date(2022, 10, 5)
    then = format_date(begun + timedelta(days=days))
    return [
        bought(first, reference_price_satang="-", contract_date=format_date(begun), work_item="ก"),
        bought(second, reference_price_satang="-", contract_date=then, work_item="ข") | others,
    ]


def competing(*rivals, **others):
    return bought(procurement_method=EBIDDING, rivals=rivals, **others)


def among(first, second, **others):
    """One item from two sellers on one day."""
    return [bought(first), bought(second, "ร้านสมมติ") | others]
