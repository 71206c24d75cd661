"""Totals that hold a price above ten times its budget, beside what they are without it."""

from decimal import Decimal

TYPED = Decimal("9999999.00")  # จัดซื้อจัดจ้าง!H22 of the messy round, on a budget of 46,500


def marked(settled):
    return {key: figure for key, figure in settled.figures.items() if figure.without is not None}


def test_every_total_that_holds_an_outsized_price_has_the_other_beside_it(settled_messy):
    found = marked(settled_messy)
    assert {key for key in found if ".vendor_" not in key} == {
        f"procurement.{period}.{name}"
        for period in ("quarter_2", "year")
        for name in ("agreed_baht", "agreed_compared_baht", "method_5.agreed_baht")
    }
    (seller,) = {key.split(".")[1] for key in found if ".vendor_" in key}
    rows = settled_messy.tables["procurement"].frame
    sold = rows.loc[rows["agreed_price_satang"] == int(TYPED * 100), "vendor"].item()
    assert found[f"procurement.{seller}.agreed_baht"].dimensions["vendor"].th == sold
    assert {figure.value - figure.without for figure in found.values()} == {TYPED}


def test_a_round_without_one_has_no_mark(settled_12):
    assert marked(settled_12) == {}
