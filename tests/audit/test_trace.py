"""From any number of the report to its rows and from any row back, as an auditor would recompute."""

import json
import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from io import BytesIO

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from pipeline.audit.report_file import open_report
from pipeline.audit.source import follow
from pipeline.audit.trace import Tracer
from pipeline.digests import properties
from pipeline.messages import say
from pipeline.model import PipelineError
from pipeline.plan import load_plan
from pipeline.report import report
from pipeline.run import assess
from schemas import forms
from tests.support import office
from tests.support.stored import plain
from tests.support.typed import typed

pytestmark = pytest.mark.office  # whole rounds

ROUNDS = ("2566-12", "2566-12-messy")
SHEETS = [
    say(f"report.sheet.{key}") for key in ("summary", "plan", "buying", "complaints", "standing")
]
PLAN, BUYING = SHEETS[1], SHEETS[2]


@pytest.fixture(scope="module")
def rounds(root, tmp_path_factory):
    """By name: a round, its report, and what follows the report's cells; each made once."""

    @cache
    def made(name):
        assessment = assess(load_plan(root / "inputs" / name, forms()))
        path = tmp_path_factory.mktemp(name) / "report.xlsx"
        report(assessment, path, properties(assessment))
        return assessment, path, Tracer(open_report(path), assessment)

    return made


@pytest.fixture(params=ROUNDS)
def traced(request, rounds):
    return rounds(request.param)


@pytest.fixture
def example(rounds):
    return rounds("2566-12")


@pytest.fixture
def messy(rounds):
    return rounds("2566-12-messy")[0]


@cache
def numbers(path):
    """(sheet, address, value, formula or "") of every number that is no line of a data table."""
    found = []
    values, formulas = (openpyxl.load_workbook(path, data_only=kept) for kept in (True, False))
    for name in SHEETS:
        tables = [range_boundaries(each.ref) for each in formulas[name].tables.values()]
        for row in values[name].iter_rows():
            for cell in row:
                inside = any(first <= cell.row <= last for _, first, _, last in tables)
                if isinstance(cell.value, (int, float)) and not inside:
                    formula = formulas[name][cell.coordinate].value
                    is_live = isinstance(formula, str) and formula.startswith("=")
                    found.append(
                        (name, cell.coordinate, cell.value, formula[1:] if is_live else "")
                    )
    return found


# --- every number -------------------------------------------------------------------------------


def test_every_number_is_a_formula_that_comes_out_from_its_rows(traced):
    """LibreOffice gives it too; what the round before counted is recorded, and traced all the same."""
    office.require_office()
    _, path, tracer = traced
    recalculated = office.recalculate(path)
    seen = 0
    for sheet, address, value, formula in numbers(path):
        found, where = tracer.at(sheet, address), f"{sheet}!{address}"
        part = found.part
        is_counted_before = part.id.startswith("earlier.") and part.total is not None
        assert formula or is_counted_before, where
        assert found.agrees, where
        assert recalculated[sheet, address] == pytest.approx(value), where
        assert Decimal(found.printed) == Decimal(str(value)), where
        for leaf in part.leaves():
            amounts = [row.amount for row in leaf.rows]
            come_to = sum(each or 0 for each in amounts) if leaf.summed else len(amounts)
            assert come_to == leaf.value, (where, leaf.id)
        if part.parts:
            assert computed(part.substituted) == pytest.approx(value), where
        seen += 1
    assert seen > 300


def computed(formula):
    """What a formula with numbers in it comes to, by arithmetic of our own."""
    texts = re.split(r'("[^"]*")', formula)
    code = "".join(
        text
        if number % 2
        else re.sub(r"(?<![<>=])=", "==", re.sub(r"[0-9.]+", r'D("\g<0>")', text))
        for number, text in enumerate(texts)
    )
    names = {"D": Decimal, "OR": lambda *each: any(each), "MIN": min, "ROUND": rounded}
    return float(eval(code, names | {"IF": lambda test, yes, no: yes if test else no}))


