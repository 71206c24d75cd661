"""The catalogue of all that can be found: weights, examples, sentences."""

import io

import openpyxl
import pytest

from pipeline.commands import rules
from pipeline.messages import catalogue
from pipeline.messages.weights import weights_of
from pipeline.template import workbook_for


def test_every_code_has_a_weight_an_example_and_sentences(forms):
    for entry in rules.rules(forms):
        for key in ("code", "severity", "th", "en", "example_th", "example_en"):
            assert entry[key], entry
        assert "{" not in f"{entry['th']}{entry['en']}"


def test_every_generic_code_is_weighed_and_no_other():
    generic = {key.removeprefix("finding.") for key in catalogue() if key.startswith("finding.")}
    shown = {key.removeprefix("example.") for key in catalogue() if key.startswith("example.")}
    assert generic == shown
    assert [code for code in generic if not weights_of(code)] == []
    assert weights_of("PRC-01") == ()


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_catalogue_is_a_block_for_each_code(forms, lang):
    entries = rules.rules(forms)
    lines = list(rules.lines(entries, lang))
    heads = [line for line in lines if not line.startswith(" ")]
    assert [head.partition(" ")[0] for head in heads] == [str(e["code"]) for e in entries]
    at = next(number for number, line in enumerate(lines) if line.startswith("PRJ-01 "))
    (entry,) = [each for each in entries if each["code"] == "PRJ-01"]
    assert lines[at + 1 : at + 4] == [
        f"    {entry[lang]}",
        *(line for line in lines[at + 2 : at + 4] if "1/9/2566" in line or "1/8/2566" in line),
    ]


def test_what_no_template_checks_is_said_to_be_checked_when_sent(forms, plan_12):
    """The catalogue and the sheet ตรวจก่อนส่ง of every division say the same of every rule."""
    owed = {name for division in plan_12.divisions for name in division.forms}
    asked = tuple(form for form in forms if form.is_cover or form.name in owed)
    entries = [e for e in rules.rules(asked) if e["form"]]
    early, late = ({e["th"] for e in entries if e["in_template"] is said} for said in (True, False))
    shown = {True: set(), False: set()}
    for division in plan_12.divisions:
        book = openpyxl.load_workbook(io.BytesIO(workbook_for(division, plan_12)))
        for row in book["ตรวจก่อนส่ง"].iter_rows(values_only=True):
            shown[row[5] == "ตรวจเมื่อส่งแล้ว"].add(row[1])
    assert early
    assert late
    assert early <= shown[False] - shown[True]
    assert late <= shown[True] - shown[False]


def test_the_list_says_which_rules_are_checked_when_sent(forms):
    entries = [e for e in rules.rules(forms) if e.get("in_template") is False]
    said = [line.strip() for line in rules.lines(entries, "en")]
    assert said.count("checked when sent (no formula in the template can tell)") == len(entries)
    others = [e for e in rules.rules(forms) if e.get("in_template") is not False]
    assert "checked when sent" not in str(list(rules.lines(others, "en")))


def test_an_example_names_the_headings_and_says_what_is_blank(forms):
    (entry,) = [e for e in rules.rules(forms) if e["code"] == "PRC-01"]
    assert str(entry["example_th"]).endswith("ราคาที่ตกลง (บาท) = (ว่าง)")
    assert "Agreed price (baht) = (blank)" in str(entry["example_en"])


def test_a_rule_says_in_which_layouts_it_looks_and_why_not_in_others(forms):
    entry = rules.explain("PRC-05", forms)
    blind = {each["layout"]: each["lacking"] for each in entry["layouts"]}
    assert blind["monthly"] != []
    assert blind["quarterly"] == []
    lines = "\n".join(rules.lines([entry], "th"))
    assert "ตรวจในแบบของทางราชการด้วย: ประกาศผลผู้ชนะการจัดซื้อจัดจ้างรายไตรมาส" in lines
    assert "ตรวจไม่ได้ในแบบ สขร.1 รายเดือน เพราะไม่มีคอลัมน์ “" in lines
