"""What trace says of cells that were corrected or hold formulas, and in what a cell counts."""

import io
import json
import re
import shutil
import zipfile
from dataclasses import replace

import pytest

from pipeline.audit.cell_remarks import (
    CORRECTED,
    OVER_FORMULA,
    SAVED_VALUE,
    TYPED_OVER,
    formula_sentences,
)
from pipeline.audit.lineage import Lineage
from pipeline.audit.source import follow
from pipeline.audit.source_rows import SourceRows
from pipeline.messages import LANGUAGES
from pipeline.model import CellRef
from pipeline.plan import load_plan
from pipeline.run import assess
from pipeline.workbook.reader import read_cells
from tests.support.corrections import (
    DONE,
    FIRST,
    GOING,
    REGISTER,
    WELFARE,
    at,
    correction,
    exclusion,
    settled,
)
from tests.support.typed import typed

pytestmark = pytest.mark.office  # whole rounds

BUYER, BUYING, PRICE = "แบบรายงาน กองคลัง.xlsx", "จัดซื้อจัดจ้าง", "agreed_price_baht"
ASKED = "แบบรายงาน ศูนย์รับเรื่องราวร้องทุกข์.xlsx"
FOURTH = "xl/worksheets/sheet4.xml"  # purchases and complaints, each in its division's workbook


@pytest.fixture(scope="module")
def half(root, forms):
    return assess(load_plan(root / "inputs" / "2566-06", forms))


@pytest.fixture(scope="module")
def year(root, forms):
    return assess(load_plan(root / "inputs" / "2566-12", forms))


@pytest.fixture(scope="module")
def messy(root, forms):
    return assess(load_plan(root / "inputs" / "2566-12-messy", forms))


def remarks(assessment, figure):
    leaves = Lineage(assessment, {}, "th").part(figure).leaves()
    found = (remark for leaf in leaves for row in leaf.rows for remark in row.remarks)
    return list(dict.fromkeys(found))


def row_of(assessment, form, row, column):
    """The row of a form at that row of the sheet, as it is shown by that column."""
    frame = assessment.tables[form].frame
    mine = frame.index[(frame["row"] == row) & (frame["submission"] == BUYER)]
    [found] = SourceRows(assessment, {}).of(form, [int(mine[0])], column)
    return found


# --- agreed corrections -------------------------------------------------------------------------


@pytest.mark.parametrize("figure", ["plan.done", "plan.score_pct"])
def test_a_figure_tells_each_correction_in_its_rows_and_who_approved_it(plan_06, half, figure):
    made = settled(plan_06, correction())
    [remark] = remarks(made, figure)
    where = CellRef(WELFARE, REGISTER, FIRST, 13)
    assert (remark.kind, remark.cell, remark.entry.number) == (CORRECTED, where, 1)
    for lang, day in zip(LANGUAGES, ("5 ต.ค. 2566", "2023-10-05"), strict=True):
        said = remark.sentence(lang)
        for told in (f"{REGISTER}!M{FIRST}", "หัวหน้า (ตัวอย่าง)", "โทรศัพท์", day, GOING, DONE):
            assert told in said
    entry = remark.as_json()["entry"]
    assert (entry["approved_by"], entry["agreed_on"]) == ("หัวหน้า (ตัวอย่าง)", "2023-10-05")
    assert remarks(half, figure) == []


def test_a_correction_of_another_cell_of_the_row_is_told_too_and_none_without_effect(plan_06):
    title = {"cell": f"F{FIRST}", "old": "x", "new": "y"}
    fixed = correction(**title)  # the cell holds something else: without effect
    made = settled(plan_06, correction(), fixed)
    assert [str(each.effect) for each in made.settled] == ["in-effect", "source-fixed"]
    found = remarks(made, "plan.registered")
    assert [each.entry.number for each in found] == [1]
    asked = follow(WELFARE, (REGISTER, f"B{FIRST}"), made, "th").row
    assert [each.cell.address for each in asked.remarks] == [f"M{FIRST}"]
    assert follow(WELFARE, (REGISTER, f"M{FIRST + 1}"), made, "th").row.remarks == ()


def test_a_price_agreed_in_its_own_column_is_shown_in_its_own_cell(plan_06, half):
    """Where nothing stands in it the winner's cell says the price; as agreed it says it itself."""
    table = half.tables["procurement"]
    own = table.cell(0, "agreed_price_satang")
    before = row_of(half, "procurement", FIRST, PRICE)
    assert (before.cell, before.read) == (
        table.cell(0, "winner_and_price_raw").address,
        "136,750.00",
    )
    agreed = correction(BUYER, BUYING, own.address, "", "136,000")
    made = settled(plan_06, agreed)
    after = row_of(made, "procurement", FIRST, PRICE)
    assert (after.cell, after.read, after.typed) == (own.address, "136,000.00", "")
    assert [(each.kind, each.cell) for each in after.remarks] == [(CORRECTED, own)]


# --- formulas -----------------------------------------------------------------------------------


def test_the_saved_value_of_a_formula_is_said_to_be_one(half):
    made = received_as(half, BUYER, r'(<c r="D5"[^>]*>)<v>', r"\1<f>100000+37750</f><v>")
    [found] = remarks(made, "procurement.year.budget_baht")
    told = (found.kind, found.cell.address, found.formula)
    assert told == (SAVED_VALUE, "D5", "100000+37750")
    [said] = formula_sentences([found], "th")
    assert f"{BUYER} {BUYING} ช่อง D5" in said
    assert "=100000+37750" in found.sentence("en")
    assert remarks(made, "procurement.year.agreed_baht") == []
    assert remarks(half, "procurement.year.budget_baht") == []