def rounded(value, places):
    return value.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)


def test_every_row_says_what_its_cell_of_the_original_holds(traced):
    """Another library opens each file as it was received, of this round and the one before."""
    assessment, path, tracer = traced
    rounds = [assessment, assessment.earlier]
    books = {
        each.received.sha256: openpyxl.load_workbook(BytesIO(each.received.data), data_only=True)
        for settled in rounds
        for each in settled.submissions
        if each.workbook is not None
    }
    seen = set()
    for sheet, address, _, _ in numbers(path):
        for leaf in tracer.at(sheet, address).part.leaves():
            mine = {row for row in leaf.rows if not row.own}
            counted = "held_back" if leaf.id.endswith(".held_back") else "accepted"
            assert {row.fate for row in mine} <= {say(f"fate.{counted}")}
            seen |= mine
    for row in seen:
        held = books[row.provenance.sha256][row.sheet][row.cell].value
        assert plain(held) == plain(row.typed or None), row
        assert row.provenance.sender
    assert len(seen) > 150


def test_the_way_back_leads_to_every_figure_that_counts_a_row(traced):
    assessment, _, tracer = traced
    for name in ("plan.done", "procurement.year.agreed_baht", "measures.1.done"):
        part = tracer.part(name)
        row = part.rows[0]
        found = follow(row.file, (row.sheet, row.cell), assessment, "th")
        assert (found.row.typed, found.row.fate) == (row.typed, row.fate)
        assert (name, part.place) in {
            (each.id, each.place) for each in found.counted if each.direct
        }
        through = {each.id for each in found.counted if not each.direct}
        assert {"plan.score_pct", "plan.level"} <= through or name != "plan.done"


# --- one figure ---------------------------------------------------------------------------------


def test_a_composed_figure_leads_down_to_rows_and_criteria(example):
    _, _, tracer = example
    part = tracer.part("plan.score_pct")
    assert part.substituted == 'IF(35=0,"",ROUND((33.0)/(35)*100,2))'
    assert {leaf.id: len(leaf.rows) for leaf in part.leaves()} == {
        "plan.done": 33,
        "plan.in_progress": 0,
        "plan.cannot": 0,
    }
    (base,) = part.parts[0].parts
    assert (base.id, base.shown) == ("criteria.min_project_count", "35")
    assert "35" not in base.source.partition("\n")[2][:3]
    assert example[0].plan.sha256 in base.source


def test_a_figure_of_the_round_before_leads_into_that_rounds_inputs(example):
    assessment, _, tracer = example
    part = tracer.part("earlier.plan.done")
    files = {each.received.sha256 for each in assessment.earlier.submissions}
    assert (len(part.rows), part.value) == (13, 13)
    assert {row.provenance.sha256 for row in part.rows} <= files
    assert "2566-06" in part.source


def test_a_signed_figure_that_the_inputs_no_longer_give_does_not_come_out(example):
    assessment, path, _ = example
    signed = replace(assessment.figures["earlier.plan.done"], value=14)
    figures = {**assessment.figures, "earlier.plan.done": signed}
    part = Tracer(open_report(path), replace(assessment, figures=figures)).part("earlier.plan.done")
    assert (part.value, part.total, part.comes_out) == (14, 13, False)


def test_a_price_that_only_the_winners_cell_says_is_shown_there(example):
    row = example[2].part("procurement.year.agreed_baht").rows[0]
    assert row.read in row.typed
    assert row.typed != row.read


def test_a_line_that_nobody_sent_is_a_line_of_the_report(traced):
    assessment, path, tracer = traced
    part = tracer.part("submissions.missing")
    book = openpyxl.load_workbook(path)
    assert len(part.rows) == assessment.figures["submissions.missing"].value
    for row in part.rows:
        assert (row.own, row.file) == (True, "")
        assert book[row.sheet][row.cell].value == row.read == say("state.MISSING")


