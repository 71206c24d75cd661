"""What could do harm in a file that leaves the pipeline, found by kind of file.

The workbooks are taken apart as they are stored: no program that opens them is trusted to tell.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from tests.support.repair import MAIN, Parts

SIGNS = ("=", "+", "-", "@", "\t", "\r")
# What steers a terminal or turns the direction of writing.
STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
ACTIVE = re.compile(
    r"vba|macro|externalLink|oleObject|embeddings|activeX|ctrlProps|connections|queryTable"
    r"|webExtension|customUI|dialogsheet|printerSettings",
    re.IGNORECASE,
)
REACHING_OUT = re.compile(
    r"\b(?:HYPERLINK|WEBSERVICE|FILTERXML|DDE|RTD|CALL|REGISTER|EXEC|IMAGE|INDIRECT|CELL|INFO)\s*\("
    r"|[\[|]",
    re.IGNORECASE,
)
THAI = re.compile("[\u0e01-\u0e5b]")
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
HEADERS = {"from", "to", "subject", "in-reply-to", "references", "x-unsent", "mime-version"}
TAGS = re.compile("html|head|meta|title|style|body|p|b|h1|ol|ul|li|table|thead|tbody|tr|th|td|a")
ATTRIBUTES = {"lang", "charset", "name", "content", "class", "href"}
DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


def unsafe(folder: Path) -> list[str]:
    """Every fault of every file below a folder; a kind of file that nobody knows is one."""
    found = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = path.relative_to(folder).as_posix()
        data = path.read_bytes()
        inside = in_copy(data) if _is_copy(path) else in_file(path.name, data)
        said = [*in_name(name), *inside]
        found += [f"{name}: {each}" for each in said]
    return found


def _is_copy(path: Path) -> bool:
    """Whether it is a marked copy: all but its first sheet is the clerk's own."""
    return (path.parent.name, path.suffix) == ("replies", ".xlsx")


def in_name(name: str) -> Iterator[str]:
    """A name in a folder or a zip that every system takes and that leads nowhere else."""
    for part in PurePosixPath(name).parts:
        if not re.fullmatch(r"[A-Za-z0-9._-]{1,80}", part) or DEVICE.match(part) or ".." in part:
            yield "a name that is not plain"


def in_file(name: str, data: bytes) -> Iterator[str]:
    """The faults of one file, by what its name says that it is."""
    known = {
        ".xlsx": in_workbook,
        ".csv": in_table,
        ".json": in_json,
        ".html": in_page,
        ".txt": in_text,
        ".eml": in_mail,
        ".zip": in_bundle,
    }
    look = known.get(PurePosixPath(name).suffix)
    if look is None:
        yield "a kind of file that nobody knows"
    else:
        yield from look(data)


# --- workbooks ----------------------------------------------------------------------------------


def in_workbook(data: bytes) -> Iterator[str]:
    """A workbook of ours: nothing active, nothing from elsewhere, every value there to be seen."""
    parts = Parts(io.BytesIO(data))
    yield from in_package(parts)
    yield from _described(parts)
    for sheet, part in parts.sheets:
        yield from _in_cells(parts, sheet, part)


def in_copy(data: bytes) -> Iterator[str]:
    """A marked copy: the list in front is ours, and what is the clerk's own reaches nowhere."""
    parts = Parts(io.BytesIO(data))
    yield from in_package(parts)
    yield from _in_cells(parts, *parts.sheets[0])


def _in_cells(parts: Parts, sheet: str, part: str) -> Iterator[str]:
    quoted = [each.get("quotePrefix") == "1" for each in _formats(parts)]
    shared = "xl/sharedStrings.xml"
    texts = [_text(each) for each in parts.tree(shared)] if shared in parts.names else []
    for cell in parts.tree(part).iter(f"{MAIN}c"):
        said = _of_cell(cell, texts, quoted)
        yield from (f"{sheet}!{cell.get('r')}: {each}" for each in said)


def in_package(parts: Parts) -> Iterator[str]:
    """What is active, or leads out of the package: also in a copy of somebody's own workbook."""
    yield from (f"an active part {name}" for name in parts.names if ACTIVE.search(name))
    for name in parts.names:
        for link in parts.relations(name):
            if link.get("TargetMode") == "External":
                yield f"{name} leads out to {link.get('Target')}"
    for each in parts.tree("xl/workbook.xml").iter(f"{MAIN}definedName"):
        if REACHING_OUT.search(_outside_texts(each.text or "")):
            yield f"the name {each.get('name')} reaches out: {each.text}"


def _described(parts: Parts) -> Iterator[str]:
    """Its title and language are stated, and every picture says in Thai what it shows."""
    core = {node.tag.rpartition("}")[2]: node.text for node in parts.tree("docProps/core.xml")}
    if not THAI.search(core.get("title") or ""):
        yield "no title in Thai"
    if core.get("language") != "th-TH":
        yield f"its language is {core.get('language')}"
    for name in parts.names:
        if name.startswith("xl/drawings/drawing"):
            for each in parts.tree(name).iter(f"{DRAWN}cNvPr"):
                if not THAI.search(each.get("descr", "")):
                    yield f"{name}: {each.get('name')} does not say what it shows"


