"""The round in which everything goes wrong: what comes of it, read line by line and kept."""

from io import BytesIO
from itertools import takewhile
from pathlib import Path

import openpyxl
import pytest

from pipeline.digests import properties
from pipeline.intake import intake
from pipeline.model import Channel, Received
from pipeline.record import run_json
from pipeline.report import report
from pipeline.run import assess, run
from pipeline.template import workbook_for
from schemas import forms
from tests.example.golden import GOLDEN, golden
from tests.example.messy import BEFORE, ROUND, write_messy
from tests.support import office
from tests.support.stored import plain

pytestmark = pytest.mark.office  # whole rounds

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
    "times-unknown",
    "no-attachment",
    "mail-damaged",
    "second-sheet",
    "renamed-sheet",
    "missing-sheet",
    "neither-tick-nor-rows",
    "stray-cell",
    "hidden-rows",
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
    "unreadable-a-rate",
    "unreadable-became-a-date",
    "unreadable-lost-digits",
    "unreadable-not-a-tick",
    "pattern",
    "not-a-workbook-docx",
    "not-a-workbook-zip",
    "not-a-workbook-empty-file",
    "unknown-sheet",
    "doubled-heading",
    "repeated-heading",
    "hidden-columns",
    "total-row",
    "total-differs",
    "note-rows",
    "separator-rows",
    "continued-rows",
    "official-layout",
    "masked-number",
    "XLY-01",
    "XLY-02",
    "XLY-03",
}
METHOD, BAHT = "procurement_method", "agreed_baht"
IGNORED = {"lock-file", "automatic-mail", "not-a-report"}


@pytest.fixture(scope="module")
def messy(settled_messy):
    return settled_messy


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
    assert len(placed) > 90
    for finding in placed:
        found = books[finding.file][finding.cell.sheet][finding.cell.address].value
        assert plain(found) == plain(finding.value), (finding.code, finding.cell)


def test_the_report_of_a_messy_round_agrees_with_libreoffice(messy, tmp_path):
    office.require_office()
    made = run(messy.plan, tmp_path / "out")
    assert made.exit_code == 1
    path = made.path.with_name("report.xlsx")
    counted, differing = office.differences(path)
    assert differing == []
    assert counted > 500


def test_the_methods_add_up_to_what_stands_under_them(messy):
    """A contract whose method could not be read is counted, so it has a line of its own."""
    unread = [
        f for f in messy.findings if (f.form, f.column) == ("procurement", METHOD) and f.index
    ]
    frame = messy.tables["procurement"].frame
    assert "accepted" in {frame.at[finding.index, "fate"] for finding in unread}
    wholes = {k: f for k, f in messy.figures.items() if k.startswith("procurement.")}
    periods = ["unknown", "year", *(f"quarter_{number}" for number in (1, 2, 3, 4))]
    sums = [(f"{each}.{what}", f".{what}") for each in periods for what in ("contracts", BAHT)]
    sums += [(f"{each}.contracts", "") for each in vendors(wholes)]
    for whole, what in sums:
        prefix = f"procurement.{whole.partition('.')[0]}.method_"
        parts = [f.value for k, f in wholes.items() if k.startswith(prefix) and k.endswith(what)]
        assert (len(parts), sum(parts)) == (4, wholes[f"procurement.{whole}"].value), whole


def test_a_signal_has_looked_at_no_row_that_is_only_compared(messy):
    """A row that stands again in another layout is not seen by it, and the sheet says so."""
    looked = {each.check.code: each for each in messy.coverage if each.form.name == "procurement"}
    repeated = looked["RF07"]
    assert repeated.looked_at == messy.figures["procurement.matched.contracts"].value == 34
    fates = messy.tables["procurement"].frame["fate"]
    assert repeated.unseen == {"duplicate": 3, "held_back": 9}
    assert repeated.unseen == fates[fates != "accepted"].value_counts().to_dict()
    assert looked["PRC-01"].unseen == {}


def test_the_sellers_add_up_to_the_year_though_only_the_greatest_are_shown(plan_messy, monkeypatch):
    monkeypatch.setattr("pipeline.aggregate.procurement_figures.VENDORS", 3)
    figures = assess(plan_messy).figures
    assert vendors(figures) == {f"vendor_{number}" for number in (1, 2, 3, 4)}
    assert figures["procurement.vendor_4.contracts"].value > 1
    for name, of_year in (
        ("contracts", "contracts"),
        (BAHT, BAHT),
        ("method_5", "method_5.contracts"),
    ):
        parts = [figures[f"procurement.vendor_{number}.{name}"].value for number in (1, 2, 3, 4)]
        assert sum(parts) == figures[f"procurement.year.{of_year}"].value


def test_every_row_that_was_read_stands_on_the_sheet_of_reconciliation(messy, tmp_path):
    """Those of a data sheet by their fate; those of a form that does not count with the reason."""
    path = tmp_path / "report.xlsx"
    report(messy, path, properties(messy))
    rows = list(
        openpyxl.load_workbook(path, data_only=True)["กระทบยอด"].iter_rows(values_only=True)
    )
    sheets = {form.about.sheet: form.name for form in messy.plan.forms}
    counted = {sheets[row[0]]: row[2] for row in rows[6 : 6 + len(sheets)]}
    start = next(n for n, row in enumerate(rows) if row[0] == "แถวที่อ่านแล้วแต่ไม่ใช้ทั้งแบบฟอร์ม")
    unused = list(takewhile(lambda row: row[0] != "รวมทั้งสิ้น", rows[start + 3 :]))
    assert all(row[1] and row[3] for row in unused)
    assert rows[start + 3 + len(unused)][2] == sum(row[2] for row in unused) == 104
    files = run_json(messy, {})["files"]
    counted.pop("cover")  # it is no form that anyone owes: a file's record does not name it
    for form, read in counted.items():
        received = sum(file["forms"].get(form, {}).get("read", 0) for file in files)
        left = [row[2] for row in unused if row[0].startswith(messy.plan.form(form).about.sheet)]
        assert received == read + sum(left), form


def vendors(figures):
    return {key.split(".")[1] for key in figures if key.startswith("procurement.vendor_")}


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


@pytest.fixture(scope="module")
def saved_otherwise(plan_12, tmp_path_factory):
    """A division's workbook as a real program saves it in other ways, each under its own name."""
    office.require_office()
    folder = tmp_path_factory.mktemp("kinds")
    source = folder / "07.xlsx"
    source.write_bytes(workbook_for(plan_12.division("07"), plan_12))
    made = {kind: office.convert(source, kind, folder / kind)[0] for kind in OTHER_KINDS}
    locked = office.locked(source, "ตัวอย่าง", folder.joinpath("locked"))
    return made | {"password": locked}


OTHER_KINDS = ("xls", "ods", "html", "csv", "pdf")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("xls", "old-format"),
        ("ods", "ods"),
        ("html", "html"),
        ("csv", "csv"),
        ("pdf", "pdf"),
        ("password", "password"),
    ],
)
def test_what_a_real_program_saves_otherwise_is_named(plan_12, saved_otherwise, kind, code):
    data = saved_otherwise[kind].read_bytes()
    sent = Received(
        "แบบรายงาน.xlsx", data, "", Channel.LOOSE, None, "กองสวัสดิการสังคม", Path("a.xlsx")
    )
    (found,) = intake([sent], plan_12)
    assert (found.division, str(found.outcome)) == ("07", "refused")
    assert found.reason == f"not-a-workbook-{code}"
