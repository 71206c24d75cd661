"""How `round.toml` is written: what is taken, and what is refused in one line."""

from datetime import datetime

import pytest

from pipeline.messages import LANGUAGES, say
from pipeline.model import PipelineError
from pipeline.plan import load_plan
from tests.support.written_plan import EXTENSION, changed


def refusal(load_text, words):
    """Code and parameters of the refusal; its sentences are one line in each language."""
    with pytest.raises(PipelineError) as caught:
        load_text(words)
    error = caught.value
    for lang in LANGUAGES:
        sentence = say(f"error.{error.code}", lang, **error.params)
        assert len(sentence.splitlines()) == 1
        assert str(error.params.get("key", "")) in sentence
    return error


def test_notepad_may_leave_its_mark_at_the_beginning(load_text, plan_text):
    assert load_text(plan_text, encoding="utf-8-sig").organisation.name == "เทศบาลเมืองฉะเชิงเทรา"


def test_ansi_is_refused_in_one_line(tmp_path, forms, plan_text):
    folder = tmp_path / "2566-12"
    folder.mkdir()
    (folder / "round.toml").write_bytes(plan_text.encode("cp874", "replace"))
    with pytest.raises(PipelineError) as caught:
        load_plan(folder, forms)
    assert caught.value.code == "plan-not-utf8"
    assert "Notepad" in say("error.plan-not-utf8", "th", **caught.value.params)


def test_what_is_no_toml_names_its_line(load_text):
    error = refusal(load_text, "fiscal_year = 2566\nround = = 12\n")
    assert (error.code, error.params["line"]) == ("plan-not-toml-other", 2)
    assert "line 2" in error.params["why"]


def test_a_time_without_zone_is_bangkoks(load_text, plan_text):
    plan = load_text(changed(plan_text, "16:30:00+07:00", "16:30:00"))
    assert plan.due == datetime.fromisoformat("2023-10-06T16:30+07:00")


BROKEN = [
    ("fiscal_year = 2566", 'fiscal_year = "2566"', "plan-wrong-type", "fiscal_year"),
    ("fiscal_year = 2566", "fiscal_years = 2566", "plan-missing-key", "fiscal_year"),
    ("round = 12 ", "round = 9 ", "plan-wrong-value", "round"),
    ("round = 12 ", "round = true ", "plan-wrong-type", "round"),
    ("2023-10-06T16:30:00+07:00", "2023-10-06", "plan-wrong-type", "due"),
    ('digits = "thai"', 'digits = "roman"', "plan-wrong-value", "digits"),
    ('oit_item = "O43"', 'oit = "O43"', "plan-unknown-key", "oit"),
    (', kind = "เทศบาลเมือง"', "", "plan-missing-key", "organisation.kind"),
    ('role = "ผู้จัดทำ"', 'rule = "ผู้จัดทำ"', "plan-missing-key", "signers[1].role"),
    ("value = 35", 'value = "35"', "plan-wrong-type", "criteria.min_project_count.value"),
    ("criteria.weights.done", "criteria.weights.dne", "plan-missing-key", "criteria.weights.done"),
    (
        "criteria.bands.12.high",
        "criteria.bands.12.hi",
        "plan-missing-key",
        "criteria.bands.12.high",
    ),
    (
        'source = "เกณฑ์สอบทาน"',
        'source = " "',
        "plan-criterion-without-source",
        "criteria.thresholds.near_limit_baht",
    ),
    (
        'source = "เกณฑ์สอบทาน"',
        "",
        "plan-missing-key",
        "criteria.thresholds.near_limit_baht.source",
    ),
    (
        "criteria.thresholds.splitting_days]",
        "criteria.thresholds.spliting_days]",
        "plan-unknown-key",
        "criteria.thresholds.spliting_days",
    ),
    ('owner = "90"', 'owner = "91"', "plan-wrong-value", "measures.1.owner"),
    ('owner = "90"', "owner = 90", "plan-wrong-type", "measures.1.owner"),
    ('coordinator = "08"', "", "plan-missing-key", "measures.6.coordinator"),
    ('coordinator = "08"', 'coordinator = "8"', "plan-wrong-value", "measures.6.coordinator"),
    ("rounds = [12]", "rounds = [9]", "plan-wrong-value", "measures.4.rounds"),
    ("rounds = [12]", "rounds = []", "plan-wrong-value", "measures.4.rounds"),
    ('period_text = "รายไตรมาส"', "", "plan-missing-key", "measures.5.period_text"),
    ("[2023-04-01, 2023-09-30]", "[2023-04-01]", "plan-wrong-type", "measures.3.months"),
    ("measures.1]", "measures.one]", "plan-unknown-key", "measures.one"),
    ('code = "03"', 'cod = "03"', "plan-missing-key", "divisions[3].code"),
    ("in_all = false", "in_all = 0", "plan-wrong-type", "divisions[11].in_all"),
    (
        "gift_report = [6]",
        "gift_reprt = [6]",
        "plan-wrong-value",
        "divisions[1].forms.gift_reprt",
    ),
    (
        "project_register = []",
        "project_register = 1",
        "plan-wrong-type",
        "divisions[1].forms.project_register",
    ),
    ("digits =", "rules = { on = [] }\ndigits =", "plan-unknown-key", "rules.on"),
    ("digits =", 'example = "no"\ndigits =', "plan-wrong-type", "example"),
]