def _formats(parts: Parts) -> ET.Element:
    return next(parts.tree("xl/styles.xml").iter(f"{MAIN}cellXfs"))


def _text(node: ET.Element) -> str:
    return "".join(each.text or "" for each in node.iter(f"{MAIN}t"))


def _of_cell(cell: ET.Element, texts: list[str], quoted: list[bool]) -> Iterator[str]:
    formula, value = cell.find(f"{MAIN}f"), cell.find(f"{MAIN}v")
    if formula is not None:
        if value is None or (cell.get("t") != "str" and not value.text):
            yield f"a formula without a value: {formula.text}"
        inside = (formula.text or "").replace("HYPERLINK(\"#'", "LINK(\"#'")
        if REACHING_OUT.search(_outside_texts(inside)):
            yield f"a formula that reaches out: {formula.text}"
        return
    said = texts[int(value.text)] if cell.get("t") == "s" and value is not None else _text(cell)
    if said.startswith(SIGNS) and not quoted[int(cell.get("s", 0))]:
        yield f"a text like a formula without its mark: {said[:40]!r}"


def _outside_texts(formula: str) -> str:
    return re.sub(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'", "", formula)


# --- texts --------------------------------------------------------------------------------------


def in_text(data: bytes) -> Iterator[str]:
    """A text as it is opened by Notepad or shown by a terminal."""
    steering = STEERING.search(data.decode("utf-8-sig"))
    if steering:
        yield f"{steering[0]!r} steers what shows it"


def in_table(data: bytes) -> Iterator[str]:
    """A table as it is opened by Excel: its mark of UTF-8, and no cell that becomes a formula."""
    if not data.startswith(b"\xef\xbb\xbf"):
        yield "Excel would not take it for UTF-8"
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        yield from (
            f"a cell like a formula: {cell[:40]!r}" for cell in row if cell.startswith(SIGNS)
        )


def in_json(data: bytes) -> Iterator[str]:
    """An object, which may say anything, but not with signs that steer a terminal."""
    json.loads(data)
    yield from in_text(data)


class _Page(HTMLParser):
    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(data.decode("utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if not TAGS.fullmatch(tag):
            self.found.append(f"a tag <{tag}>")
        for name, value in attributes:
            if name not in ATTRIBUTES:
                self.found.append(f"an attribute {name}")
            if name == "href" and not _is_beside(value or ""):
                self.found.append(f"a link to {value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"a comment {data}")


def _is_beside(target: str) -> bool:
    """Whether a link leads to a file beside the page, or begins a mail with nothing but a subject."""
    if not target.startswith("mailto:"):
        return re.fullmatch(r"[A-Za-z0-9._-]+", target) is not None
    plain = unquote(target)
    return (
        "\n" not in plain and "\r" not in plain and re.findall(r"[?&](\w+)=", target) == ["subject"]
    )


def in_page(data: bytes) -> Iterator[str]:
    """A page of plain tags that runs nothing and fetches nothing."""
    yield from _Page(data).found
    yield from in_text(data)


def in_mail(data: bytes) -> Iterator[str]:
    """A draft with the headers that we write and no others, and safe parts."""
    mail = message_from_bytes(data, policy=policy.default)
    yield from (
        f"a header {name}" for name in mail if name.lower() not in HEADERS | {"content-type"}
    )
    yield from (f"twice {name}" for name in {*mail} if len(mail.get_all(name)) > 1)
    for name, value in mail.items():
        if STEERING.search(value) or "\n" in value:
            yield f"{name} steers what shows it: {value!r}"
    for part in mail.walk():
        if part.is_multipart():
            continue
        content, name = part.get_payload(decode=True), part.get_filename() or ""
        kind = part.get_content_type()
        if name:
            if STEERING.search(name) or re.search(r'[\\/:*?"<>|]', name) or len(name) > 90:
                yield f"a file called {name!r}"
            yield from in_copy(content)
        else:
            yield from in_page(content) if kind == "text/html" else in_text(content)


def in_bundle(data: bytes) -> Iterator[str]:
    """A zip whose names lead nowhere else; what was received in it is as it was received."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for member in file.infolist():
            name = member.filename
            if name.startswith("/") or ".." in name.split("/") or STEERING.search(name):
                yield f"a member {name!r}"
            if re.search(r'[\\:*?"<>|]', name) or any(map(DEVICE.match, name.split("/"))):
                yield f"a member that Windows does not take: {name!r}"
            if not name.startswith("inputs/"):
                yield from (f"{name}: {said}" for said in in_file(name, file.read(member)))
