"""Workbooks of other offices' kind that were once read wrong: what is right of each.

The purchases in them are made up; their layouts and habits are real.
"""

from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest

from pipeline.messages import finding_sentence
from pipeline.model import Assessment, Severity
from pipeline.plan import load_plan
from pipeline.reply import reply
from pipeline.run import assess, template_for
from schemas import forms

pytestmark = pytest.mark.office  # whole rounds

CASES = Path(__file__).parents[1] / "cases" / "layouts"
# Of the first purchase: seller, agreed price in satang, number of bidders, lowest bid.
READ = {
    "V42.02": ("ร้าน ก", 500_000, 1, 500_000),
    "V42.04": ("ร้าน ก", 500_000, 1, 500_000),
    "V42.14": ("ร้าน ก", 500_000, 1, 500_000),
    "V42.16": ("ร้าน ก", 500_000, 1, 500_000),
    "V42.24": ("ร้าน ก", 500_000, 1, 500_000),
    "V42.26": ("ร้าน ก", 500_000, 1, 500_000),
    "V43.02": ("ร้าน ก", 500_000, 2, 500_000),
    "V43.03": ("ร้าน ก", 500_000, 2, 500_000),
    "V20": ("ร้าน ก พาณิชย์", 1_200_000, 1, 1_200_000),
}


SENDERS = {"c1": "90", "c4": "90", "plan1": "01"}  # of all others 02


@pytest.fixture
def settled(request, root, tmp_path) -> Assessment:
    folder = tmp_path / "inputs" / "2566-12"
    (folder / "received").mkdir(parents=True)
    (folder / "round.toml").write_bytes((root / "inputs/2566-12/round.toml").read_bytes())
    (folder / "received" / "02.eml").write_bytes(mailed(CASES / f"{request.param}.xlsx", root))
    return assess(load_plan(folder, forms(), None))


def mailed(file: Path, root: Path) -> bytes:
    plan = load_plan(root / "inputs" / "2566-12", forms(), None)
    code = SENDERS.get(file.stem, "02")
    sender = next(d.senders[0] for d in plan.divisions if d.code == code)
    mail = EmailMessage()
    mail["Received"] = "from a by b; Wed, 04 Oct 2023 10:00:00 +0700"
    mail["From"], mail["Message-ID"] = sender, f"<{file.stem}@example>"
    mail.set_content("ส่งรายงาน")
    kind = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    mail.add_attachment(file.read_bytes(), "application", kind, filename=file.name)
    return bytes(mail)


def first(settled: Assessment):
    return settled.tables["procurement"].frame.iloc[0]


def codes(settled: Assessment) -> set[str]:
    return {finding.code for finding in settled.findings if finding.form == "procurement"}


@pytest.mark.parametrize(("settled", "right"), READ.items(), indirect=["settled"], ids=READ)
def test_a_purchase_is_read_right(settled, right):
    row = first(settled)
    bids = (row["bidder_count"], row["lowest_bid_satang"])
    assert (row["winner_name"], row["agreed_price_satang"], *bids) == right
    frame = settled.tables["procurement"].frame
    assert (len(frame), set(frame["fate"])) == (4, {"accepted"})
    assert frame["procurement_method"].notna().all()
    assert not codes(settled) & {"PRC-01", "RF14"}


@pytest.mark.parametrize("settled", ["V44"], indirect=True)
def test_a_cancelled_purchase_is_asked_about_and_not_counted(settled):
    assert (first(settled)["fate"], "PRC-01" in codes(settled)) == ("held_back", True)


@pytest.mark.parametrize("settled", ["V64"], indirect=True)
def test_three_numbered_bidders_are_three(settled):
    row = settled.tables["procurement"].frame.iloc[2]
    assert (row["bidder_count"], row["lowest_bid_satang"]) == (3, 170_000_000)
    assert "RF01" not in codes(settled)


@pytest.mark.parametrize("settled", ["HA42b"], indirect=True)
def test_a_winner_who_is_no_bidder_is_a_signal(settled):
    signals = [f for f in settled.findings if f.code == "RF14"]
    assert [f.cell.address for f in signals] == ["G7"]


# --- headings, titles, months --------------------------------------------------------------------


@pytest.mark.parametrize(
    "settled", ["V06", "V21", "V23", "V28.7", "V38", "V39.4", "V40.5", "V56"], indirect=True
)
def test_the_four_purchases_of_november_are_read_whole(settled, request):
    case = request.node.callspec.params["settled"]
    frame = settled.tables["procurement"].frame
    assert set(frame["fate"]) == {"accepted"}
    assert list(frame["agreed_price_satang"]) == [1_200_000, 840_050, 170_000_000, 5_400_000]
    assert {month.isoformat()[:7] for month in frame["report_month"]} == {"2022-11"}
    assert [each.day for each in frame["contract_date"]] == [3, 7, 15, 30]
    assert list(frame["contract_no"]) == ["12/2566", "13/2566", "CNTR-00014/66", "15/2566"]
    assert list(frame["bidder_count"]) == [1, 1, 1 if case == "V21" else 3, 1]
    assert frame["work_item"].notna().all()
    numbered = frame["seq_no"].dropna().tolist()
    assert numbered == ([] if case in ("V21", "V23") else ["1", "2", "3", "4"])
    told = codes(settled) - {"official-layout", "heading-read-as"}
    assert told == ({"RF01"} if case == "V21" else set())
    assert ("heading-read-as" in codes(settled)) == (case == "V39.4")