BROKEN += [
    ("fiscal_year = 2566", "fiscal_year = 2023", "plan-out-of-range", "fiscal_year"),
    ("2023-10-06T16", "2566-10-06T16", "plan-out-of-range", "due"),
    ("2023-10-10T16", "2023-10-01T16", "plan-out-of-range", "summary_due"),
    ("value = 35", "value = nan", "plan-out-of-range", "criteria.min_project_count.value"),
    ("value = 35", "value = -1", "plan-out-of-range", "criteria.min_project_count.value"),
    (
        "[criteria.weights.done]",
        '[criteria.weights.waiting]\nvalue = 1\nsource = "x"\napproved_by = "x"\n[criteria.weights.done]',
        "plan-unknown-key",
        "criteria.weights.waiting",
    ),
    ("value = 80", "value = 40", "plan-out-of-range", "criteria.bands.12.medium.value"),
    ("[2023-04-01,", "[2566-04-01,", "plan-other-year", "measures.3.months"),
    ("2023-09-30]", "2022-09-30]", "plan-other-year", "measures.1.months"),
    (
        "[2023-04-01, 2023-09-30]",
        "[2023-04-01, 2023-03-31]",
        "plan-out-of-range",
        "measures.3.months",
    ),
    ("[2023-04-01,", "[2023-04-01T00:00:00,", "plan-wrong-type", "measures.3.months"),
    ("rounds = [12]", "rounds = [[12]]", "plan-wrong-type", "measures.4.rounds"),
    ("measures.2]", "measures.01]", "plan-unknown-key", "measures.01"),
    ("measures.2]", "measures.0]", "plan-unknown-key", "measures.0"),
    (
        'period_text = "รายไตรมาส"',
        'period_text = " "',
        "plan-missing-key",
        "measures.5.period_text",
    ),
    ("pattern = {", "pattern = { summary = 1,", "plan-wrong-type", "measures.3.pattern.summary"),
    ("pattern = {", 'pattern = { sumary = "x",', "plan-unknown-key", "measures.3.pattern.sumary"),
    ('owner = "90"', "owner = '''9\n0'''", "plan-wrong-value", "measures.1.owner"),
    ('code = "10"', 'code = "09"', "plan-twice", "divisions[10].code"),
    ('code = "10"', 'code = "../10"', "plan-wrong-value", "divisions[10].code"),
    ('code = "10"', 'code = "ALL"', "plan-wrong-value", "divisions[10].code"),
    ('["สำนักคลัง"]', "[1]", "plan-wrong-type", "divisions[2].aliases"),
    (
        "website_update = [7]",
        "website_update = [77]",
        "plan-wrong-value",
        "divisions[6].forms.website_update",
    ),
    (
        "website_update = [7]",
        'website_update = ["7"]',
        "plan-wrong-type",
        "divisions[6].forms.website_update",
    ),
    ("website_update = [7]", "cover = []", "plan-wrong-value", "divisions[6].forms.cover"),
    (
        'exempt = ["service_manual"]',
        'exempt = ["manual"]',
        "plan-wrong-value",
        "divisions[9].exempt",
    ),
    ("digits =", "extension = [1]\ndigits =", "plan-wrong-type", "extension"),
]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("10-09", "10-01", "due"),
        ('approved_by = "(ตัวอย่าง)"\n', 'approved_by = ""\n', "approved_by"),
        ('approved_by = "(ตัวอย่าง)"\n', 'approved_by = "x"\nform = "gift"\n', "form"),
        ('division = "02"', 'division = "77"', "division"),
    ],
)
def test_an_extension_needs_a_later_day_and_an_approver(load_text, plan_text, old, new, key):
    assert (
        refusal(load_text, plan_text + changed(EXTENSION, old, new)).params["key"]
        == f"extension[1].{key}"
    )


def test_a_fault_in_the_round_before_says_whose_it_is(load_text, tmp_path, plan_text):
    before = tmp_path / "2566-06"
    before.mkdir()
    text = changed(changed(plan_text, "round = 12 ", "round = 6 "), 'owner = "90"', 'owner = "91"')
    (before / "round.toml").write_text(text, "utf-8")
    assert refusal(load_text, plan_text).params["key"] == "2566-06: measures.1.owner"


def test_a_file_nested_without_end_is_no_toml(load_text):
    assert refusal(load_text, "x = " + "[" * 5000 + "]" * 5000).code == "plan-not-toml-other"


@pytest.mark.parametrize(
    ("old", "new", "code", "key"), BROKEN, ids=[f"{key}: {code}" for *_, code, key in BROKEN]
)
def test_a_wrong_key_is_named_in_one_line(load_text, plan_text, old, new, code, key):
    error = refusal(load_text, changed(plan_text, old, new))
    assert (error.code, error.params["key"]) == (code, key)