def test_a_cell_that_was_typed_over_does_not_agree(example, tmp_path):
    assessment, path, _ = example
    book = openpyxl.load_workbook(path)
    home = open_report(path).names["plan.done"]
    book[home.sheet][home.address] = 34
    book.save(tmp_path / "report.xlsx")
    found = Tracer(open_report(tmp_path / "report.xlsx"), assessment).at(home.sheet, home.address)
    assert (found.printed, found.part.value, found.agrees) == ("34", 33, False)
    assert found.other_formula == ""
    book[home.sheet].cell(home.row, home.column + 1, "=34-13")
    book.save(tmp_path / "report.xlsx")
    beside = home._replace(column=home.column + 1)
    with pytest.raises(PipelineError):
        Tracer(open_report(tmp_path / "report.xlsx"), assessment).at(home.sheet, beside.address)
    change = "ROUND(plan.done-earlier.plan.done+1,2)"
    book[home.sheet][beside.address] = f"={change}"
    book.save(tmp_path / "report.xlsx")
    found = Tracer(open_report(tmp_path / "report.xlsx"), assessment).at(home.sheet, beside.address)
    assert (found.part.value, found.other_formula, found.agrees) == ("20", change, False)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ((PLAN, "A7"), "trace-no-figure-near"),
        ((PLAN, "A2"), "trace-no-figure"),
        ((PLAN, "seven"), "trace-no-cell"),
        (("ไม่มีชีตนี้", "A1"), "trace-no-sheet"),
    ],
)
def test_a_cell_without_a_figure_is_said_politely(example, place, code):
    with pytest.raises(PipelineError) as error:
        example[2].at(*place)
    assert error.value.code == code
    if code == "trace-no-figure-near":
        said = say(f"error.{code}", **error.value.params)
        assert "ดำเนินการแล้วเสร็จ" in said
        assert "C7" in said


def test_a_cell_may_be_typed_as_excel_writes_it(example):
    assert example[2].at(PLAN, "$d$7").part.id == "plan.done"


# --- a received cell ----------------------------------------------------------------------------


def test_a_row_held_back_says_why_and_counts_as_such_alone(messy):
    finding = next(f for f in messy.findings if f.severity.name == "ERROR" and f.index is not None)
    found = follow(finding.file, (finding.cell.sheet, finding.cell.address), messy, "th")
    assert found.row.fate == say("fate.held_back")
    assert any(finding.cell.address in sentence for sentence in found.why)
    assert {each.id for each in found.counted} == {
        f"rows.{finding.form}.held_back",
        f"rows.{finding.form}.read",
    }


def test_what_does_not_count_says_why(messy):
    for each in messy.submissions:
        if each.outcome in ("refused", "superseded", "quarantined"):
            sheet = each.workbook.sheets[-1].name if each.workbook else "x"
            found = follow(each.name, (sheet, "B9"), messy, "th")
            assert (found.row, found.counted) == (None, ())
            assert found.why, each.name


def test_a_heading_is_no_row_and_the_rows_are_named(example):
    assessment, _, tracer = example
    row = tracer.part("plan.done").rows[0]
    found = follow(row.file, (row.sheet, "A1"), assessment, "en")
    assert found.row is None
    assert "are rows" in found.why[0]


def test_a_mail_or_a_workbook_is_known_by_its_content(example, root, tmp_path):
    assessment, _, tracer = example
    row = tracer.part("plan.done").rows[0]
    (submission,) = (each for each in assessment.submissions if each.name == row.file)
    saved = tmp_path / "another name.xlsx"
    saved.write_bytes(submission.received.data)
    for path in (saved, submission.received.path, submission.received.path.name):
        assert follow(str(path), (row.sheet, row.cell), assessment, "th").file == row.file
    saved.write_bytes(submission.received.data + b" ")
    with pytest.raises(PipelineError, match="trace-not-received"):
        follow(str(saved), (row.sheet, row.cell), assessment, "th")


