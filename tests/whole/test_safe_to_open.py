"""Every output is safe to open, whatever came in; and what looks for harm finds it."""

import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace

import openpyxl
import pytest
import xlsxwriter

from pipeline.commands.status import chat_block, reminders
from pipeline.commands.templates import make_templates
from pipeline.plan import load_plan
from pipeline.run import assess, run
from schemas import forms
from tests.support.hostile import FILES, ROUND, TEXTS, hostile_round
from tests.support.repair import repairs
from tests.support.safe import STEERING, in_file, unsafe

# What is typed on a terminal about the hostile round; what is written by it is looked at too.
COMMANDS = [
    ("run", ROUND),
    ("template", ROUND, "--division", "02"),
    ("status", ROUND, "--remind"),
    ("bundle", ROUND),
    ("check", f"inputs/{ROUND}/received/01.eml"),
    ("check", f"inputs/{ROUND}/received/02.eml", "--json"),
    ("trace", "outputs/2566-12/report.xlsx", "\x1b[31mก", "B2"),
    ("correct", "\x1b[31m.xlsx", "\x9bก!A1", "[/x]", "--round", ROUND),
    ("explain", "\x1b]0;x\x07"),
]
OURS = [
    "\x1b[0m",
    "\x1b[1m",
    "\x1b[3m",
    "\x1b[2K",
    "\x1b[1A",
    "\x1b[?25l",
    "\x1b[?25h",
    "\x1b[32m",
    "\r",
]


@pytest.mark.parametrize("name", ["2566-06", "2566-12", "2566-12-messy"])
def test_all_that_is_written_of_an_example_is_safe_to_open(root, tmp_path, name):
    plan, out = load_plan(root / "inputs" / name, forms()), tmp_path / name
    made = run(plan, out)
    reminders(made.assessment, tmp_path)
    if plan.earlier is None:
        make_templates(plan, out / "templates", None)
    assert {path.suffix for path in out.rglob("*.*")} == {
        *[".xlsx", ".csv", ".json", ".html", ".txt", ".eml"]
    }
    assert unsafe(tmp_path) == []
    assert repairs(out / "report.xlsx") == []


@pytest.mark.office
def test_nothing_that_came_in_harms_who_opens_a_file_or_looks_at_the_screen(root, tmp_path):
    pytest.importorskip("pty", reason="Windows has neither such terminals nor such names of files")
    hostile_round(tmp_path / "inputs", root / "inputs")
    for words in COMMANDS:
        shown, code = on_a_terminal(words, tmp_path, root)
        assert code in (0, 1, 2), (words, shown[-2000:])
        for each in OURS:
            shown = shown.replace(each, "")
        assert STEERING.findall(shown) == [], words
    out = tmp_path / "outputs"
    assert unsafe(out) == []
    assert repairs(out / ROUND / "report.xlsx") == []
    record = json.loads((out / ROUND / "run.json").read_text("utf-8"))
    assert sum(each["outcome"] == "accepted" for each in record["files"]) > len(FILES)
    told = {each["value"][:10] for each in record["findings"] if each["value"]}
    assert len({text[:10] for text in TEXTS} & told) > 15
    stays_as_it_was(out / ROUND / "report.xlsx")


def stays_as_it_was(report):
    """Made safe is not made different: the report holds the very words, as text."""
    book = openpyxl.load_workbook(report)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    held = {cell.value for cell in cells if cell.data_type == "s"}
    assert {text for text in TEXTS if text[0] in "=+-@"} <= held
    formulas = {str(cell.value) for cell in cells if cell.data_type == "f"}
    assert formulas.isdisjoint(TEXTS)


def on_a_terminal(words, folder, root):
    """What a command sends to a terminal, and how it ends."""
    import pty

    ours, theirs = pty.openpty()
    environment = os.environ | {"PYTHONPATH": str(root), "TERM": "xterm", "COLUMNS": "80"}
    command = [sys.executable, "-m", "pipeline", *words]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as running:
        os.close(theirs)
        sent = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    return sent.decode("utf-8", "replace"), running.returncode


def _read(terminal):
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""


