"""`corrections.toml` as people write it, and as they get it wrong."""

from datetime import date

import pytest

from pipeline.messages import say
from pipeline.model import PipelineError
from pipeline.plan.corrections_file import parse_changes
from tests.support.corrections import DONE, correction, exclusion, explanation, refusal, waiver


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        (correction(reson="x"), "plan-unknown-key", "correction[1].reson"),
        (correction().replace("reason", "#"), "plan-missing-key", "correction[1].reason"),
        (correction(cell="7M"), "corrections-no-address", "correction[1].cell"),
        (correction(agreed_on="เมื่อวาน"), "corrections-no-day", "correction[1].agreed_on"),
        (exclusion(row=0), "plan-out-of-range", "exclusion[1].row"),
        (waiver(division="77"), "plan-wrong-value", "waiver[1].division"),
        (waiver(form="procurement"), "plan-wrong-value", "waiver[1].form"),
        (waiver(month="2565-10"), "plan-wrong-value", "waiver[1].month"),
        (waiver(measure=6), "plan-wrong-value", "waiver[1].measure"),
        (explanation("required"), "plan-missing-key", "explanation[1].file"),
        ("[[corection]]\n", "plan-unknown-key", "corection"),
    ],
)
def test_an_error_names_file_and_key(plan_06, text, code, key):
    error = refusal(plan_06, text)
    assert (error.code, error.params["key"]) == (code, key)
    assert "corrections.toml" in say(f"error.{code}", **error.params)


def test_it_is_read_as_utf8_with_or_without_bom_and_nothing_else(plan_06):
    text = correction()
    assert parse_changes(b"\xef\xbb\xbf" + text.encode(), plan_06).corrections[0].new == DONE
    for data, code in ((text.encode("cp874"), "plan-not-utf8"), (b"[[x", "plan-not-toml-other")):
        with pytest.raises(PipelineError) as caught:
            parse_changes(data, plan_06)
        assert caught.value.code == code


def test_days_and_values_may_be_written_as_people_do(plan_06):
    text = correction(new=12).replace("'5/10/2566'", "2566-10-05")
    (made,) = parse_changes(text.encode(), plan_06).corrections
    assert (made.new, made.agreed_on) == ("12", date(2023, 10, 5))
    months = parse_changes(waiver("02", "procurement", month="ตุลาคม 2565").encode(), plan_06)
    assert months.waivers[0].month == date(2022, 10, 1)
