"""The laws of the house: how the project is laid out, and what its source may and may not hold."""

import ast
import io
import re
import string
import subprocess
import sys
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from statistics import median
from typing import Any

import pytest

import schemas.crosschecks  # noqa: F401 (importing registers them)
from schemas.kit.columns import Column
from schemas.kit.cross_rules import registered
from schemas.kit.form import Form, FormSpec
from schemas.kit.kinds import Context
from tests.support.source import ROOT, Module, kept_files, length, modules, public, top_level

CARD = {"pipeline", "schemas", "inputs", "outputs", "tests", "pyproject.toml", "README.md"}
BESIDE = {"LICENSE", "requirements.lock"}
ALL = modules("pipeline", "schemas")
PIPELINE = modules("pipeline")
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.While, ast.Try, ast.Match, ast.BoolOp, ast.With)
STRAY = ("utils", "helpers", "common", "constants", "misc")


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


# --- 1 top level --------------------------------------------------------------------------------


def test_top_level_holds_the_card_and_nothing_else() -> None:
    seen = {name for name in top_level() if not name.startswith(".")}
    assert seen == CARD | BESIDE


def test_no_module_is_named_for_what_has_no_name() -> None:
    every = modules("pipeline", "schemas", "tests")
    assert [m.path for m in every if m.dotted.rpartition(".")[2] in STRAY] == []


def test_every_package_is_installed() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = {m.dotted for m in ALL if m.path.endswith("__init__.py")}
    assert set(settings["tool"]["setuptools"]["packages"]) == packages


# --- 2 the diagram as code ----------------------------------------------------------------------


def spine() -> list[ast.FunctionDef]:
    (module,) = (m for m in PIPELINE if m.path == "pipeline/run.py")
    named = {f.name: f for f in module.functions() if isinstance(f, ast.FunctionDef)}
    return [named["assess"], named["run"]]


def called_stages() -> list[str]:
    """The stages in the order in which `assess` and then `run` call them."""
    (module,) = (m for m in PIPELINE if m.path == "pipeline/run.py")
    imports = (node for node in ast.walk(module.tree) if isinstance(node, ast.ImportFrom))
    stages = {a.name for node in imports for a in node.names if node.module == f"pipeline.{a.name}"}
    calls = [c for f in spine() for c in ast.walk(f) if isinstance(c, ast.Call)]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    named = [c.func.id for c in calls if isinstance(c.func, ast.Name)]
    return [name for name in named if name in stages]


def test_the_order_of_things_is_short_and_straight() -> None:
    bodies = [statement for f in spine() for statement in f.body if not is_docstring(statement)]
    inner = [node for statement in bodies for node in ast.walk(statement)]
    assert sum(isinstance(node, ast.stmt) for node in inner) <= 20
    assert [node.lineno for node in inner if isinstance(node, BRANCHES)] == []


def is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def test_readme_says_the_order_of_things_as_the_code_does() -> None:
    text = (ROOT / "pipeline" / "README.md").read_text("utf-8")
    (line,) = (each for each in text.splitlines() if each.startswith("    collect → "))
    named = [each.strip(" `*") for each in line.split("→")]
    stages = named[named.index("collect") :]  # where the mail lies may stand before it
    assert stages == called_stages()
    assert len(stages) == 10


# --- 3 sizes ------------------------------------------------------------------------------------


def test_modules_are_short() -> None:
    assert median(m.lines for m in ALL) <= 120
    assert {m.path: m.lines for m in ALL if m.lines > 400} == {}


def test_no_two_modules_share_a_name() -> None:
    """Nor a module and a package; the kit's folder of a form's data is no module."""
    named = [m.dotted for m in ALL if not m.path.endswith("__init__.py")]
    packages = [m.dotted for m in ALL if m.path.endswith("__init__.py")]
    counted = Counter(each.rpartition(".")[2] for each in [*named, *packages])
    assert [name for name, count in counted.items() if count > 1] == []


def test_no_two_classes_share_a_name() -> None:
    classes = (each for m in ALL for each in ast.walk(m.tree) if isinstance(each, ast.ClassDef))
    counted = Counter(each.name for each in classes)
    assert [name for name, count in counted.items() if count > 1] == []