def test_what_goes_into_a_chat_holds_no_number_of_a_person(plan_messy):
    named = {"05": "กองตัวอย่าง (นายตัวอย่าง 08-0000-0000)"}
    divisions = tuple(replace(d, name=named.get(d.code, d.name)) for d in plan_messy.divisions)
    block = chat_block(assess(replace(plan_messy, divisions=divisions)))
    assert "กองตัวอย่าง (นายตัวอย่าง 08-0xxx-xxxx)" in block


# --- what looks for harm finds it ---------------------------------------------------------------


def workbook(**odd):
    """A small workbook that is safe but for one thing."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.set_properties({"title": odd.get("title", "รายงาน")})
        sheet = book.add_worksheet("ก")
        sheet.write_string("A1", odd.get("text", "ข้อความ"))
        sheet.write_formula("A2", odd.get("formula", "=1+1"), None, odd.get("value", 2))
        if "link" in odd:
            sheet.write_url("A3", odd["link"])
        if "name" in odd:
            book.define_name("ชื่อ", odd["name"])
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=ก!$A$2:$A$2"})
        sheet.insert_chart("C1", chart, {"description": odd.get("description", "แผนภูมิ")})
        if "macros" in odd:
            book.add_vba_project(io.BytesIO(b"x"), is_stream=True)
    return in_thai(target.getvalue())


def in_thai(data):
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            spoken = b"<dc:language>th-TH</dc:language></cp:coreProperties>"
            new.writestr(name, old.read(name).replace(b"</cp:coreProperties>", spoken))
    return target.getvalue()


def mail(*headers, body="ข้อความ"):
    return "\r\n".join(["To: a@town.example", "Subject: x", *headers, "", body]).encode()


PAGE = '<!DOCTYPE html><html lang="th"><body><p class="x">{}</p></body></html>'


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xlsx", workbook(), None),
        ("a.xlsx", workbook(text="=1+1"), "without its mark"),
        ("a.xlsx", workbook(value=""), "without a value"),
        ("a.xlsx", workbook(formula='=HYPERLINK("http://x.example")'), "reaches out"),
        ("a.xlsx", workbook(formula="=HYPERLINK(\"#'ก'!A1\")"), None),
        ("a.xlsx", workbook(formula="=cmd|' /C calc'!A0"), "reaches out"),
        ("a.xlsx", workbook(name="=[1]ก!$A$1"), "reaches out"),
        ("a.xlsx", workbook(link="http://x.example/"), "leads out"),
        ("a.xlsx", workbook(macros=True), "an active part"),
        ("a.xlsx", workbook(title="report"), "no title in Thai"),
        ("a.xlsx", workbook(description=""), "does not say what it shows"),
        ("a.csv", "\ufeffก,'=1\r\n".encode(), None),
        ("a.csv", "\ufeffก,=1\r\n".encode(), "like a formula"),
        ("a.csv", "ก\r\n".encode(), "UTF-8"),
        ("a.json", b'{"a": "\\u001b"}', None),
        ("a.json", '{"a": "\u202e"}'.encode(), "steers"),
        ("a.txt", b"a\x1b[31m", "steers"),
        ("a.html", PAGE.format("ก &lt;b&gt;").encode(), None),
        ("a.html", PAGE.format("<script>x</script>").encode(), "a tag <script>"),
        ("a.html", PAGE.format('<p onclick="x">').encode(), "an attribute onclick"),
        ("a.html", PAGE.format('<a href="http://x.example">').encode(), "a link to"),
        ("a.html", PAGE.format('<a href="mailto:a@x?subject=b%0Ac">').encode(), "a link to"),
        ("a.eml", mail(), None),
        ("a.eml", mail("Bcc: b@town.example"), "a header Bcc"),
        ("a.eml", mail("Subject: y"), "twice Subject"),
        ("a.eml", mail("X-Unsent: \x1b"), "steers"),
        ("a.exe", b"MZ", "nobody knows"),
    ],
)
def test_what_could_do_harm_is_told(name, data, said):
    found = list(in_file(name, data))
    assert found == [] if said is None else any(said in each for each in found), found
