"""The table of values: what is read of what is typed, and what is not."""

from pipeline.commands import dictionary
from schemas.kit.kinds import kinds
from schemas.kit.thai.thai_text import ProblemCode, RepairCode


def test_the_table_of_values_shows_every_kind_every_repair_and_every_problem():
    made = dictionary.values()
    assert {e["kind"] for e in made} == {kind.name for kind in kinds()}
    assert {code for e in made for code in e["repairs"]} == set(RepairCode)
    problems = {f"unreadable-{code.replace('_', '-')}" for code in ProblemCode}
    assert {e["problem"] for e in made} == problems | {None}


def test_what_is_read_and_what_is_not_is_told_apart():
    made = {(e["cell"], e["typed"], e["heading_en"]): e for e in dictionary.values()}
    read = made[("text", "12,500.-", "Amount (baht)")]
    assert (read["read_th"], read["problem"]) == ("12,500.00 บาท", None)
    assert "สตางค์" in read["th"]
    asked = made[("date", "1965-10-01", "Date")]
    assert (asked["read_th"], asked["problem"]) == (None, "unreadable-year-1965")
    assert "1 ต.ค. 2565" in asked["th"]
    assert "2022-10-01" in asked["en"]
    lines = list(dictionary.lines([read, asked], "en"))
    assert lines[1:3] == [
        "  typed “12,500.-” → 12,500.00 baht",
        f"      dash_suffix, thousands_commas: {read['en']}",
    ]
    assert lines[4].endswith("(date cell) → not used, to be asked about")
