"""What a stranger adds to the forms, each in the fewest files: a form, a rule, a column's list."""

import csv
import io

import openpyxl
import pytest

from tests.support.copied import ROUND, copied

pytestmark = pytest.mark.office

FORM = '''"""T99 การอบรม: courses held, and who came."""

import pandas as pd

from schemas.kit.columns import Count, Severity, Text, count, text
from schemas.kit.form import About, Form, rule
from schemas.kit.kinds import Context


class Training(
    Form, about=About(sheet="การอบรม", title="การอบรม", en="Training", version="1", order=20)
):
    """One row for each course."""

    course: Text = text("หลักสูตร", "Course", example="สุจริต", required=True)
    invited: Count = count("ผู้ได้รับเชิญ (คน)", "Invited", example="20", defect=Severity.ERROR)
    came: Count = count("ผู้เข้าอบรม (คน)", "Came", example="18", defect=Severity.ERROR)

    @staticmethod
    @rule(
        "TRN-01",
        on=("came", "invited"),
        severity=Severity.ERROR,
        th="ผู้เข้าอบรมมากกว่าผู้ได้รับเชิญ ({invited}) โปรดตรวจสอบจำนวน",
        en="More came than were invited ({invited}); please check the numbers.",
        breaks={"came": "21"},
        holds={"came": "20"},
    )
    def no_more_than_invited(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """Nobody comes uninvited."""
        return rows["came"] <= rows["invited"]

    @staticmethod
    @rule(
        "TRN-02",
        on="invited",
        severity=Severity.WARNING,
        th="ไม่มีผู้ได้รับเชิญ โปรดตรวจสอบ",
        en="Nobody was invited; please check.",
        breaks={"invited": "0", "came": "0"},
        holds={"invited": "1", "came": "1"},
    )
    def somebody_was_invited(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """A course is for somebody."""
        return rows["invited"] > 0
'''
OWES = 'head_position = "หัวหน้ากองช่าง"\nforms = {'
LAST = """    visit_count: Count = count("จำนวนผู้เข้าชม (ครั้ง)", "Visits", example="120", was=("จำนวนผู้เข้าชม",))
"""
COLUMN = """    audience: Text = choice(("ประชาชน", "บุคลากร"), "กลุ่มผู้ใช้", "Audience", example="ประชาชน")
"""
RULE = '''
    @staticmethod
    @rule(
        "WEB-01",
        on="visit_count",
        severity=Severity.WARNING,
        th="ไม่มีผู้เข้าชม โปรดตรวจสอบ",
        en="Nobody visited; please check.",
        breaks={"visit_count": "0"},
        holds={"visit_count": "1"},
    )
    def somebody_visited(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """A page is visited."""
        return rows["visit_count"] > 0
'''
WEB = "schemas/website_update.py"
PAGES = "การปรับปรุงเว็บไซต์"


@pytest.fixture(scope="module")
def copy(root, tmp_path_factory):
    """The program with a new form, a new rule and a new column, and workbooks filled in."""
    made = copied(root, tmp_path_factory.mktemp("stranger"))
    made.write("schemas/training.py", FORM)
    made.change(f"inputs/{ROUND}/round.toml", OWES, f"{OWES} training = [], website_update = [],")
    made.change(WEB, LAST, LAST + COLUMN + RULE)
    made.change(WEB, "Count, Day, Text,", "Count, Day, Severity, Text,")
    made.change(
        WEB,
        "import About, Form\n",
        "import About, Form, rule\nfrom schemas.kit.kinds import Context\n",
    )
    made.change(
        WEB, "from enum import StrEnum\n", "from enum import StrEnum\n\nimport pandas as pd\n"
    )
    made.pipeline("template", ROUND, "--division", "03")
    book = openpyxl.load_workbook(made.folder / f"outputs/{ROUND}/templates/03.xlsx")
    for row, values in enumerate((("ก", 20, 18), ("ข", 20, 21), ("ค", 0, 0)), 5):
        for column, value in enumerate(values, 1):
            book["การอบรม"].cell(row, column).value = value
    headings = [cell.value for cell in book[PAGES][4]]
    page = {"หัวข้อ/หน้า": "ข่าว", "ลักษณะการปรับปรุง": "ปรับปรุง", "วันที่ปรับปรุง": "10/1/2566"}
    page |= {"ที่อยู่เว็บ": "https://city.example/news", "จำนวนผู้เข้าชม (ครั้ง)": 0}
    for row, audience in ((5, "ประชาชน"), (6, "ใครก็ได้")):
        for heading, value in (page | {"หัวข้อ/หน้า": f"ข่าว {row}", "กลุ่มผู้ใช้": audience}).items():
            book[PAGES].cell(row, headings.index(heading) + 1).value = value
    book.save(made.received / "03.xlsx")
    made.write(
        f"inputs/{ROUND}/received/received.csv",
        "file,received_at,from,channel,note\n03.xlsx,2023-04-03T09:00:00+07:00,กองช่าง,,\n",
    )
    made.pipeline("run", ROUND)
    return made


def found(copy, sheet):
    text = (copy.folder / f"outputs/{ROUND}/findings.csv").read_text("utf-8-sig")
    return {
        (e["code"], e["cell"]) for e in csv.DictReader(io.StringIO(text)) if e["sheet"] == sheet
    }


def test_a_form_with_two_rules_is_its_file_and_the_line_that_says_who_owes_it(copy):
    assert found(copy, "การอบรม") == {("TRN-01", "C6"), ("TRN-02", "B7")}
    book = openpyxl.load_workbook(copy.folder / f"outputs/{ROUND}/report.xlsx")
    rows = [[cell.value for cell in row][:4] for row in book["ข้อมูล-การอบรม"].iter_rows(min_row=4)]
    assert rows[0] == ["นำมารวม", "ก", 20, 18]
    template = openpyxl.load_workbook(copy.folder / f"outputs/{ROUND}/templates/03.xlsx")
    assert {"training.TRN_01", "training.TRN_02"} <= set(template.defined_names)


def test_a_rule_is_one_function_in_the_file_of_its_form(copy):
    assert {("WEB-01", f"F{row}") for row in (5, 6)} <= found(copy, PAGES)
    listed = {each["code"]: each for each in copy.told("rules")["rules"]}
    assert listed["WEB-01"]["in_template"] is True
    assert "Nobody visited" in copy.pipeline("explain", "WEB-01", "--lang", "en").stdout


def test_a_column_with_a_list_is_one_line_in_the_file_of_its_form(copy):
    assert found(copy, PAGES) - {("WEB-01", f"F{row}") for row in (5, 6)} == {
        ("unreadable-not-in-list", "G6")
    }
    template = openpyxl.load_workbook(copy.folder / f"outputs/{ROUND}/templates/03.xlsx")
    named = template.defined_names["list_website_update_audience"]
    ((sheet, cells),) = named.destinations
    assert [cell.value for row in template[sheet][cells] for cell in row] == ["ประชาชน", "บุคลากร"]
    (entry,) = [e for e in copy.told("dictionary")["columns"] if e["column"] == "audience"]
    assert entry["choices"] == ["ประชาชน", "บุคลากร"]


def test_the_other_forms_are_what_they_were(copy, root, forms):
    """Every column of them, but for the new one."""
    after = [e for e in copy.told("dictionary")["columns"] if e["form"] != "training"]
    before = [(form.name, column.identifier) for form in forms for column in form.columns]
    assert [(e["form"], e["column"]) for e in after if e["column"] != "audience"] == before