def test_a_row_of_the_round_before_counts_in_this_rounds_report_too(example):
    assessment, _, tracer = example
    row = tracer.part("earlier.plan.done").rows[0]
    (submission,) = (
        s for s in assessment.earlier.submissions if s.received.sha256 == row.provenance.sha256
    )
    path = str(submission.received.path)
    found = follow(path, (row.sheet, row.cell), assessment, "th")
    assert found.round == "2566-06"
    printed = {(each.round, each.id) for each in found.counted}
    assert {("2566-06", "plan.done"), ("2566-12", "earlier.plan.score_pct")} <= printed


# --- the command --------------------------------------------------------------------------------


def command(root, *words):
    return typed(*words, "--inputs", str(root / "inputs"), folder=root)


def test_the_command_prints_the_figure_and_its_rows(root, example):
    _, path, _ = example
    made = command(root, "trace", str(path), PLAN, "D7", "--json")
    found = json.loads(made.stdout)
    assert made.returncode == 0
    assert (found["figure"]["id"], found["value"], len(found["rows"])) == ("plan.done", 33, 33)
    assert {"file", "sheet", "cell", "typed", "sha256", "message_id"} <= found["rows"][0].keys()
    text = command(root, "trace", str(path), BUYING, "D12").stdout.decode()
    assert say("trace.sum-of", rows="41", total="32,698,375.00", value="32,698,375.00") in text
    assert say("trace.agrees") in text


def test_the_command_goes_the_other_way(root, example):
    row = example[2].part("procurement.year.contracts").rows[0]
    words = ("trace", "--source", row.file, row.sheet, row.cell, "--round", "2566-12")
    found = json.loads(command(root, *words, "--json").stdout)
    assert found["row"]["cell"] == row.cell
    assert "procurement.year.agreed_baht" in {each["id"] for each in found["figures"]}
    assert row.provenance.sha256 in command(root, *words).stdout.decode()


def test_the_commands_mistakes_are_one_line_and_two(root, example, tmp_path):
    (tmp_path / "other.xlsx").write_bytes(b"no workbook")
    _, path, _ = example
    for words in (
        (str(path), PLAN, "A1"),
        (str(tmp_path / "other.xlsx"), PLAN, "A1"),
        (str(tmp_path / "none.xlsx"), PLAN, "A1"),
        ("--source", "no such file.xlsx", "x", "A1"),
    ):
        made = command(root, "trace", *words)
        assert made.returncode == 2
        assert len(made.stderr.decode().strip().splitlines()) == 1


# --- words, and what a division's own rows come to ----------------------------------------------


def test_of_words_it_is_said_whose_they_are_and_where_their_numbers_are_compared(rounds):
    assessment, _, tracer = rounds("2566-12-messy")
    printed = next(each for each in assessment.printed if each.measure.number == 4)
    with pytest.raises(PipelineError) as caught:
        tracer.at("รายงาน", "F9")
    params = caught.value.params
    assert (caught.value.code, params["file"]) == ("trace-words", printed.source.file)
    assert params["at"] == f"{printed.source.sheet}!{printed.source.address}"


def test_what_a_text_is_compared_with_comes_from_the_divisions_own_rows(rounds):
    assessment, path, tracer = rounds("2566-12-messy")
    [said] = [
        each
        for each in assessment.comparisons
        if each.figure.formula.startswith("SUMIFS(gift_report")
    ]
    sheet = openpyxl.load_workbook(path)["กระทบยอด"]
    [cell] = [c for row in sheet.iter_rows() for c in row if c.value == f"={said.figure.formula}"]
    found = tracer.at("กระทบยอด", cell.coordinate)
    assert found.agrees
    assert found.part.title == said.title_th
    assert found.part.summed
    assert sum(row.amount for row in found.part.rows) == said.computed
    assert {row.division for row in found.part.rows} == {"กองสาธารณสุขและสิ่งแวดล้อม"}
