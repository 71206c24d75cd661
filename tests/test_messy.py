"""The round in which everything goes wrong: what comes of it, read line by line and kept."""

from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from io import BytesIO

import openpyxl
import pytest

from pipeline.run import run
from schemas import forms
from tests import office
from tests.example.golden import GOLDEN, golden, settled
from tests.example.messy import BEFORE, ROUND, write_messy

# Every class of bad input that a round can hold; the rest of the catalogue is provoked elsewhere.
CLASSES = {
    "not-a-workbook-password",
    "not-a-workbook-old-format",
    "not-a-workbook-ods",
    "not-a-workbook-html",
    "not-a-workbook-csv",
    "not-a-workbook-damaged",
    "other-round",
    "other-organisation",
    "other-divisions-workbook",
    "older-template",
    "unknown-sender",
    "sender-not-registered",
    "no-division",
    "no-attachment",
    "mail-damaged",
    "second-sheet",
    "missing-heading",
    "extra-heading",
    "nil-with-rows",
    "error-cell",
    "uncalculated-formula",
    "required",
    "required-if",
    "duplicate-key",
    "below-minimum",
    "outside-period",
    "unreadable-not-a-number",
    "unreadable-ambiguous-number",
    "unreadable-amount-words-differ",
    "unreadable-too-precise",
    "unreadable-not-whole",
    "unreadable-not-in-list",
    "unreadable-not-a-month",
    "unreadable-impossible-date",
    "unreadable-year-1965",
}
IGNORED = {"lock-file", "automatic-mail", "not-a-report"}


@pytest.fixture(scope="module")
def messy():
    return settled()


def test_the_committed_files_are_what_the_generator_writes(root, tmp_path):
    (tmp_path / BEFORE).symlink_to(root / "inputs" / BEFORE)
    write_messy(tmp_path / ROUND)
    made, kept = (contents(folder / ROUND) for folder in (tmp_path, root / "inputs"))
    assert made.keys() == kept.keys()
    assert [name for name in made if made[name] != kept[name]] == []


def contents(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_it_comes_to_what_was_read_and_kept(messy):
    made = golden(messy)
    assert {path.name for path in GOLDEN.iterdir()} == made.keys()
    for name, text in made.items():
        assert text.splitlines() == (GOLDEN / name).read_text("utf-8").splitlines(), name


def test_every_class_of_bad_input_is_there(messy):
    assert CLASSES - {finding.code for finding in messy.findings} == set()
    assert IGNORED - {each.reason for each in messy.submissions} == set()


def test_the_original_holds_at_each_place_what_the_finding_says(messy):
    """Another library opens the file as it was received and reads the cell."""
    books = {
        each.name: openpyxl.load_workbook(BytesIO(each.received.data), data_only=True)
        for each in messy.submissions
        if each.workbook is not None
    }
    placed = [f for f in messy.findings if f.cell is not None]
    assert len(placed) > 70
    for finding in placed:
        found = books[finding.file][finding.cell.sheet][finding.cell.address].value
        assert plain(found) == plain(finding.value), (finding.code, finding.cell)


def plain(value):
    """A value without what differs between two ways of writing it."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    try:
        return Decimal(str(value)).normalize()
    except InvalidOperation:
        return value or None


def test_the_report_of_a_messy_round_agrees_with_libreoffice(messy, tmp_path):
    office.require_office()
    made = run(messy.plan, tmp_path / "out")
    assert made.exit_code == 1
    path = made.path.with_name("report.xlsx")
    counted, differing = office.differences(path)
    assert differing == []
    assert counted > 500


def test_everything_received_ends_in_one_fate(messy):
    balance = {
        key.removeprefix("balance."): figure.value
        for key, figure in messy.figures.items()
        if key.startswith("balance.")
    }
    outcomes = ("accepted", "refused", "superseded", "quarantined", "ignored")
    assert balance["files"] == sum(balance[key] for key in outcomes) == len(messy.submissions)
    for form in forms():
        rows = {
            key.rpartition(".")[2]: figure.value
            for key, figure in messy.figures.items()
            if key.startswith(f"rows.{form.name}.")
        }
        fates = ("accepted", "held_back", "excluded", "duplicate")
        assert rows["read"] == sum(rows[key] for key in fates), form.name