def test_a_formula_without_a_value_is_not_said_to_have_been_used(messy):
    found = follow(BUYER, (BUYING, "D14"), messy, "th")
    assert (found.row.read, found.row.remarks) == ("", ())


def test_a_correction_over_a_formula_says_so(plan_messy):
    made = settled(plan_messy, correction(BUYER, BUYING, "D14", "", "137,500"))
    [found] = remarks(made, "procurement.year.budget_baht")
    assert (found.kind, found.formula) == (OVER_FORMULA, "137000+500")
    assert "=137000+500" in found.sentence("th")


def test_our_own_formulas_are_told_where_somebody_typed_over_one(half):
    """Of the template's formulas nothing is said; the first rows have none of the row before."""
    figure = "complaints.in_progress"
    assert remarks(half, figure) == []
    last = max(half.tables["complaint_statistics"].frame["row"])
    made = received_as(half, ASKED, rf'(<c r="F{last}"[^>]*>)<f>[^<]*</f>', r"\1")
    [found] = remarks(made, figure)
    assert (found.kind, found.cell.address) == (TYPED_OVER, f"F{last}")


def received_as(settled, name, pattern, instead):
    """The round with one cell of a received workbook written otherwise, read again."""
    (submission,) = (each for each in settled.submissions if each.name == name)
    data = rewritten(submission.received.data, pattern, instead)
    received = replace(submission.received, data=data)
    other = replace(submission, received=received, workbook=read_cells(data))
    others = tuple(other if each is submission else each for each in settled.submissions)
    return replace(settled, submissions=others)


def rewritten(data, pattern, instead):
    written, changes = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(written, "w") as target:
        for member in source.infolist():
            text = source.read(member)
            if member.filename == FOURTH:
                found, changes = re.subn(pattern, instead, text.decode())
                text = found.encode()
            target.writestr(member, text)
    assert changes == 1
    return written.getvalue()


# --- the way back -------------------------------------------------------------------------------


def test_the_figures_of_the_cell_come_first_then_those_of_its_row_then_what_follows(year):
    found = follow(BUYER, (BUYING, "D5"), year, "th").counted
    ranks = [(each.by_cell, each.direct) for each in found]
    assert ranks == sorted(ranks, reverse=True)
    assert [each.id for each in found if each.by_cell] == [
        "procurement.quarter_1.budget_baht",
        "procurement.year.budget_baht",
    ]
    prices = follow(BUYER, (BUYING, "H5"), year, "th")
    assert "procurement.year.agreed_baht" in {each.id for each in prices.counted if each.by_cell}


@pytest.mark.parametrize(
    ("file", "sheet", "cell"), [(BUYER, BUYING, "D5"), (WELFARE, REGISTER, at(0))]
)
def test_a_cell_counts_where_leaving_its_row_out_changes_the_figure(
    plan_12, year, file, sheet, cell
):
    """The other road: the row is excluded, with its twin if any, and the round settled anew."""
    found = follow(file, (sheet, cell), year, "th").counted
    frame = year.tables["project_register" if sheet == REGISTER else "procurement"].frame
    mine = frame[(frame["submission"] == file) & (frame["row"] == FIRST)].iloc[0]
    key = "project_no" if sheet == REGISTER else "contract_no"
    same = frame[frame[key] == mine[key]]
    places = zip(same["submission"], same["row"], strict=True)
    without = settled(plan_12, *(exclusion(name, sheet, int(row)) for name, row in places))
    moved = {k for k, f in year.figures.items() if without.figures.get(k, f).value != f.value}
    told = {each.id for each in found}
    assert {key for key in moved if not key.startswith("rows.")} <= told
    counts = {key for key in told if year.figures[key].unit in ("count", "baht")}
    assert {key for key in counts if not key.startswith("rows.")} <= moved
    zero = [each.id for each in found if not year.figures[each.id].value]
    assert zero == []


# --- as it is typed -----------------------------------------------------------------------------


def test_the_commands_tell_it_on_the_screen_and_as_json(root, tmp_path):
    shutil.copytree(root / "inputs" / "2566-06", tmp_path / "inputs" / "2566-06")
    text = correction(agreed_on="18/4/2566")
    (tmp_path / "inputs" / "2566-06" / "corrections.toml").write_text(text, "utf-8")

    def run(*words):
        made = typed(*words, folder=tmp_path)
        assert made.stderr == b""
        return made.stdout.decode()

    run("run", "2566-06")
    words = ("trace", "outputs/2566-06/report.xlsx", "แผนป้องกันการทุจริต", "D7")
    said = run(*words)
    assert "[[correction]]" in said
    assert "หัวหน้า (ตัวอย่าง)" in said
    rows = json.loads(run(*words, "--json"))["rows"]
    [remark] = [remark for row in rows for remark in row["remarks"]]
    assert (remark["kind"], remark["cell"]) == ("corrected", f"M{FIRST}")
    source = ("trace", "--source", WELFARE, REGISTER, f"M{FIRST}", "--round", "2566-06")
    assert "approved by หัวหน้า (ตัวอย่าง)" in run(*source, "--lang", "en")
    found = json.loads(run(*source, "--json"))
    assert found["row"]["remarks"][0]["entry"]["approved_by"] == "หัวหน้า (ตัวอย่าง)"
    assert found["figures"][0]["by_cell"] is True
