"""Workbooks of other offices' kind that were once read wrong: what is right of each.

The purchases in them are made up; their layouts and habits are real.
"""

from email.message import EmailMessage
from pathlib import Path

import pytest

from pipeline.model import Assessment
from pipeline.plan import load_plan
from pipeline.run import assess
from schemas import forms

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


@pytest.fixture
def settled(request, root, tmp_path) -> Assessment:
    folder = tmp_path / "inputs" / "2566-12"
    (folder / "received").mkdir(parents=True)
    (folder / "round.toml").write_bytes((root / "inputs/2566-12/round.toml").read_bytes())
    (folder / "received" / "02.eml").write_bytes(mailed(CASES / f"{request.param}.xlsx", root))
    return assess(load_plan(folder, forms(), None))


def mailed(file: Path, root: Path) -> bytes:
    plan = load_plan(root / "inputs" / "2566-12", forms(), None)
    sender = next(d.senders[0] for d in plan.divisions if d.code == "02")
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
