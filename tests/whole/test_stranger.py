"""What a stranger touches to add a figure and a sheet: done in a copy, and looked at in its report."""

import json
import shutil
import subprocess
import sys

import openpyxl
import pytest

from pipeline.messages import say

pytestmark = pytest.mark.office

KEPT = ("pipeline", "schemas", "tests", "inputs", "pyproject.toml", "README.md", ".github")
KEPT += (".gitattributes", ".gitignore", ".justfile", ".pre-commit-config.yaml", "LICENSE")
KEPT += ("requirements.lock", ".ci")
FIGURES, WORDS = "pipeline/aggregate/figures.py", "pipeline/messages/report.toml"
SHEET = "pipeline/report/gifts_sheet.py"


@pytest.fixture(scope="module")
def copy(root, tmp_path_factory):
    """The project, as another would check it out; what a test adds, the next one finds."""
    folder = tmp_path_factory.mktemp("copy")
    for name in KEPT:
        if (root / name).is_dir():
            shutil.copytree(
                root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        elif (root / name).is_file():
            shutil.copy(root / name, folder / name)
    git(folder, "init", "--quiet")
    return folder


@pytest.fixture(autouse=True)
def _from_here(copy):
    git(copy, "add", "--all")


def git(folder, *words):
    made = subprocess.run(["git", *words], cwd=folder, capture_output=True, check=True, text=True)
    return made.stdout.split()


def touched(folder):
    """The files that are no more as they were checked out, and the new ones."""
    return {
        *git(folder, "diff", "--name-only"),
        *git(folder, "ls-files", "-o", "--exclude-standard"),
    }


def python(folder, *words, codes=(0,)):
    made = subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert made.returncode in codes, made.stdout + made.stderr
    return made.stdout


def insert(file, line, text):
    """Put text behind the line."""
    kept = file.read_text("utf-8")
    assert kept.count(line) == 1
    file.write_text(kept.replace(line, line + text), "utf-8", newline="\n")


def reported(folder):
    python(folder, "pipeline", "run", "2566-06", "-q")
    return folder / "outputs" / "2566-06" / "report.xlsx"


def cell_of(book, name):
    [(sheet, address)] = book.defined_names[name].destinations
    return book[sheet][address.replace("$", "")]


def test_a_new_figure_is_declared_in_one_file(copy):
    last = '    yield Declared("ethics", "acknowledged_pct", share)\n'
    public = 'Where("manual_type", ManualKind.PUBLIC)'
    told = f'counted("service_manual", {public}, Where("is_current", TICK))'
    insert(copy / FIGURES, last, f'    yield Declared("manuals", "public_current", {told})\n')
    assert touched(copy) == {FIGURES}
    report = reported(copy)
    book = openpyxl.load_workbook(report)
    cell = cell_of(book, "manuals.public_current")
    assert cell.parent.title == "สรุป"
    title, definition = (cell.offset(column=-each).value for each in (2, 1))
    assert title.startswith("คู่มือ")
    assert "ประเภทคู่มือ = คู่มือสำหรับประชาชน" in title
    assert title != definition
    traced = json.loads(
        python(copy, "pipeline", "trace", str(report), "สรุป", cell.coordinate, "--json")
    )
    assert traced["agrees"]
    assert traced["figure"]["id"] == "manuals.public_current"
    assert len(traced["rows"]) == traced["value"] > 0
    python(copy, "pipeline", "verify", str(report))


def test_a_new_sheet_is_a_module_and_its_words(copy):
    """A figure that it shows stays on the summary, and lives where it is explained."""
    insert(
        copy / WORDS,
        'complaints = "เรื่องร้องเรียน"\n',
        'gifts = "ของขวัญ"\n',
    )
    insert(
        copy / WORDS,
        "# Every sheet, in the order of the tabs; its writer is found by its key.\n",
        '[report.gifts]\ntitle = "ของขวัญที่ได้รับ"\n\n',
    )
    (copy / SHEET).write_text(
        '"""The sheet of gifts."""\n\n'
        "from pipeline.report.cell_content import FigureCell\n"
        "from pipeline.report.page import Page\n"
        "from pipeline.report.writers import sheet\n\n\n"
        '@sheet("gifts")\n'
        "def gifts_sheet(page: Page) -> None:\n"
        '    """Write how many gifts were received, and what they are worth."""\n'
        "    page.columns(40, 20)\n"
        "    page.title()\n"
        "    page.printed()\n"
        '    for name in ("occurrences", "estimated_value_baht"):\n'
        '        figure = page.book.assessment.figures[f"gifts.{name}"]\n'
        "        page.row([figure.title_th, FigureCell(figure.id)])\n",
        "utf-8",
    )
    assert touched(copy) == {WORDS, SHEET}
    report = reported(copy)
    book = openpyxl.load_workbook(report)
    assert book.sheetnames[6:9] == ["เรื่องร้องเรียน", "ของขวัญ", say("report.sheet.standing")]
    assert cell_of(book, "gifts.occurrences").parent.title == "ของขวัญ"
    repeated = [
        c for row in book["สรุป"].iter_rows() for c in row if c.value == "=gifts.occurrences"
    ]
    assert len(repeated) == 1
    python(copy, "pipeline", "verify", str(report))


def test_neither_breaks_a_law_of_the_house_or_of_the_report(copy):
    tests = ["tests/whole/test_house.py", "tests/report/test_report.py"]
    slow = "help_starts or lower_than or text_from_outside or repair or charts"
    slow += " or colours"
    python(copy, "pytest", "-q", "-p", "no:cacheprovider", "-k", f"not ({slow})", *tests)
