"""The round's promises: what the two example files say, what is owed, and what is refused."""

import hashlib
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.messages import LANGUAGES, say
from pipeline.model import PipelineError
from pipeline.plan import find_round, load_plan, obligations

SEED = Path(__file__).parent / "example" / "seed_table.tsv"
CODES = ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "90")
EXTENSION = """
[[extension]]
division = "02"
due = 2023-10-09T16:30:00+07:00
reason = "ระบบขัดข้อง (ตัวอย่าง)"
approved_by = "(ตัวอย่าง)"
"""


@pytest.fixture(scope="module")
def text(root):
    return (root / "inputs" / "2566-12" / "round.toml").read_text("utf-8")


@pytest.fixture
def load(tmp_path, forms):
    """Load a round.toml of these words, alone or beside others."""

    def written(words, name="2566-12", encoding="utf-8"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "round.toml").write_bytes(words.encode(encoding))
        return load_plan(folder, forms)

    return written


def changed(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


def bare(words):
    return "".join(words.split())


def owed(plan, *names):
    return Counter(each.form for each in obligations(plan) if not names or each.form in names)


def refusal(load, words):
    """Code and parameters of the refusal; its sentences are one line in each language."""
    with pytest.raises(PipelineError) as caught:
        load(words)
    error = caught.value
    for lang in LANGUAGES:
        sentence = say(f"error.{error.code}", lang, **error.params)
        assert len(sentence.splitlines()) == 1
        assert str(error.params.get("key", "")) in sentence
    return error


# --- the two files ------------------------------------------------------------------------------


def test_the_ten_measures_are_the_seeds_word_for_word(plan_12, plan_06):
    rows = [line.split("\t") for line in SEED.read_text("utf-8").splitlines() if line.strip()]
    seed = [tuple(map(bare, row[:4])) for row in rows]

    def said(plan):
        return [
            tuple(map(bare, (m.title, m.procedure, m.owner_text, m.period_text)))
            for m in plan.measures
        ]

    assert said(plan_12) == seed
    differing = [
        m.number for m, a, b in zip(plan_06.measures, said(plan_06), seed, strict=True) if a != b
    ]
    assert differing == [3]
    assert "(ข้อความตัวอย่าง)" in plan_06.measure(3).procedure


def test_roster_due_times_and_odd_period_are_as_agreed(plan_12, plan_06):
    assert tuple(each.code for each in plan_12.divisions) == CODES
    assert plan_12.obliged_to_all == CODES[:-1]
    assert plan_12.due == datetime.fromisoformat("2023-10-06T16:30+07:00")
    assert plan_06.due == datetime.fromisoformat("2023-04-07T16:30+07:00")
    assert plan_12.measure(3).months == (date(2023, 4, 1), date(2023, 9, 30))
    assert plan_06.measure(3).months == (date(2022, 10, 1), date(2023, 3, 31))
    assert [plan_12.measure(n).coordinator for n in (6, 8, 9)] == ["08", "06", "01"]


@pytest.mark.parametrize("name", ["plan_06", "plan_12"])
def test_no_sender_is_real_and_every_criterion_has_source_and_approver(name, request):
    plan = request.getfixturevalue(name)
    senders = [address for each in plan.divisions for address in each.senders]
    assert len(senders) == len(CODES)
    assert all(address.endswith(".example") for address in senders)
    assert plan.criterion("min_project_count") == 35
    assert plan.criterion("weights.in_progress") == Decimal("0.5")
    bands = [plan.criterion(f"bands.{n}.{w}") for n in (12, 6) for w in ("high", "medium")]
    assert bands == [80, 50, 50, 20]
    assert [key for key, c in plan.criteria.items() if not (c.source and c.approved_by)] == []


def test_the_plan_bears_the_hash_of_its_file_and_the_round_before(root, plan_12):
    for plan in (plan_12, plan_12.earlier):
        file = root / "inputs" / plan.name / "round.toml"
        assert plan.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert plan_12.earlier.name == "2566-06"
    assert plan_12.earlier.earlier is None


# --- what is owed -------------------------------------------------------------------------------

FOR_THE_YEAR = {
    "measure_progress": 11 + 3,
    "activity_evidence": 11,
    "gift_report": 10,
    "service_manual": 9,
    "internal_control": 10,
    "procurement": 12,
    "complaint_statistics": 1,
    "website_update": 1,
    "ethics_acknowledgement": 1,
    "project_register": 4,
}


def test_what_is_owed_is_counted(plan_12, plan_06):
    assert owed(plan_12) == FOR_THE_YEAR
    assert owed(plan_06) == FOR_THE_YEAR | {"procurement": 6}


def test_procurement_is_owed_by_the_treasury_month_by_month(plan_12, plan_06):
    for plan in (plan_12, plan_06):
        parts = [each for each in obligations(plan) if each.form == "procurement"]
        assert [each.month for each in parts] == list(plan.round.months_list)
        assert {each.division for each in parts} == {"02"}


def test_internal_control_waits_for_the_year(plan_12, plan_06):
    def due_now(plan):
        return {each.form for each in obligations(plan) if not each.in_this_round}

    assert due_now(plan_12) == set()
    assert due_now(plan_06) == {"internal_control"}


def test_a_form_is_not_due_where_none_of_its_measures_is(load, text):
    """The centre's evidence is for measure 1 alone, the office's for four others as well."""
    plan = load(changed(text, "rounds = [6, 12]", "rounds = [6]"))
    asleep = {(each.division, each.form) for each in obligations(plan) if not each.in_this_round}
    assert asleep == {("90", "complaint_statistics"), ("90", "activity_evidence")}


def test_one_division_owes_its_evidence_once(plan_12):
    evidence = [each for each in obligations(plan_12) if each.form == "activity_evidence"]
    assert sorted(each.division for each in evidence) == sorted(CODES)
    assert {each.measure for each in evidence} == {None}


def test_a_measure_of_all_divisions_wants_its_coordinators_words(plan_12):
    summaries = [each for each in obligations(plan_12) if each.measure]
    assert [(each.measure, each.division) for each in summaries] == [
        (6, "08"),
        (8, "06"),
        (9, "01"),
    ]
    assert {each.due for each in summaries} == {plan_12.summary_due}


def test_an_exempt_division_owes_nothing_of_that_form(plan_12):
    manuals = {each.division for each in obligations(plan_12) if each.form == "service_manual"}
    assert manuals == set(CODES) - {"09", "90"}


@pytest.mark.parametrize(("form", "moved"), [("", 17), ('form = "gift_report"\n', 1)])
def test_an_extension_moves_the_due_time_of_its_division(load, text, form, moved):
    """The treasury owes twelve months and five forms."""
    plan = load(text + EXTENSION + form)
    later = [each for each in obligations(plan) if each.due not in (plan.due, plan.summary_due)]
    assert {(each.division, each.due.day) for each in later} == {("02", 9)}
    assert len(later) == moved


# --- how the file is written --------------------------------------------------------------------


def test_notepad_may_leave_its_mark_at_the_beginning(load, text):
    assert load(text, encoding="utf-8-sig").organisation.name == "เทศบาลเมืองฉะเชิงเทรา"


def test_ansi_is_refused_in_one_line(tmp_path, forms, text):
    folder = tmp_path / "2566-12"
    folder.mkdir()
    (folder / "round.toml").write_bytes(text.encode("cp874", "replace"))
    with pytest.raises(PipelineError) as caught:
        load_plan(folder, forms)
    assert caught.value.code == "plan-not-utf8"
    assert "Notepad" in say("error.plan-not-utf8", "th", **caught.value.params)


def test_what_is_no_toml_names_its_line(load):
    error = refusal(load, "fiscal_year = 2566\nround = = 12\n")
    assert (error.code, error.params["line"]) == ("plan-not-toml-other", 2)
    assert "line 2" in error.params["why"]


def test_a_time_without_zone_is_bangkoks(load, text):
    plan = load(changed(text, "16:30:00+07:00", "16:30:00"))
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
    ("[2023-04-01,", "[2566-04-01,", "plan-out-of-range", "measures.3.months"),
    ("2023-09-30]", "2022-09-30]", "plan-out-of-range", "measures.1.months"),
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
def test_an_extension_needs_a_later_day_and_an_approver(load, text, old, new, key):
    assert refusal(load, text + changed(EXTENSION, old, new)).params["key"] == f"extension[1].{key}"


def test_a_fault_in_the_round_before_says_whose_it_is(load, tmp_path, text):
    before = tmp_path / "2566-06"
    before.mkdir()
    (before / "round.toml").write_text(changed(text, 'owner = "90"', 'owner = "91"'), "utf-8")
    assert refusal(load, text).params["key"] == "2566-06: measures.1.owner"


def test_a_file_nested_without_end_is_no_toml(load):
    assert refusal(load, "x = " + "[" * 5000 + "]" * 5000).code == "plan-not-toml-other"


@pytest.mark.parametrize(
    ("old", "new", "code", "key"), BROKEN, ids=[f"{key}: {code}" for *_, code, key in BROKEN]
)
def test_a_wrong_key_is_named_in_one_line(load, text, old, new, code, key):
    error = refusal(load, changed(text, old, new))
    assert (error.code, error.params["key"]) == (code, key)


# --- which round --------------------------------------------------------------------------------


@pytest.fixture
def inputs(tmp_path):
    """Folders of rounds by their first lines."""
    said = {
        "2566-06": "fiscal_year = 2566\nround = 6",
        "2566-12": "fiscal_year = 2566\nround = 12",
        "2566-12-messy": "example = true\nfiscal_year = 2567\nround = 12",
        "a-2565": "fiscal_year = 2565\nround = 12",
    }
    for name, words in said.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "round.toml").write_text(words, "utf-8")
    return tmp_path


def test_the_default_is_the_latest_round_that_is_no_example(inputs):
    assert find_round(inputs, None).name == "2566-12"


def test_a_named_round_is_found_even_an_example(inputs):
    assert find_round(inputs, "2566-12-messy").name == "2566-12-messy"


def test_an_unknown_round_is_answered_with_those_there_are(inputs):
    with pytest.raises(PipelineError) as caught:
        find_round(inputs, "2570-12")
    assert caught.value.code == "plan-no-round"
    assert caught.value.params["names"] == "2566-06, 2566-12, 2566-12-messy, a-2565"


def test_no_round_at_all_is_said(tmp_path):
    with pytest.raises(PipelineError) as caught:
        find_round(tmp_path, None)
    assert caught.value.code == "plan-no-rounds"


@pytest.mark.parametrize("words", ['fiscal_year = "x"', "fiscal_year = [1]", "round = 12.5"])
def test_a_round_that_cannot_be_ranked_does_not_hide_the_others(inputs, words):
    (inputs / "a-2565" / "round.toml").write_text(words, "utf-8")
    assert find_round(inputs, None).name == "2566-12"
