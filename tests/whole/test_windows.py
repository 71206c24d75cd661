"""What only fails on Windows: its console, its file names, its open files, its line ends."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.files import is_safe_name
from pipeline.messages import say
from pipeline.model import PipelineError
from pipeline.outputs import fresh_folder
from pipeline.plan import load_plan
from pipeline.record import record
from pipeline.run import assess, run
from pipeline.template import templates
from tests.support.source import modules

pytestmark = pytest.mark.office

ALL = modules("pipeline", "schemas")
USER = "สมชาย ใจดี/OneDrive - เทศบาล (ตัวอย่าง)"

# --- starting -----------------------------------------------------------------------------------

POSIX = {"fcntl", "pwd", "grp", "termios", "tty", "pty", "resource", "posix", "syslog", "crypt"}
POSIX_NAMES = {
    "os.fork",
    "os.getuid",
    "os.geteuid",
    "os.getgid",
    "os.uname",
    "os.mkfifo",
    "os.chown",
}
POSIX_NAMES |= {"os.killpg", "os.setsid", "os.nice", "os.O_NOFOLLOW", "os.O_CLOEXEC", "os.pread"}
POSIX_NAMES |= {"signal.SIGKILL", "signal.SIGALRM", "signal.SIGHUP", "signal.alarm", "time.tzset"}
POSIX_NAMES |= {"shutil.chown", "socket.AF_UNIX", "multiprocessing.get_context('fork')"}


def tried(tree):
    """What is imported where its absence is met: `try: import … except ImportError`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Try) and any(
            "ImportError" in ast.unparse(h) for h in node.handlers
        ):
            yield from (alias for each in node.body for alias in ast.walk(each))


def imported(tree):
    met = set(tried(tree))
    for node in (each for each in ast.walk(tree) if each not in met):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        if isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_nothing_is_imported_or_called_that_windows_has_not():
    for module in ALL:
        used = {
            ast.unparse(n) for n in ast.walk(module.tree) if isinstance(n, ast.Attribute | ast.Call)
        }
        assert (set(imported(module.tree)) | used) & (POSIX | POSIX_NAMES) == set(), module.path


