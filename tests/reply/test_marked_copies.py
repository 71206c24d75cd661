"""The clerk's loop: her file comes back marked, she corrects those cells, and nothing is left."""

import hashlib
import io
import warnings
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from pipeline.aggregate import aggregate
from pipeline.collect import collect
from pipeline.crosscheck import crosscheck
from pipeline.explanations import EXPLANATION, with_explanations
from pipeline.intake import intake
from pipeline.merge import merge
from pipeline.model import CellRef, Channel, Finding, Outcome, ReadRound, Received, Severity
from pipeline.read import read
from pipeline.reply.answers import findings_to_send
from pipeline.reply.marked_copies import marked_copy
from pipeline.run import assess
from pipeline.styles import MARKS
from pipeline.template import workbook_for
from pipeline.validate import validate
from pipeline.workbook.identity import entries, is_worklist
from pipeline.workbook.reader import read_cells
from schemas.kit.columns import Filled
from tests.support import office
from tests.support.stored import LIST, cells, census, explain, faults, parts, sheets, typed

pytestmark = pytest.mark.office  # whole rounds

BROKEN = "ไม่ทราบแน่ (ทดสอบ)"
READABLE = (
    "money",
    "count",
    "day",
    "month",
    "choice",
    "division",
)


@pytest.fixture(scope="module")
def earlier(plan_12):
    return tuple(assess(each) for each in plan_12.earlier_rounds)


@pytest.fixture(scope="module")
def settle(plan_12, earlier):
    """The round read and judged with other bytes in the place of some files."""
    sent = {each.name: each for each in intake(collect(plan_12), plan_12)}

    def settled(files=None):
        others = [with_data(sent[name].received, data) for name, data in (files or {}).items()]
        changed = {each.name: each for each in intake(others, plan_12)}
        submissions = [changed.get(name, each) for name, each in sent.items()]
        return crosscheck(validate(read(submissions, plan_12), plan_12), plan_12, earlier)

    return settled


def with_data(received, data):
    if data is None:
        return received
    return replace(received, data=data, sha256=hashlib.sha256(data).hexdigest())


@pytest.fixture(scope="module")
def sound(settle):
    return settle()


def breakable(assessment, name):
    """Up to ten filled cells of one file that a clerk types, spread over its forms."""
    found = []
    for table in assessment.tables.values():
        columns = [
            c
            for c in table.form.table_columns
            if c.kind.name in READABLE and c.filled is Filled.TYPED
        ]
        rows = table.frame.index[table.frame["submission"] == name]
        spread = [(row, columns[n % len(columns)]) for n, row in enumerate(rows) if columns]
        mine = [
            (table.cell(row, column.name).sheet, table.cell(row, column.name).address)
            for row, column in spread
            if table.value(row, column.name) is not None
        ]
        found += mine[:4]
    return found[:10]


@pytest.fixture(scope="module")
def broken(sound, settle, plan_12):
    """Every file with ten cells broken: (the places by file, the round, the marked copies)."""
    places = {
        each.name: breakable(sound, each.name)
        for each in sound.submissions
        if each.outcome is Outcome.ACCEPTED
    }
    data = {each.name: each.received.data for each in sound.submissions}
    files = {n: typed(data[n], dict.fromkeys(p, BROKEN)) for n, p in places.items() if p}
    settled = settle(files)
    return (
        places,
        settled,
        {name: copy for name, copy in copies(settled, plan_12).items() if name in files},
    )


def copies(reading, plan):
    """The marked copy of each file that is told something."""
    made = {}
    for each in reading.submissions:
        copy = marked_copy(
            each, findings_to_send(each, reading.findings), plan, reading.tables, "1"
        )
        assert copy.alone == ""
        if copy.data:
            made[each.name] = copy.data
    return made


