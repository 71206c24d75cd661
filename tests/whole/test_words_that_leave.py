"""What leaves the office, read line by line: no word of ours that only our files explain."""

import re

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from pipeline.commands.check import check_files
from pipeline.messages import codes
from pipeline.reply import reply
from pipeline.run import template_for
from pipeline.template import workbook_for
from pipeline.template.lines import carried_rows
from schemas import forms

LIST = "รายการที่ต้องแก้ไข"
OF_OURS = re.compile(
    r"(?:round|corrections)\.toml|received\.csv|pipeline \w|(?:measures|criteria|divisions)\.\w"
    r"|\b[a-z]+_[a-z_]+\b"
)
ADDRESS = re.compile(r"[A-Z]{1,2}[0-9]+").fullmatch
PLACE = re.compile(r"(?:[0-9]+\.|\[[^]]+\]) (?P<sheet>[^!]+)!(?P<cell>[A-Z]{1,2}[0-9]+)")
_CODES = re.compile(rf"\b(?:{'|'.join(map(re.escape, codes(forms())))})\b")


@pytest.fixture(scope="module")
def answered(settled_messy, tmp_path_factory):
    """The messy round's answers: its letters and marked copies."""
    folder = tmp_path_factory.mktemp("answers")
    reply(settled_messy, folder, template_for)
    return folder / "replies"


def shown(path):
    """What a person sees of a workbook: its texts, notes and lists, but no hidden sheet or row."""
    for sheet in openpyxl.load_workbook(path):
        if sheet.sheet_state == "visible":
            for row in sheet.iter_rows():
                for cell in row:
                    column = sheet.column_dimensions[get_column_letter(cell.column)]
                    hidden = sheet.row_dimensions[cell.row].hidden or column.hidden
                    if not hidden and isinstance(cell.value, str) and cell.data_type != "f":
                        yield cell.value
                    if cell.comment:
                        yield cell.comment.text


def ours(text):
    """The words in it that only our own files explain; those that she typed are hers."""
    return sorted({hit[0] for pattern in (OF_OURS, _CODES) for hit in pattern.finditer(text)})


def test_no_letter_and_no_marked_copy_speaks_of_our_files(answered):
    letters = sorted(answered.glob("*.txt"))
    copies = sorted(answered.glob("*.xlsx"))
    assert len(letters) > 15
    assert len(copies) > 5
    found = {path.name: ours(path.read_text("utf-8")) for path in letters}
    found |= {path.name: ours("\n".join(shown(path))) for path in copies}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize("code", ["01", "02", "08", "90"])
def test_no_template_speaks_of_our_files(code, plan_12, settled_06, tmp_path):
    path = tmp_path / f"{code}.xlsx"
    carried = carried_rows(settled_06, plan_12).get((code, ""))
    path.write_bytes(workbook_for(plan_12.division(code), plan_12, carried))
    assert ours("\n".join(shown(path))) == []


def listed(path):
    """The cells of a marked copy's list in their order."""
    rows = openpyxl.load_workbook(path)[LIST].iter_rows(values_only=True)
    return [f"{row[1]}!{row[2]}" for row in rows if str(row[0]).isdigit() and ADDRESS(str(row[2]))]


def told(lines):
    """The first cells of the numbered lines of a letter or of the screen, in their order."""
    found = (PLACE.match(line.strip()) for line in lines)
    return [f"{hit['sheet']}!{hit['cell']}" for hit in found if hit]


def test_letter_workbook_and_screen_list_the_findings_in_one_order(
    answered, settled_messy, forms, root, tmp_path
):
    """Many cells of one fault are one line of a letter, which stands where the first of them is."""
    received = {each.name: each.received.data for each in settled_messy.submissions}
    seen = 0
    for copy in sorted(path for path in answered.glob("*.xlsx") if "template" not in path.name):
        letter = copy.with_suffix(".txt").read_text("utf-8").splitlines()
        (name,) = (n for n in received if any(f"“{n}”" in line for line in letter[:4]))
        path = tmp_path / copy.stem / name
        path.parent.mkdir()
        path.write_bytes(received[name])
        checked = check_files([path], root / "inputs", "2566-12-messy", forms)
        order = {place: number for number, place in enumerate(dict.fromkeys(listed(copy)))}
        for places in (told(letter), told(checked.lines("th"))):
            numbers = [order[place] for place in dict.fromkeys(places) if place in order]
            assert numbers == sorted(numbers), (copy.name, places)
            seen += len(numbers)
    assert seen > 60
