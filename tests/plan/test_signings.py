"""The chain of what was signed: what is changed, removed or back-dated of it is named."""

import json
import shutil
from datetime import date
from functools import cache

import pytest

from pipeline.commands.close import close, undo
from pipeline.digests import edition
from pipeline.messages import LANGUAGES, finding_sentence, open_sentence
from pipeline.model import PipelineError
from pipeline.plan import load_plan
from pipeline.plan.signings import ledger, ledgers
from pipeline.run import assess
from schemas import forms as all_forms
from tests.support.corrections import FIRST, exclusion, explanation

pytestmark = pytest.mark.office  # whole rounds

NAME, BUYER = "2566-06", "แบบรายงาน กองคลัง.xlsx"
DAYS = [date(2023, 4, day) for day in (20, 21, 24, 25)]
WHO = ("นายก (ตัวอย่าง)", "ลงนามผิดฉบับ (ตัวอย่าง)")


@pytest.fixture(scope="module")
def histories(root, forms, tmp_path_factory):
    """By what was done (s: signed, u: taken back): the folder of a round; each made once.

    Another purchase is left out before each signature, so that each is of other figures.
    """

    @cache
    def made(steps):
        folder = tmp_path_factory.mktemp(steps) / NAME
        shutil.copytree(root / "inputs" / NAME, folder)
        for step, day in zip(steps, DAYS, strict=False):
            plan = load_plan(folder, forms)
            if step == "u":
                undo(plan, *WHO, day)
            else:
                with (folder / "corrections.toml").open("a", encoding="utf-8") as file:
                    file.write(exclusion(BUYER, "จัดซื้อจัดจ้าง", FIRST + day.day - DAYS[0].day))
                close(assess(load_plan(folder, forms)), day, WHO[0])
        return folder

    return made


@pytest.fixture
def history(histories, tmp_path):
    """A copy of such a folder, to be tampered with."""

    def copied(steps):
        return shutil.copytree(histories(steps), tmp_path / NAME)

    return copied


def changed(file, **values):
    found = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(found | values, ensure_ascii=False), "utf-8")


def named(folder):
    return [(each.code, each.number, each.params["key"]) for each in ledger(folder).faults]


def findings(folder, code):
    """What a run says of it, by its key."""
    made = assess(load_plan(folder, all_forms()))
    return [f.params["key"] for f in made.findings if f.code == code]


def numbers(signings):
    return [each.number for each in signings]


# --- what holds ---------------------------------------------------------------------------------


def test_each_record_holds_the_hash_of_the_one_before_and_all_count(histories):
    found = ledger(histories("sss"))
    assert (numbers(found.signings), found.faults, found.undone) == ([1, 2, 3], (), ())
    records = [json.loads((each.folder / "signing.json").read_bytes()) for each in found.signings]
    assert records[0]["before"] == ""
    assert len({each["before"] for each in records} | {found.head}) == 4
    assert len({each.figures_sha256 for each in found.signings}) == 3


def test_signings_may_be_taken_back_one_after_the_other_and_numbers_go_on(histories):
    found = ledger(histories("ssuu"))
    assert (found.signings, numbers(found.undone), found.faults) == ((), [1, 2], ())
    found = ledger(histories("sus"))
    assert (numbers(found.signings), numbers(found.undone)) == ([2], [1])
    assert found.faults == ()
    back = found.undone[0].undone
    assert (back.on, back.by, back.reason) == (DAYS[1], *WHO)


def test_the_ledger_is_known_as_it_stood_at_each_time(histories):
    past = list(ledgers(histories("sus")))[1:]
    stood = [(numbers(each.signings), numbers(each.undone)) for each in past]
    assert stood == [([2], [1]), ([], [1]), ([1], []), ([], [])]


# --- what does not ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["report.xlsx", "run.json", "round.toml"])
def test_a_changed_or_removed_file_of_a_signing_is_named_and_it_does_not_count(history, name):
    folder = history("ss")
    file = folder / "signed" / "1" / name
    file.write_bytes(file.read_bytes() + b" ")
    key = f"{NAME}/signed/1/{name}"
    assert named(folder) == [("signing-altered", 1, key)]
    assert numbers(ledger(folder).signings) == [2]
    file.unlink()
    assert named(folder) == [("signing-missing", 1, key)]


@pytest.mark.parametrize(
    "values",
    [
        {"signed_by": "ผู้อื่น"},
        {"signed_on": "2023-04-19"},
        {"files": {}},
        {"figures_sha256": "0" * 64},
        {"substance": {}},
    ],
)
def test_a_changed_record_is_named_by_a_later_one_or_by_itself(history, values):
    folder = history("ss")
    changed(folder / "signed" / "1" / "signing.json", **values)
    [(code, number, key)] = named(folder)
    assert (code, number) in [("signing-unlinked", 1), ("signing-altered", 1)]
    assert key.startswith(f"{NAME}/signed/1")
    assert numbers(ledger(folder).signings) == [2]


@pytest.mark.parametrize(
    "values", [{"files": {}}, {"figures_sha256": "0" * 64}, {"as_of": "2023-04-01T10:00:00+07:00"}]
)
def test_the_last_record_must_say_what_lies_beside_it(history, values):
    folder = history("s")
    changed(folder / "signed" / "1" / "signing.json", **values)
    assert named(folder) == [("signing-altered", 1, f"{NAME}/signed/1/signing.json")]
    (folder / "signed" / "1" / "signing.json").write_text("[]")
    assert named(folder) == [("signing-altered", 1, f"{NAME}/signed/1/signing.json")]
    assert ledger(folder).signings == ()


