"""Purchases that may be parts of one: what makes a group, and what does not."""

from tests.support.purchases import EBIDDING, NUMBERS, among, bought, codes, signals, split

SPELT = ("ห้างหุ้นส่วนจำกัด ตัวอย่าง", "หจก.ตัวอย่าง", "ห้างหุ้นส่วนจำกัดตัวอย่าง (สำนักงานใหญ่)")


def group(plan, *changes):
    found = [f for f in signals(plan, *changes) if f.code == "RF06"]
    return [(f.group, f.params["total"], f.params["matched_en"]) for f in found]


def on(day, baht="200,000.00", seller="ร้านตัวอย่าง", **others):
    return bought(baht, seller, contract_date=day, work_item=f"งาน {day}", **others)


def test_a_group_says_what_its_seller_was_told_by(plan_12):
    days = ("5/10/2565", "6/10/2565", "7/10/2565")
    by_name = [on(day, seller=name) for day, name in zip(days, SPELT, strict=True)]
    assert group(plan_12, *by_name) == [((0, 1, 2), "600,000.00", "name")]
    both = [on(day, winner_tin=NUMBERS[0]) for day in days[:2]] + [on(days[2])]
    assert group(plan_12, *both) == [((0, 1, 2), "600,000.00", "taxpayer number and name")]
    by_number = [on(day, seller=f"ร้าน {day}", winner_tin=NUMBERS[0]) for day in days]
    assert group(plan_12, *by_number) == [((0, 1, 2), "600,000.00", "taxpayer number")]


def test_a_name_that_two_sellers_bear_joins_neither(plan_12):
    days = ("5/10/2565", "6/10/2565", "7/10/2565")
    numbers = (NUMBERS[0], NUMBERS[1], "")
    typed = zip(days, numbers, strict=True)
    assert group(plan_12, *(on(day, "300,000.00", winner_tin=n) for day, n in typed)) == []
    masked = [on(day, winner_tin="130990115xxxx") for day in days]
    assert group(plan_12, *masked) == [((0, 1, 2), "600,000.00", "name")]


def test_windows_that_share_a_contract_are_one_group(plan_12):
    chain = [on(day, "300,000.00") for day in ("3/10/2565", "2/11/2565", "2/12/2565")]
    assert [rows for rows, _, _ in group(plan_12, *chain)] == [(0, 1, 2)]
    apart = [on(day, "300,000.00") for day in ("3/10/2565", "4/10/2565", "1/12/2565", "2/12/2565")]
    assert [rows for rows, _, _ in group(plan_12, *apart)] == [(0, 1), (2, 3)]
    assert [rows for rows, _, _ in group(plan_12, *reversed(apart))] == [(3, 2), (1, 0)]


def test_only_small_specific_contracts_are_parts_of_a_split(plan_12):
    assert group(plan_12, *split("250,000.00", "250,000.00")) == []
    assert group(plan_12, *split("500,000.00", "0.01")) == [((0, 1), "500,000.01", "name")]
    assert group(plan_12, *split("500,000.01", "500,000.01")) == []
    assert group(plan_12, *split("300,000.00", "300,000.00", procurement_method=EBIDDING)) == []
    assert group(plan_12, *split("300,000.00", "300,000.00", contract_date="")) == []


def test_one_item_from_two_sellers_needs_the_same_day_and_item(plan_12):
    found = [f for f in signals(plan_12, *among("300,000", "300,000")) if f.code == "RF06-2"]
    assert [f.group for f in found] == [(0, 1)]
    for other in ({"contract_date": "6/10/2565"}, {"work_item": "จ้างทำป้าย"}):
        assert "RF06-2" not in codes(plan_12, *among("300,000", "300,000", **other))