def test_a_form_is_as_long_as_its_columns_and_rules_need(forms: tuple[FormSpec, ...]) -> None:
    """A head of 45 lines, 8 a column and 18 a rule: what is more does not belong in a form."""
    allowed = {f.name: 45 + 8 * len(f.columns) + 18 * len(f.rules) for f in forms}
    lengths = {m.path.rpartition("/")[2].removesuffix(".py"): m.lines for m in ALL if m.is_form}
    assert {name: n for name, n in lengths.items() if n > allowed[name]} == {}


def test_functions_are_short() -> None:
    sizes = {(m.path, f.name): length(f) for m in ALL for f in m.functions()}
    assert median(sizes.values()) <= 12
    assert {where: lines for where, lines in sizes.items() if lines > 60} == {}
    long = {where: lines for where, lines in sizes.items() if lines > 40}
    assert len(long) <= 0.03 * len(sizes), long


def test_functions_branch_little() -> None:
    ruff = [sys.executable, "-m", "ruff", "check", "--quiet", "--select", "C901", "--no-cache"]
    found = subprocess.run(
        [*ruff, "--output-format", "concise", "pipeline", "schemas"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stdout) == (0, "")


# --- 4, 5 words ---------------------------------------------------------------------------------


def undocumented(module: Module) -> Iterator[str]:
    if not ast.get_docstring(module.tree):
        yield module.path
    for thing in public(module.tree):
        first = (ast.get_docstring(thing) or "").partition("\n\n")[0]
        if not first.endswith("."):
            yield f"{module.path}:{thing.lineno} {thing.name}"


def test_every_public_thing_says_in_a_sentence_what_it_is() -> None:
    assert [place for module in ALL for place in undocumented(module)] == []


def broad(handler: ast.ExceptHandler) -> bool:
    caught = handler.type
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(n is None or ast.unparse(n) in {"Exception", "BaseException"} for n in names)


def test_the_one_broad_except_is_in_the_child() -> None:
    handlers = ((m.path, n) for m in ALL for n in ast.walk(m.tree))
    found = [path for path, n in handlers if isinstance(n, ast.ExceptHandler) and broad(n)]
    assert found == ["pipeline/child.py"]


def test_nothing_is_left_to_do() -> None:
    marks = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
    every = modules("pipeline", "schemas", "tests")
    assert [m.path for m in every if marks.search((ROOT / m.path).read_text("utf-8"))] == []


def test_comments_are_few() -> None:
    comments = sum(comment_lines(m) for m in ALL)
    assert 100 * comments / sum(m.lines for m in ALL) <= 6


def comment_lines(module: Module) -> int:
    source = io.StringIO((ROOT / module.path).read_text("utf-8"))
    return sum(t.type == tokenize.COMMENT for t in tokenize.generate_tokens(source.readline))


# --- 7, 8 where words and addresses may stand ---------------------------------------------------

THAI = re.compile("[\u0e00-\u0e7f]")
THAI_WORD = re.compile("[\u0e00-\u0e7f]{2}")  # a lone letter is a code of a number format
ADDRESS = re.compile(r"\$?[A-Z]{1,3}\$?[1-9][0-9]*(:\$?[A-Z]{1,3}\$?[1-9][0-9]*)?")
QUARTERS = {"Q1", "Q2", "Q3", "Q4"}  # names of periods, not cells


def in_pipeline(unwanted: re.Pattern[str]) -> list[str]:
    return [f"{m.path}:{n} {t!r}" for m in PIPELINE for n, t in m.texts() if unwanted.search(t)]


def test_no_thai_words_in_the_pipeline() -> None:
    assert in_pipeline(THAI_WORD) == []


def test_no_heading_or_sheet_in_the_pipeline(forms: tuple[FormSpec, ...]) -> None:
    """Thai ones fall to the law above; an English one is known by its several words."""
    headings = {text for form in forms for c in form.columns for text in (c.th, c.en, *c.was)}
    titles = {text for form in forms for text in (form.about.sheet, form.about.title)}
    spoken = {text for text in headings | titles if " " in text or THAI.search(text)}
    found = ((m.path, line, text) for m in PIPELINE for line, text in m.texts())
    assert [each for each in found if each[2] in spoken] == []


def test_no_cell_address_in_the_pipeline() -> None:
    found = ((m.path, line, text) for m in PIPELINE for line, text in m.texts())
    cells = [each for each in found if ADDRESS.fullmatch(each[2]) and each[2] not in QUARTERS]
    assert cells == []


def test_no_stage_but_aggregate_names_a_form() -> None:
    """The record alone says "procurement": run.json calls a group of figures so."""
    names = {m.dotted.rpartition(".")[2] for m in ALL if m.is_form}
    others = (m for m in PIPELINE if not m.dotted.startswith("pipeline.aggregate"))
    found = ((m.path, line, text) for m in others for line, text in m.texts() if text in names)
    group = ("pipeline/record.py", "procurement")
    assert [each for each in found if (each[0], each[2]) != group] == []


# --- 9 sentences and rules ----------------------------------------------------------------------


def sentences(node: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every leaf table of the catalogue, by its key; a bare string is a sentence of Thai files."""
    for key, value in node.items():
        if not isinstance(value, dict):
            yield f"{prefix}{key}", {"th": value}
        elif any(isinstance(value.get(lang), str) for lang in ("th", "en")):
            yield f"{prefix}{key}", value
        else:
            yield from sentences(value, f"{prefix}{key}.")


@cache
def catalogue() -> list[tuple[str, Mapping[str, Any]]]:
    files = sorted((ROOT / "pipeline" / "messages").glob("*.toml"))
    loaded = (tomllib.loads(file.read_text("utf-8")) for file in files)
    return [each for node in loaded for each in sentences(node)]


# What only stands in files, which are Thai whatever --lang says.
IN_FILES = (
    "guide.",
    "issue.",
    "overview.",
    "printed.",
    "remind.",
    "report.",
    "template.",
    "worklist.",
)


def test_every_sentence_is_in_the_languages_it_is_printed_in_with_the_same_places() -> None:
    assert len(catalogue()) > 100
    shown = [each for each in catalogue() if not each[0].startswith(IN_FILES)]
    assert [k for k, s in shown if set(s) != {"th", "en"} or not all(s.values())] == []
    assert [key for key, s in shown if places(s["th"]) != places(s["en"])] == []
    of_files = [each for each in catalogue() if each[0].startswith(IN_FILES)]
    assert [key for key, s in of_files if set(s) != {"th"} or not s["th"]] == []


def test_a_sentence_of_files_is_asked_for_in_no_other_language() -> None:
    """In any other there is none, and KeyError would be a traceback."""
    calls = [(m.path, c) for m in PIPELINE for c in ast.walk(m.tree) if isinstance(c, ast.Call)]
    asked = [(path, c) for path, c in calls if c.args and ast.unparse(c.func).endswith("say")]
    of_files = [
        (path, call)
        for path, call in asked
        if ast.unparse(call.args[0]).lstrip("f'\"").startswith(IN_FILES)
    ]
    assert len(of_files) > 50
    assert [(path, call.lineno) for path, call in of_files if len(call.args) > 1] == []


def test_every_sentence_has_its_own_key() -> None:
    keys = Counter(key for key, _ in catalogue())
    assert [key for key, count in keys.items() if count > 1] == []


def test_a_rule_speaks_both_languages_with_the_same_places(forms: tuple[FormSpec, ...]) -> None:
    rules = [rule for form in forms for rule in form.rules] + list(registered().values())
    assert [r.code for r in rules if not (r.th and r.en) or places(r.th) != places(r.en)] == []
    notes = {code: check.note for code, check in registered().items() if any(check.note)}
    assert [code for code, (th, en) in notes.items() if places(th) != places(en)] == []
    assert [r.code for r in rules if THAI.search(r.en) or not THAI.search(r.th)] == []


def test_a_rule_has_a_code_of_its_own(forms: tuple[FormSpec, ...]) -> None:
    codes = [rule.code for form in forms for rule in form.rules] + list(registered())
    codes += [key.removeprefix("finding.") for key, _ in catalogue() if key.startswith("finding.")]
    assert [code for code, count in Counter(codes).items() if count > 1] == []


def test_a_rule_carries_a_row_that_breaks_it_and_one_that_does_not(
    forms: tuple[FormSpec, ...],
) -> None:
    rules = [(form, rule) for form in forms for rule in form.rules]
    assert [r.code for _, r in rules if not r.breaks or not r.holds or r.breaks == r.holds] == []
    strange = [(r.code, n) for f, r in rules for n in {*r.on, *r.breaks, *r.holds} - names_of(f)]
    assert strange == []


def names_of(form: FormSpec) -> set[str]:
    return {column.name for column in form.columns}


def test_a_conditional_requirement_asks_for_what_can_be(forms: tuple[FormSpec, ...]) -> None:
    for form in forms:
        for column in form.columns:
            if column.required_if:
                other, values = column.required_if
                asked = form.column(other)
                assert values
                assert not asked.choices or set(values) <= set(asked.choices), column.name
                assert column.required is None, f"{form.name}.{column.name} is required anyway"


# --- types --------------------------------------------------------------------------------------

DTYPE = {"money": "Int64", "count": "Int64", "day": "datetime64[us]"}
DTYPE |= {"month": "datetime64[us]"}


def columns(forms: tuple[FormSpec, ...]) -> list[tuple[FormSpec, Column]]:
    return [(form, column) for form in forms for column in form.columns]


def test_a_column_is_of_the_type_of_its_kind(forms: tuple[FormSpec, ...]) -> None:
    for form, column in columns(forms):
        wanted = DTYPE.get(column.kind.name, "string")
        judged = form.schema(Context()).columns[column.name].dtype
        assert (column.name, unit_free(judged)) == (column.name, unit_free(wanted))
        assert column.dtype == wanted, (form.name, column.name)


def unit_free(dtype: object) -> str:
    """A dtype as pandera tells it apart: every unit of time is one to it, and every text too."""
    return str(dtype).partition("[")[0]


def test_a_column_is_annotated_as_what_it_is(forms: tuple[FormSpec, ...]) -> None:
    for form in forms:
        fields = form_class(form.name).to_schema().columns
        for column in form.columns:
            said = unit_free(fields[column.name].dtype)
            assert (column.name, said) == (column.name, unit_free(column.dtype))


def form_class(name: str) -> type[Form]:
    module = import_module(f"schemas.{name}")
    (found,) = (
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Form) and each.__module__ == module.__name__
    )
    return found


def test_money_says_so_in_its_name(forms: tuple[FormSpec, ...]) -> None:
    named = {(f.name, c.name) for f, c in columns(forms) if c.name.endswith("_satang")}
    assert named == {(f.name, c.name) for f, c in columns(forms) if c.kind.name == "money"}
    assert [c.name for _, c in columns(forms) if c.name.endswith("_baht")] == []


def test_an_enumeration_of_words_is_a_strenum() -> None:
    classes = ((m.path, n) for m in ALL for n in ast.walk(m.tree) if isinstance(n, ast.ClassDef))
    bases = ((path, n.name, {ast.unparse(b) for b in n.bases}) for path, n in classes)
    assert [(path, name) for path, name, of in bases if {"Enum", "enum.Enum"} & of] == []


def test_no_pattern_takes_thai_digits_for_arabic_ones() -> None:
    lax = re.compile(r"\\d")
    texts = ((m.path, line, text) for m in ALL for line, text in m.texts())
    assert [each for each in texts if lax.search(each[2])] == []


# --- 11 tests mirror the code -------------------------------------------------------------------

WHOLE = {"whole", "support", "example"}  # tests of the whole, and of what helps tests
TESTS = modules("tests")


def mirrored(test: Module) -> str:
    """What the folder of a test mirrors: a package of the code."""
    folder = test.dotted.split(".")[1:-1]
    return ".".join(folder if folder[:1] == ["schemas"] else ["pipeline", *folder])


def test_a_test_is_named_for_the_module_that_it_tests() -> None:
    code = {module.dotted for module in ALL}
    tests = [m for m in TESTS if m.dotted.rpartition(".")[2].startswith("test_")]
    mine = {
        m.path: (mirrored(m), m.dotted.rpartition(".test_")[2])
        for m in tests
        if m.dotted.split(".")[1] not in WHOLE
    }
    astray = [
        path
        for path, (package, name) in mine.items()
        if package.rpartition(".")[2] != name
        and not any(f"{package}.{each}" in code for each in beginnings(name))
    ]
    assert astray == [], "tests/<package>/test_<module>[_…].py; what tests the whole: tests/whole"


def beginnings(name: str) -> Iterator[str]:
    """A name, and what stands before each underscore in it."""
    words = name.split("_")
    yield from ("_".join(words[:count]) for count in range(len(words), 0, -1))


def test_every_package_has_its_tests() -> None:
    packages = {m.dotted for m in PIPELINE if m.path.endswith("__init__.py")}
    assert packages - {mirrored(test) for test in TESTS} == set()


def test_what_helps_tests_stands_in_one_place() -> None:
    names = {m.path: m.path.rpartition("/")[2] for m in TESTS}
    helpers = [path for path, name in names.items() if not name.startswith(("test_", "conftest"))]
    assert [h for h in helpers if not h.startswith(("tests/support/", "tests/example/"))] == []


# --- 12 starting --------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"]])
def test_help_starts_without_the_heavy_libraries(words: list[str]) -> None:
    code = (
        "import sys\n"
        "from pipeline.cli import main\n"
        "main(sys.argv[1:], standalone_mode=False)\n"
        "heavy = {'pandas', 'numpy', 'openpyxl', 'pandera', 'xlsxwriter', 'rich'}\n"
        "print('loaded:', sorted(heavy & set(sys.modules)))\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.stderr == ""
    assert told.stdout.splitlines()[-1] == "loaded: []"
    assert len(told.stdout.splitlines()) > 1


# --- nothing of one machine ---------------------------------------------------------------------

MACHINE = re.compile(r"(?<![\w.~/-])/(?:home|root|work|workspace|tmp|Users|mnt|opt|srv)/[\w.-]")
DRIVE = re.compile(r"\b[A-Z]:\\+\w")  # in a test it is what a clerk's mail program writes
HOST = re.compile(r"\b(?:https?|ftp|git|ssh)://([^/\s\"'<>:)]*)")
# The names of OOXML and its kin, and hosts that are reserved for examples.
NAMESPACES = {"schemas.openxmlformats.org", "schemas.microsoft.com", "www.w3.org"}
NAMESPACES |= {"purl.org", "purl.oclc.org", "openoffice.org"}
EXAMPLES = re.compile(
    r"(?:.*\.)?(?:example(?:\.\w+)*|invalid|test|localhost)(?::\d+)?|127\.0\.0\.1.*|\{.*|\.*"
)
BINARY = {".xlsx", ".xlsm", ".xls", ".ods", ".zip", ".png", ".pdf", ".gz", ".docx"}


def texts_kept() -> Iterator[tuple[str, str]]:
    for file in kept_files():
        if file.suffix not in BINARY:
            name = file.relative_to(ROOT).as_posix()
            yield name, file.read_bytes().decode("utf-8", errors="replace")


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    found = [(name, hit[0]) for name, text in texts_kept() for hit in MACHINE.finditer(text)]
    ours = ((name, text) for name, text in texts_kept() if not name.startswith("tests/"))
    found += [(name, hit[0]) for name, text in ours for hit in DRIVE.finditer(text)]
    assert found == []


def test_no_file_names_a_host_but_namespaces_and_examples() -> None:
    hosts = {(name, hit[1]) for name, text in texts_kept() for hit in HOST.finditer(text)}
    strange = [h for h in hosts if h[1] not in NAMESPACES and not EXAMPLES.fullmatch(h[1])]
    assert sorted(strange) == []


def test_no_program_is_kept_in_a_workbook_or_beside_it() -> None:
    kept = {file.suffix for file in kept_files()}
    assert kept & {".pyc", ".exe", ".so", ".whl", ".zip", ".egg"} == set()