@pytest.mark.parametrize("gone", ["1", "2"])
def test_a_removed_signing_leaves_a_gap_that_is_named(history, gone):
    folder = history("sss")
    shutil.rmtree(folder / "signed" / gone)
    assert named(folder) == [("signing-missing", int(gone), f"{NAME}/signed/{gone}")]
    (folder / "signed" / gone).mkdir()
    assert named(folder) == [("signing-missing", int(gone), f"{NAME}/signed/{gone}/signing.json")]


def test_a_removed_taking_back_is_named_by_what_follows(history):
    folder = history("sus")
    (folder / "signed" / "1" / "undone.json").unlink()
    assert named(folder) == [("signing-unlinked", 1, f"{NAME}/signed/1")]
    assert findings(folder, "signing-unlinked") == [f"{NAME}/signed/1"]
    assert numbers(ledger(folder).signings) == [2]


def test_what_is_put_into_the_chain_later_is_named(history):
    folder = history("ss")
    first = json.loads((folder / "signed" / "2" / "signing.json").read_bytes())["before"]
    forged = {"undone_on": "2023-04-21", "undone_by": "ก", "reason": "ข", "before": first}
    (folder / "signed" / "1" / "undone.json").write_text(json.dumps(forged))
    assert named(folder) == [("signing-unlinked", 1, f"{NAME}/signed/1")]
    assert ledger(folder).undone == ()


@pytest.mark.parametrize(("step", "on"), [("1", "2023-04-03"), ("2", "2023-04-19")])
def test_a_back_dated_signing_is_named(history, step, on):
    """Before the last thing that it closes over, or before the signing that it follows."""
    folder = history("ss"[: int(step)])
    changed(folder / "signed" / step / "signing.json", signed_on=on)
    key = f"{NAME}/signed/{step}/signing.json"
    assert named(folder) == [("signing-back-dated", int(step), key)]
    assert findings(folder, "signing-back-dated") == [key]
    sentence = ledger(folder).faults[0].params
    assert sentence["on_en"] == on
    assert sentence["least_th"].endswith("2566")


def test_a_signing_of_an_earlier_version_is_read_and_said_to_be_unchained(history, forms):
    folder = history("ss")
    for number in "12":
        file = folder / "signed" / number / "signing.json"
        found = json.loads(file.read_text("utf-8"))
        for key in ("before", "closes_over"):
            del found[key]
        file.write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    assert (numbers(ledger(folder).signings), named(folder)) == ([1, 2], [])
    made = assess(load_plan(folder, forms))
    notes = [f.params["key"] for f in made.findings if f.code == "signing-unchained"]
    assert notes == [f"{NAME}/signed/1", f"{NAME}/signed/2"]
    assert (edition(made), made.open_items) == ("signed", ())
    undo(load_plan(folder, forms), *WHO, DAYS[2])
    file.write_bytes(file.read_bytes() + b" ")
    assert named(folder) == [("signing-unlinked", 2, f"{NAME}/signed/2")]


# --- what is said of it -------------------------------------------------------------------------


def test_what_was_tampered_with_counts_as_signed_nowhere_until_it_is_restored(history, forms):
    folder = history("s")
    file = folder / "signed" / "1" / "report.xlsx"
    kept = file.read_bytes()
    file.write_bytes(kept + b" ")
    made = assess(load_plan(folder, forms))
    assert edition(made) == "draft"
    [item] = made.open_items
    assert (item.kind, item.who) == ("signing-altered", "analyst")
    [finding] = [each for each in made.findings if each.code == "signing-altered"]
    for lang in LANGUAGES:
        for said in (open_sentence(item, made.plan, lang), finding_sentence(finding, lang, forms)):
            assert f"{NAME}/signed/1/report.xlsx" in said
    with pytest.raises(PipelineError, match="close-broken"):
        close(made, DAYS[1], WHO[0])
    with pytest.raises(PipelineError, match="close-broken"):
        undo(made.plan, *WHO, DAYS[1])
    file.write_bytes(kept)
    assert edition(assess(load_plan(folder, forms))) == "signed"


def test_without_a_copy_it_is_explained_signed_anew_and_still_told(history, forms):
    folder = history("s")
    (folder / "signed" / "1" / "report.xlsx").write_bytes(b"")
    key = f"{NAME}/signed/1/report.xlsx"
    text = explanation("signing-altered", key=key).replace("7/10/2566", "21/4/2566")
    with (folder / "corrections.toml").open("a", encoding="utf-8") as file:
        file.write(text)
    made = assess(load_plan(folder, forms))
    assert (edition(made), made.open_items) == ("for_signature", ())
    assert close(made, DAYS[2], WHO[0]).name == "2"
    after = assess(load_plan(folder, forms))
    assert (edition(after), numbers(after.plan.signings)) == ("signed", [2])
    assert [(f.params["key"], f.explained) for f in after.findings if f.code[:8] == "signing-"] == [
        (key, True)
    ]


def test_what_is_broken_in_the_round_before_is_told_in_the_round_after(root, history, forms):
    folder = history("s")
    shutil.copytree(root / "inputs" / "2566-12", folder.with_name("2566-12"))
    (folder / "signed" / "1" / "run.json").unlink()
    made = assess(load_plan(folder.with_name("2566-12"), forms))
    keys = [f.params["key"] for f in made.findings if f.code == "signing-missing"]
    assert keys == [f"{NAME}/signed/1/run.json"]