def test_text_is_never_opened_in_the_code_page_of_the_machine():
    """`open`, `read_text`, `write_text` without an encoding mean cp874 on a Thai Windows."""
    for module in ALL:
        for call in (n for n in ast.walk(module.tree) if isinstance(n, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if name in {"read_text", "write_text"}:
                said = [ast.unparse(a) for a in call.args] + [k.arg for k in call.keywords]
                assert {"'utf-8'", "'utf-8-sig'", "encoding"} & set(said), (
                    module.path,
                    call.lineno,
                )


# --- the console --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(root, tmp_path_factory):
    """A user's folder with a name in Thai and blanks, in which commands run on an old console."""
    folder = tmp_path_factory.mktemp("users") / USER
    folder.mkdir(parents=True)

    def type_in(*words):
        return subprocess.run(
            [sys.executable, "-m", "pipeline", *words],
            cwd=folder,
            env=os.environ
            | {"PYTHONPATH": str(root), "PYTHONIOENCODING": "cp874", "PYTHONUTF8": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )

    type_in.folder = folder
    words = "--year 2566 --round 6 --kind เทศบาลเมือง --province ตัวอย่าง --code ตย-1 --contact ตัวอย่าง"
    words += " --phone 0 --email report@town.example --min-project-count 5 --division 01=สำนักปลัด"
    type_in.new = (
        "init",
        "--new",
        *words.split(),
        "--due",
        "6/4/2566 16.30",
        "--organisation",
        "เทศบาล ─ → ÷",
    )
    assert type_in(*type_in.new).returncode == 0
    assert type_in("template", "2566-06").returncode == 0
    return type_in


COMMANDS = {
    "run": (("run", "2566-06"), 1, "เทศบาล ─ → ÷"),
    "status": (("status", "2566-06"), 1, "ยังไม่ส่ง (ณ"),
    "template": (("template", "2566-06"), 0, "outputs/2566-06/templates/01.xlsx"),
    "mail": (("template", "2566-06", "--mail"), 0, "ไม่มีอีเมลในทะเบียน"),
    "summary": (("template", "2566-06", "--summary"), 0, "templates/01-summary.xlsx"),
    "guide": (("dictionary", "--guide"), 0, "outputs/2566-06/templates/guide.xlsx"),
    "check": (("check", "outputs/2566-06/templates/01.xlsx"), 0, "ยังไม่ได้กรอก"),
    "init": (("init", "--inputs", "แผน อื่น"), 0, "แผน อื่น"),
}


@pytest.mark.parametrize("as_json", [False, True], ids=["screen", "json"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_thai_console_gets_utf8_and_nothing_breaks(desk, name, as_json):
    words, code, said = COMMANDS[name]
    if name == "init":
        words = (*desk.new, "--inputs", f"{words[-1]} {as_json}")
    made = desk(*words, *(["--json"] if as_json else []))
    text = made.stdout.decode("utf-8")
    assert (made.returncode, made.stderr) == (code, b""), made.stderr.decode("utf-8", "replace")
    if as_json:
        assert isinstance(json.loads(text), dict)
    else:
        assert said in text


def test_a_mistake_is_told_in_utf8_too(desk):
    for words in (("run", "รอบไหน"), ("init", "--ใหม่")):
        made = desk(*words)
        assert (made.returncode, made.stdout) == (2, b"")
        assert words[-1] in made.stderr.decode("utf-8")


@pytest.mark.parametrize("name", ["round.toml", "received/received.csv"])
def test_a_file_saved_as_ansi_is_one_line_that_tells_how_to_save_it(desk, name):
    file = desk.folder / "inputs/2566-06" / name
    kept = file.read_bytes()
    file.write_bytes(
        (kept.decode("utf-8-sig") + "# ไทย\n").replace("─ → ÷", "").encode("cp874", "replace")
    )
    made = desk("run", "2566-06")
    file.write_bytes(kept)
    (line,) = made.stderr.decode("utf-8").splitlines()
    assert made.returncode == 2
    assert Path(name).name in line
    assert "UTF-8" in line


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["01-1.eml", "2566-12-messy", "report.xlsx", "a" * 80, "console", "_.new"]
)
def test_a_name_that_every_system_takes(name):
    assert is_safe_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "a" * 81, "CON", "nul", "Aux.xlsx", "com1.tar.gz", "LPT9", "a.", "..", ".", "-a", "a b", "ก", "a/b", "a\\b", "a:b", "a\n", "<a@b>", "a?"],
)  # fmt: skip
def test_a_name_that_windows_does_not_take(name):
    assert not is_safe_name(name)


def test_every_file_a_run_writes_has_a_safe_name(plan_12, tmp_path):
    made = run(plan_12, tmp_path / "2566-12")
    names = [path.name for path in made.path.parent.rglob("*")]
    assert len(names) > 20
    assert [name for name in names if not is_safe_name(name)] == []


# --- files held open ----------------------------------------------------------------------------


def line_of(told, name):
    assert told.value.code == "cannot-write"
    for lang, word in (("th", "ปิด"), ("en", "close")):
        sentence = say("error.cannot-write", lang, **told.value.params)
        assert name in sentence
        assert word in sentence
        assert "\n" not in sentence


def test_a_report_held_open_is_a_line_and_nothing_is_replaced(desk, forms, tmp_path, monkeypatch):
    assessment = assess(load_plan(desk.folder / "inputs/2566-06", forms))
    out = tmp_path / "out"
    (out / "replies").mkdir(parents=True)
    old = [out / name for name in ("replies/01-1.txt", "report.xlsx", "run.json")]
    for path in old:
        path.write_text("old")
    staging = fresh_folder(out / ".new")
    (staging / "report.xlsx").write_text("new")

    def held(path, *words, **more):
        """Windows' answer where Excel holds the file."""
        if path == out / "report.xlsx":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *words, **more)

    opened = Path.open
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", held)
        with pytest.raises(PipelineError) as told:
            record(assessment, staging, out)
    line_of(told, "out/report.xlsx")
    assert {path.read_text() for path in old} == {"old"}
    (fresh_folder(staging) / "report.xlsx").write_text("new")
    assert record(assessment, staging, out).exit_code == 1
    assert [path.exists() and path.read_text() != "old" for path in old] == [False, True, True]


def test_a_place_that_is_taken_is_a_line_of_the_command(desk):
    """Here without Windows: a folder stands where the report should be written."""
    taken = desk.folder / "ที่อื่น/2566-06/report.xlsx"
    taken.mkdir(parents=True)
    made = desk("run", "2566-06", "--outputs", "ที่อื่น")
    (line,) = made.stderr.decode("utf-8").splitlines()
    assert (made.returncode, made.stdout) == (2, b"")
    assert "ที่อื่น/2566-06/report.xlsx" in line
    (desk.folder / "กลุ่ม").write_text("a file where the folder should be")
    made = desk("template", "2566-06", "--outputs", "กลุ่ม")
    (line,) = made.stderr.decode("utf-8").splitlines()
    assert made.returncode == 2
    assert "กลุ่ม" in line


def test_a_template_that_cannot_be_replaced_is_a_line(plan_06, tmp_path):
    (tmp_path / "02.xlsx").mkdir()
    with pytest.raises(PipelineError) as told:
        templates(plan_06, tmp_path, None, "02")
    line_of(told, "02.xlsx")


# --- line ends ----------------------------------------------------------------------------------


def test_git_leaves_what_was_received_as_it_is(root):
    lines = (root / ".gitattributes").read_text("utf-8").splitlines()
    assert {"inputs/** -text", "*.xlsx binary"} <= set(lines)
    assert lines.index("inputs/** -text") > lines.index("* text=auto eol=lf")  # the last one counts
