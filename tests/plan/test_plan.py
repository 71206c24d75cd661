"""`round.toml` as people get it wrong: one line each, naming the key."""

import re
from collections import Counter

import pytest

from pipeline.messages import say
from pipeline.model import PipelineError
from pipeline.plan import find_round, load_plan, obligations

WRONG = [
    ("round = 12 ", "round = 9 ", "plan-wrong-value", "round"),
    ("fiscal_year = 2566", 'fiscal_year = "2566"', "plan-wrong-type", "fiscal_year"),
    ("fiscal_year = 2566", "fiscal_yaer = 2566", "plan-missing-key", "fiscal_year"),
    ('digits = "thai"', 'digits = "roman"', "plan-wrong-value", "digits"),
    ('digits = "thai"', 'digit = "thai"', "plan-unknown-key", "digit"),
    ('owner = "02"', 'owner = "77"', "plan-wrong-value", "measures.5.owner"),
    ('coordinator = "08"', 'coordinator = "XX"', "plan-wrong-value", "measures.6.coordinator"),
    ("rounds = [12]", "rounds = [13]", "plan-wrong-value", "measures.4.rounds"),
    (
        "months = [2023-04-01, 2023-09-30]",
        "months = [2023-04-01]",
        "plan-wrong-type",
        "measures.3.months",
    ),
    ("procurement = [5]", "procurment = [5]", "plan-wrong-value", "divisions[2].forms.procurment"),
    ("value = 35", 'value = "35"', "plan-wrong-type", "criteria.min_project_count.value"),
    (
        'source = "ระเบียบ 2560',
        'sauce = "ระเบียบ 2560',
        "plan-missing-key",
        "criteria.thresholds.splitting_days.source",
    ),
    (
        "[criteria.weights.done]",
        "[criteria.weights.finished]",
        "plan-missing-key",
        "criteria.weights.done",
    ),
]


@pytest.fixture
def copy(root, tmp_path):
    """Write round.toml of the twelve-month round with a change; gives its folder."""
    text = (root / "inputs" / "2566-12" / "round.toml").read_text("utf-8")

    def change(old="", new="", encoding="utf-8"):
        assert old in text
        folder = tmp_path / "2566-12"
        folder.mkdir(exist_ok=True)
        (folder / "round.toml").write_bytes(text.replace(old, new, 1).encode(encoding, "replace"))
        return folder

    return change


@pytest.mark.parametrize("old, new, code, key", WRONG)
def test_a_wrong_key_or_value_is_one_line_with_its_path(copy, forms, old, new, code, key):
    with pytest.raises(PipelineError) as told:
        load_plan(copy(old, new), forms)
    assert (told.value.code, told.value.params["key"]) == (code, key)
    for lang in ("th", "en"):
        sentence = say(f"error.{code}", lang, **told.value.params)
        assert key in sentence
        assert "\n" not in sentence


def test_a_criterion_needs_a_source_and_an_approver(copy, forms):
    with pytest.raises(PipelineError) as told:
        load_plan(copy('approved_by = "(ผู้อนุมัติเกณฑ์ – ตัวอย่าง)"', 'approved_by = " "'), forms)
    assert told.value.code == "plan-criterion-without-source"


def test_notepads_bom_is_read_and_its_ansi_is_explained(copy, forms):
    assert load_plan(copy(encoding="utf-8-sig"), forms).round.months == 12
    with pytest.raises(PipelineError) as told:
        load_plan(copy(encoding="cp874"), forms)
    assert told.value.code == "plan-not-utf8"


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ("round = 12", "round = = 12", "other"),
        ('digits = "thai"', "digits = thai", "other"),
        ('digits = "thai"', 'digits = "thai', "quote"),
        ('digits = "thai"', "digits = 'thai", "quote"),
        ('digits = "thai"', "digits = “thai”", "curly"),
        ('digits = "thai"', 'digits = "C:\\Users"', "backslash"),
        ('digits = "thai"', 'digits = "D:\\งาน"', "backslash"),
        ('digits = "thai"', 'digits = "thai"\ndigits = "thai"', "twice"),
        ('ตัวอย่าง)", phone', 'ตัวอย่าง)"\nphone', "bracket"),
    ],
)
def test_broken_toml_names_its_line_and_the_likely_cause(copy, forms, old, new, cause):
    folder = copy(old, new)
    with pytest.raises(PipelineError) as told:
        load_plan(folder, forms)
    assert told.value.code == f"plan-not-toml-{cause}"
    text = (folder / "round.toml").read_text("utf-8")
    line = text[: text.index(new)].count("\n") + 1 + (cause == "twice")
    assert told.value.params["line"] in {line, text.count("\n")}  # else the end, where it stopped
    assert re.search(r"line [0-9]+|end of document", str(told.value.params["why"]))
    for lang in ("th", "en"):
        sentence = say(f"error.{told.value.code}", lang, **told.value.params)
        assert "2566-12/round.toml" in sentence
        assert "\n" not in sentence


def test_a_code_or_folder_that_cannot_name_a_file_is_told(copy, forms):
    for code in ("CON", "nul", "com1"):
        with pytest.raises(PipelineError) as told:
            load_plan(copy('code = "10"', f'code = "{code}"'), forms)
        assert (told.value.code, told.value.params["key"]) == (
            "plan-unsafe-name",
            "divisions[10].code",
        )
    with pytest.raises(PipelineError) as told:  # one file on Windows
        load_plan(copy('code = "09"', 'code = "a"\nname = "ก"\n[[divisions]]\ncode = "A"'), forms)
    assert told.value.code == "plan-twice"
    folder = copy()
    with pytest.raises(PipelineError) as told:
        load_plan(folder.rename(folder.with_name("รอบ ๑๒ เดือน")), forms)
    assert told.value.code == "plan-unsafe-folder"


def test_the_default_round_is_the_latest_that_is_no_example(root, tmp_path, copy):
    assert find_round(root / "inputs", None).name == "2566-12"
    copy("fiscal_year = 2566", "example = true\nfiscal_year = 2599")
    with pytest.raises(PipelineError) as told:
        find_round(tmp_path, None)
    assert told.value.code == "plan-no-rounds"


def test_obligations_are_those_of_the_design(plan_06, plan_12):
    twelve = Counter(o.form for o in obligations(plan_12) if o.in_this_round)
    six = Counter(o.form for o in obligations(plan_06) if o.in_this_round)
    assert (twelve["procurement"], six["procurement"]) == (12, 6)
    assert twelve["measure_progress"] == 11 + 3
    assert (twelve["internal_control"], six["internal_control"]) == (10, 0)
    assert (twelve["service_manual"], twelve["gift_report"]) == (9, 10)
    overviews = [(o.division, o.measure) for o in obligations(plan_12) if o.measure]
    assert overviews == [("08", 6), ("06", 8), ("01", 9)]


def test_an_extension_moves_a_due_time(copy, forms):
    text = '\n[[extension]]\ndivision = "02"\ndue = 2023-10-20T12:00:00\nreason = "น้ำท่วม"\napproved_by = "ปลัด"\n\n[criteria.weights.done]'
    plan = load_plan(copy("[criteria.weights.done]", text.lstrip("\n")), forms)
    dues = {o.division: o.due for o in obligations(plan) if o.form == "gift_report"}
    assert dues["02"].isoformat() == "2023-10-20T12:00:00+07:00"
    assert dues["03"] == plan.due
