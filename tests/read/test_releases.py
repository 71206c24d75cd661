"""Files whose sender is in doubt, and how one command lets them in."""

import openpyxl
import pytest

from pipeline.commands.correct import correct
from pipeline.messages import finding_sentence
from pipeline.model import Effect, PipelineError
from pipeline.plan import load_plan
from pipeline.record import run_json
from pipeline.run import assess, run
from tests.support.corrections import effects, entry, refusal
from tests.support.letters import attachment, mixed
from tests.support.rounds import workbook
from tests.support.town import FINANCE, codes, fates, items_in, rows_balance, without_parts

WHY = {"reason": "โทรศัพท์ยืนยันแล้ว (ตัวอย่าง)", "approved_by": "ปลัดเทศบาล (ตัวอย่าง)"}
STRANGER = "officer@home.example"


def release(**values):
    return entry("release", **values, **WHY)


def again(town):
    town.plan = load_plan(town.folder, town.plan.forms)
    return town.settle()


@pytest.fixture
def waiting(town, bought):
    """A file of กองคลัง from an address that nobody knows."""
    without_parts(town)
    town.mail("a.xlsx", town.book(bought[0]), STRANGER)
    return town


def test_a_released_file_counts_and_the_report_says_so(waiting):
    assert (fates(waiting.settle()), items_in(waiting.settle())) == ({"a.xlsx": "quarantined"}, [])
    written = correct(waiting.plan, "release", ["a.xlsx"], WHY)
    assert (written.settled.in_effect, written.open_items[1] < written.open_items[0]) == (
        True,
        True,
    )
    settled = again(waiting)
    assert (fates(settled), len(items_in(settled))) == ({"a.xlsx": "accepted"}, 2)
    assert list(rows_balance(settled)) == [(2, 2)]
    (finding,) = [f for f in settled.findings if f.code == "released"]
    said = finding_sentence(finding, "th", waiting.plan.forms)
    assert (finding.to, STRANGER in said, "unknown-sender" in said) == ("analyst", True, True)
    assert [each["effect"] for each in run_json(settled, {})["changes"]["releases"]] == [
        "in-effect"
    ]
    report = run(waiting.plan, waiting.out).path.with_name("report.xlsx")
    book = openpyxl.load_workbook(report, read_only=True, data_only=True)
    rows = [row[1:5] for row in book["การปรับแก้ข้อมูล"].values]
    sha256 = settled.submissions[0].received.sha256
    assert ("a.xlsx", STRANGER, sha256, "unknown-sender") in rows
    assert ("[[release]]", 1, 1, 0, 0) in [row[1:6] for row in book["กระทบยอด"].values]


def test_a_release_is_for_these_bytes_alone(waiting, bought):
    correct(waiting.plan, "release", ["a.xlsx"], WHY)
    waiting.mail("a.xlsx", waiting.book(bought[1]), STRANGER)
    assert fates(again(waiting)) == {"a.xlsx": "accepted", "a (2).xlsx": "quarantined"}
    (waiting.folder / "received" / "1.eml").unlink()
    settled = again(waiting)
    assert fates(settled) == {"a.xlsx": "quarantined"}
    assert effects(settled) == [Effect.NOT_COUNTED]
    assert "release-not-counted" in codes(settled)


def test_a_release_that_is_no_longer_needed_says_so(waiting):
    correct(waiting.plan, "release", ["a.xlsx"], WHY)
    path = waiting.folder / "round.toml"
    text = path.read_text("utf-8").replace(f'"{FINANCE}",', f'"{FINANCE}", "{STRANGER}",')
    path.write_text(text, "utf-8")
    settled = again(waiting)
    assert (effects(settled), fates(settled)) == ([Effect.NOT_NEEDED], {"a.xlsx": "accepted"})
    assert {"released", "release-not-needed"} & set(codes(settled)) == {"release-not-needed"}


def test_the_last_release_of_a_file_stands(waiting):
    sha256 = waiting.settle().submissions[0].received.sha256
    two = [release(file="a.xlsx", sha256=sha256, division=code) for code in ("05", "02")]
    waiting.changes("\n".join(two))
    settled = waiting.settle()
    assert (effects(settled), settled.submissions[0].division) == (["replaced", "in-effect"], "02")


def test_a_file_of_nobody_known_is_released_for_a_division(town):
    gift = workbook({"No Gift Policy": [["x"]]})
    town.raw(mixed(attachment("b.xlsx", gift), head=f"From: {STRANGER}\r\n".encode()))
    with pytest.raises(PipelineError) as caught:
        correct(town.plan, "release", ["b.xlsx"], WHY)
    assert caught.value.params == {"options": "--division"}
    assert correct(town.plan, "release", ["b.xlsx"], WHY | {"division": "03"}).settled.in_effect
    submission = again(town).submissions[0]
    assert (submission.division, submission.reason) == ("03", "no-form-accepted")


def test_what_waits_for_nobody_is_not_released(waiting, bought):
    waiting.mail("b.xlsx", waiting.book(bought[0]))
    with pytest.raises(PipelineError) as caught:
        correct(waiting.plan, "release", ["b.xlsx"], WHY)
    assert caught.value.code == "correct-without-effect"


@pytest.mark.parametrize(
    ("written", "key"),
    [({"sha256": "abc"}, "release[1].sha256"), ({"division": "77"}, "release[1].division")],
)
def test_a_release_that_is_not_right_names_its_key(plan_12, written, key):
    values = {"file": "a.xlsx", "sha256": "0" * 64} | written
    assert refusal(plan_12, release(**values)).params["key"] == key


def test_a_release_of_a_file_that_never_came_has_no_effect(waiting):
    waiting.changes(release(file="c.xlsx", sha256="0" * 64))
    assert "release-not-counted" in codes(assess(waiting.plan))