def coloured(data):
    """The cells that bear a colour of ours, as another library sees them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data))
    colours = {f"FF{colour}" for colour in MARKS.values()}
    return {
        (sheet.title, cell.coordinate)
        for sheet in book.worksheets
        if sheet.title != LIST
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb in colours
    }


def told(assessment):
    """What the divisions are told, without what a plain resubmission cannot change."""
    return sorted(
        (f.file, f.code, str(f.cell and (f.cell.sheet, f.cell.address)), f.value or "")
        for each in assessment.submissions
        for f in findings_to_send(each, assessment.findings)
    )


def test_ten_broken_cells_of_every_file_are_marked(broken):
    places, settled, made = broken
    assert sum(map(len, places.values())) > 60
    assert sorted(made) == sorted(name for name, mine in places.items() if mine)
    for name, data in made.items():
        cells_told = {
            (f.cell.sheet, f.cell.address)
            for each in settled.submissions
            if each.name == name
            for f in findings_to_send(each, settled.findings)
            if f.cell
        }
        assert set(places[name]) <= cells_told
        assert coloured(data) == cells_told
        assert faults(data) == []


def test_nothing_but_the_marks_is_changed(broken, sound):
    _, settled, made = broken
    sent = {each.name: each.received.data for each in settled.submissions}
    for name, data in made.items():
        before, after = read_cells(sent[name]), read_cells(data)
        assert [s.cells for s in after.sheets if not is_worklist(s)] == [
            s.cells for s in before.sheets
        ]
        assert census(data) == census(sent[name])
        old, new = parts(sent[name]), parts(data)
        changed = {part for part in old if old[part] != new.get(part)}
        kinds = (
            "[Content",
            "xl/workbook",
            "xl/_rels",
            "xl/styles",
            "xl/worksheets/",
            "xl/comments",
        )
        assert all(part.startswith((*kinds, "xl/drawings/vml")) for part in changed), changed


def test_marked_again_it_is_the_same(broken, plan_12):
    _, settled, made = broken
    for each in settled.submissions:
        if each.name in made:
            again = replace(each, received=with_data(each.received, made[each.name]))
            findings = findings_to_send(each, settled.findings)
            copy = marked_copy(again, findings, plan_12, settled.tables, "1")
            assert copy.data == made[each.name]


def corrected(broken, sound):
    """The marked copies, with the cells that bear a colour as they were before they were broken."""
    places, _, made = broken
    right = {each.name: parts(each.received.data) for each in sound.submissions}
    files = {}
    for name, data in made.items():
        colours = coloured(data)
        changes = {
            (sheet, address): cells(right[name], sheet)[address]
            for sheet, address in places[name]
            if (sheet, address) in colours
        }
        files[name] = typed(data, changes)
    return files


def test_corrected_in_the_marked_cells_alone_nothing_is_left(
    broken, sound, settle, plan_12, earlier
):
    files = corrected(broken, sound)
    again = settle(files)
    assert told(again) == told(sound)
    assert again.hidden == sound.hidden
    clean = {file for file in files if file not in {f.file for f in again.findings}}
    assert len(clean) > 6
    figures = [
        {key: figure.value for key, figure in aggregate(*each).figures.items()}
        for each in ((r, merge(r), plan_12, earlier) for r in (again, sound))
    ]
    assert figures[0] == figures[1]


def test_a_marked_copy_that_libreoffice_saved_comes_to_the_same(
    broken, sound, settle, plan_12, tmp_path
):
    office.require_office()
    files = corrected(broken, sound)
    sources = []
    for number, data in enumerate(files.values()):
        sources.append(tmp_path / f"{number}.xlsx")
        sources[-1].write_bytes(data)
    saved = office.convert(sources, "xlsx", tmp_path / "saved")
    through = {name: path.read_bytes() for name, path in zip(files, saved, strict=True)}
    again = settle(through)
    assert told(again) == told(sound)
    for name, data in copies(again, plan_12).items():
        wanted = {
            (f.cell.sheet, f.cell.address) for f in again.findings if f.file == name and f.cell
        }
        assert coloured(data) <= wanted, name
        assert faults(data) == []


def test_every_template_can_be_marked_and_is_blank_again(plan_12, plan_06):
    for plan in (plan_06, plan_12):
        for division in plan.divisions:
            data = workbook_for(division, plan)
            (one,) = intake([loose(plan, division, data)], plan)
            reading = validate(read([one], plan), plan)
            assert reading.findings == ()
            first = next(iter(one.sheets.values()))
            marked = marked_copy(one, [fault(one, first)], plan, reading.tables)
            assert faults(marked.data) == []
            assert census(marked.data) == census(data)
            (back,) = intake([loose(plan, division, marked.data)], plan)
            again = read([back], plan)
            assert (again.findings, again.hidden) == ((), ())
            assert again.submissions[0].reason == "not-filled"


def loose(plan, division, data):
    name = f"{division.code}.xlsx"
    return Received(name, data, "", Channel.LOOSE, None, division.name, Path(name))


def fault(submission, sheet):
    cell = CellRef(submission.name, sheet, 5, 2)
    params = {"heading": "ก", "expected_th": "ข", "expected_en": "b"}
    return Finding("required", Severity.ERROR, file=submission.name, cell=cell, params=params)


# --- explanations -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def questioned(settle, sound):
    """The round in which one file asks for an explanation: a contract without its number."""
    name = next(s.name for s in sound.submissions if s.division == "02" and s.received.message)
    data = next(s.received.data for s in sound.submissions if s.name == name)
    table = sound.tables["procurement"]
    row = table.frame.index[table.frame["submission"] == name][3]
    cell = table.cell(row, "egp_project_no")
    address = cell.address
    with_fault = typed(data, {(cell.sheet, address): "123"})
    return name, (cell.sheet, address), settle({name: with_fault}), with_fault


def warnings_of(assessment, name):
    return [f for f in assessment.findings if f.file == name and f.severity is Severity.WARNING]


def test_an_explanation_settles_its_warning_until_the_cell_is_changed(questioned, settle, plan_12):
    name, place, asked, _ = questioned
    (finding,) = [f for f in warnings_of(asked, name) if f.cell.address == place[1]]
    assert not finding.explained
    answered = explain(copies(asked, plan_12)[name], finding.code, "ตามหนังสือแจ้ง\nของหน่วยงาน")
    settled = settle({name: answered})
    (same,) = [f for f in warnings_of(settled, name) if f.code == finding.code]
    assert (same.explained, same.explanation) == (True, "ตามหนังสือแจ้ง\nของหน่วยงาน")
    assert same not in [
        f for s in settled.submissions for f in findings_to_send(s, settled.findings)
    ]
    listed = entries(read_cells(copies(settled, plan_12)[name]))
    assert finding.code not in {entry.get("code") for entry in listed}
    changed = settle({name: typed(answered, {place: "1234"})})
    (other,) = [f for f in warnings_of(changed, name) if f.cell and f.cell.address == place[1]]
    assert (other.explained, other.explanation) == (False, "")


def test_an_explanation_survives_libreoffice(questioned, settle, plan_12, tmp_path):
    office.require_office()
    name, place, asked, _ = questioned
    (finding,) = [f for f in warnings_of(asked, name) if f.cell.address == place[1]]
    source = tmp_path / "a.xlsx"
    source.write_bytes(explain(copies(asked, plan_12)[name], finding.code, "ถูกต้องแล้ว"))
    (saved,) = office.convert(source, "xlsx", tmp_path / "saved")
    settled = settle({name: saved.read_bytes()})
    assert [f.explanation for f in warnings_of(settled, name) if f.code == finding.code] == [
        "ถูกต้องแล้ว"
    ]


def test_what_must_be_corrected_is_told_again_with_its_explanation_beside_it(
    broken, settle, plan_12
):
    _, first, made = broken
    name, code = next(
        (f.file, f.code) for f in first.findings if f.severity is Severity.ERROR and f.file in made
    )
    settled = settle({name: explain(made[name], code, "จะแก้ไขในรอบหน้า")})
    about = [f for f in settled.findings if (f.file, f.code) == (name, code)]
    again = [f for f in about if f.severity is Severity.ERROR]
    assert {(f.explained, f.explanation) for f in again} == {(False, "จะแก้ไขในรอบหน้า")}
    assert {
        entry.get(EXPLANATION) for entry in entries(read_cells(copies(settled, plan_12)[name]))
    } >= {"จะแก้ไขในรอบหน้า"}


def test_a_list_from_an_unknown_sender_explains_nothing(questioned, plan_12):
    name, place, asked, _ = questioned
    code = next(f.code for f in warnings_of(asked, name) if f.cell.address == place[1])
    answered = explain(copies(asked, plan_12)[name], code, "ถูกต้องแล้ว")
    each = next(s for s in asked.submissions if s.name == name)
    trusted = replace(each, workbook=read_cells(answered))
    doubted = replace(trusted, outcome=Outcome.QUARANTINED)
    for submission, words in ((trusted, "ถูกต้องแล้ว"), (doubted, "")):
        reading = with_explanations(ReadRound((submission,), asked.tables, (), (), asked.findings))
        found = [f for f in warnings_of(reading, name) if f.code == code]
        assert {f.explanation for f in found} == {words}


def test_the_list_lies_before_all_sheets_of_every_marked_copy(broken):
    for data in broken[2].values():
        assert next(iter(sheets(parts(data)))) == LIST
