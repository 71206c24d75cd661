"""What is judged before it is sent: our workbooks, official layouts, and what is no report."""

from pathlib import Path

import pytest

from pipeline.commands.check import check_files
from pipeline.model import PipelineError

CASES = Path(__file__).parents[1] / "cases" / "layouts"
INPUTS = Path(__file__).parents[2] / "inputs"


def lines(checked) -> str:
    return "\n".join(checked.lines("th"))


@pytest.mark.parametrize("inputs", [INPUTS, None], ids=["round", "no-round"])
def test_an_official_layout_is_judged_and_says_what_could_not_be(forms, tmp_path, inputs):
    checked = check_files((CASES / "V44.xlsx",), inputs or tmp_path, None, forms)
    assert "PRC-01" in {finding.code for finding in checked.findings}
    assert checked.exit_code == 1
    assert "--division" in lines(checked)


def test_a_division_may_be_named_by_code_or_by_name(forms):
    for named in ("02", "กองคลัง"):
        checked = check_files((CASES / "V43.02.xlsx",), INPUTS, "2566-12", forms, named)
        assert [each.division for each in checked.submissions] == ["02"]
        assert "--division" not in lines(checked)
    with pytest.raises(PipelineError, match="unknown-division"):
        check_files((CASES / "V44.xlsx",), INPUTS, "2566-12", forms, "กองที่ไม่มี")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", b"hello", "ไม่ใช่สมุดงาน Excel"),
        ("~$a.xlsx", b"x", "ไฟล์ชั่วคราว"),
        ("a.eml", b"From: a@b.example\nSubject: x\n\nno data\n", "ไม่มีสมุดงานแนบมา"),
    ],
)
def test_what_is_no_report_is_not_called_clean(forms, tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    checked = check_files((tmp_path / name,), tmp_path, None, forms)
    assert checked.exit_code == 1
    assert says in lines(checked)
    assert "ไม่พบสิ่งที่ต้องแก้ไข" not in lines(checked)