@pytest.mark.parametrize("settled", ["V60"], indirect=True)
def test_the_second_line_of_a_quarters_headings_is_no_purchase(settled):
    frame = settled.tables["procurement"].frame
    assert [each.day for each in frame["contract_date"]] == [3, 7, 15, 30]
    assert list(frame["contract_no"]) == ["12/2566", "13/2566", "CNTR-00014/66", "15/2566"]
    assert list(frame["seq_no"]) == ["1", "2", "3", "4"]
    assert not codes(settled) & {"required", "stray-cell"}


@pytest.mark.parametrize("settled", ["V10"], indirect=True)
def test_each_block_of_a_sheet_is_of_the_month_of_its_title(settled):
    frame = settled.tables["procurement"].frame
    months = [month.isoformat()[:7] for month in frame["report_month"]]
    assert months == ["2022-10"] * 4 + ["2022-11"] * 4 + ["2022-12"] * 4
    assert [day.month for day in frame["contract_date"]] == [10] * 4 + [11] * 4 + [12] * 4
    assert "PRC-04" not in codes(settled)


def nil_months(settled: Assessment) -> list[str]:
    outcomes = [each for each in settled.form_outcomes if each.form == "procurement"]
    return [f"{each.month:%Y-%m}" for each in outcomes if each.state == "nil"]


@pytest.mark.parametrize("settled", ["V35.2", "V35.5"], indirect=True)
def test_a_sentence_that_says_so_is_a_month_without_a_purchase(settled):
    assert nil_months(settled) == ["2022-11"]


@pytest.mark.parametrize("settled", ["V66"], indirect=True)
def test_a_month_without_a_purchase_among_twelve_is_one(settled):
    assert nil_months(settled) == ["2022-12"]
    frame = settled.tables["procurement"].frame
    assert (len(frame), set(frame["fate"])) == (44, {"accepted"})


# --- forms of the authorities -------------------------------------------------------------------


def templates_of(settled: Assessment, folder: Path) -> list[Path]:
    written = reply(settled, folder, template_for)
    return [path for path in written if path.name.endswith(".template.xlsx")]


@pytest.mark.parametrize(
    ("settled", "name", "sheet", "held"),
    [
        ("plan1", "ตารางติดตาม", "ทะเบียนโครงการ", "มาตรการ No Gift Policy"),
        ("c1", "ตารางสถิติเรื่องร้องเรียน", "เรื่องร้องเรียน", 1),
        ("c4", "ตารางสถิติเรื่องร้องเรียน", "เรื่องร้องเรียน", 2),
    ],
    indirect=["settled"],
)
def test_an_official_form_is_answered_by_its_name_with_its_rows_in_our_template(
    settled, name, sheet, held, tmp_path
):
    [finding] = [each for each in settled.findings if each.file]
    assert (finding.code, finding.to) == ("official-form", "division")
    said = finding_sentence(finding, "th", settled.plan.forms)
    assert name in said
    assert f"ชีต “{sheet}”" in said
    [template] = templates_of(settled, tmp_path / "out")
    values = [c.value for row in openpyxl.load_workbook(template)[sheet].iter_rows() for c in row]
    assert held in values
    letter = template.with_name(template.name.replace(".template.xlsx", ".txt")).read_text("utf-8")
    assert name in letter


@pytest.mark.parametrize("settled", ["pk5"], indirect=True)
def test_the_printed_form_of_internal_control_is_read(settled):
    frame = settled.tables["internal_control"].frame
    assert set(frame["fate"]) == {"accepted"}
    assert list(frame["is_control_adequate"]) == ["ยังไม่เพียงพอ", "เพียงพอ"]
    assert list(frame["responsible_unit"]) == ["02", "02"]
    assert [f"{day:%Y-%m-%d}" for day in frame["due_date"]] == ["2024-09-30", "2024-09-30"]
    assert not [f for f in settled.findings if f.file and f.severity > Severity.NOTE]


@pytest.mark.parametrize("settled", ["gift2"], indirect=True)
def test_a_gift_report_that_says_none_is_a_nil_return(settled):
    states = {each.form: each.state for each in settled.form_outcomes if each.submission}
    assert states["gift_report"] == "nil"
    assert not [each for each in settled.findings if each.code == "missing-heading"]
