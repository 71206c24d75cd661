"""A stranger adds a form: one file, and the line in `round.toml` that says who owes it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.support import study_visit
from tests.support.source import kept_files

pytestmark = pytest.mark.office

FORM, SHEET = "study_visit", "การศึกษาดูงาน"
NEW_ROUND = (
    *("--year", "2570", "--round", "12", "--due", "6/10/2570 16.30", "--code", "24-9999"),
    *("--organisation", "เทศบาลเมืองตัวอย่าง", "--province", "ตัวอย่าง", "--contact", "ผู้จัดทำ"),
    *("--phone", "0", "--email", "report@town.example", "--min-project-count", "20"),
)
ROWS = (("เทศบาลตัวอย่าง ก", "10/1/2570", 12, 60_000), ("เทศบาลตัวอย่าง ข", "11/1/2570", 1, 6000))
# The tests that look at every form, rule and column there is.
ASKED = (
    "tests/schemas/test_schemas.py",
    "tests/whole/test_house.py",
    "tests/commands/test_rules.py",
    "tests/commands/test_default_roster.py",
    "tests/commands/test_init.py::test_the_file_loads_and_asks_what_the_example_asks",
    "tests/model/test_promises.py",
    "tests/plan/test_owed.py",
    "tests/template/test_guide.py",
)


@pytest.fixture(scope="module")
def copy(root, tmp_path_factory):
    """The project with one file more."""
    folder = tmp_path_factory.mktemp("copy")
    for file in kept_files():
        target = folder / file.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    (folder / "outputs").mkdir(exist_ok=True)
    shutil.copyfile(study_visit.__file__, folder / "schemas" / f"{FORM}.py")
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    return folder


def python(copy: Path, *words):
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_no_test_breaks(copy):
    done = python(copy, "pytest", "-q", "-p", "no:cacheprovider", "-m", "not office", *ASKED)
    assert done.returncode == 0, done.stdout[-5000:]
    assert " passed" in done.stdout


def test_nobody_owes_it_until_a_line_says_who(copy, tmp_path):
    """The line is asked for, the division gets its sheet, and what she fills in is judged."""
    folders = ["--inputs", str(tmp_path / "in"), "--outputs", str(tmp_path / "out")]

    def pipeline(*words):
        return python(copy, "pipeline", *words, *folders)

    made = pipeline("init", "--new", "--yes", *NEW_ROUND)
    (line,) = (text for text in made.stdout.splitlines() if FORM in text)
    assert SHEET in line
    assert f"{FORM} = []" in line
    plan = tmp_path / "in" / "2570-12" / "round.toml"
    text = plan.read_text("utf-8")
    plan.write_text(text.replace("forms = { ", f"forms = {{ {FORM} = [], ", 1), "utf-8")

    assert pipeline("template").returncode == 0
    book = openpyxl.load_workbook(tmp_path / "out" / "2570-12" / "templates" / "01.xlsx")
    type_in(book[SHEET])
    book.save(plan.parent / "received" / "สำนักปลัดเทศบาล.xlsx")
    run = json.loads(pipeline("run", "--json", "--as-of", "2027-10-07").stdout)
    (file,) = run["files"]
    assert (file["division"], file["forms"][FORM]["accepted"]) == ("01", 2)
    (finding,) = (found for found in run["findings"] if found["code"] == "STV-01")
    report = openpyxl.load_workbook(tmp_path / "out" / "2570-12" / "report.xlsx")
    assert finding["value"] == "6000"
    shown = [cell for row in report[f"ข้อมูล-{SHEET}"].values for cell in row]
    assert {place for place, *_ in ROWS} <= set(shown)


def type_in(sheet):
    """The rows of two visits, the second too dear, below the headings."""
    heads = {cell.value: cell for row in sheet.iter_rows(max_row=20) for cell in row if cell.value}
    for number, values in enumerate(ROWS, 1):
        titles = ("สถานที่ดูงาน", "วันที่ดูงาน", "จำนวนผู้ไปดูงาน (คน)", "ค่าใช้จ่ายดูงาน (บาท)")
        for title, value in zip(titles, values, strict=True):
            sheet.cell(heads[title].row + number, heads[title].column, value)
