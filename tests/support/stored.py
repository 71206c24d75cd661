"""Workbooks taken apart by other means than the pipeline's: what is stored where, and is it sound.

A clerk's typing is imitated on the stored cells, so that everything else in the file stays.
"""

import io
import posixpath
import re
from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree as ET
from zipfile import ZIP_DEFLATED, ZipFile

from pipeline.explanations import EXPLANATION

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
VML = "urn:schemas-microsoft-com:vml"
EXCEL = "urn:schemas-microsoft-com:office:excel"
LIST = "รายการที่ต้องแก้ไข"
# The children of a sheet in the order that Excel asks for.
_ORDER = """
sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection
protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells
phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins
pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors
smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls
webPublishItems tableParts extLst
"""
ORDER = _ORDER.split()

# What must survive, by the name of its element.
COUNTED = ("dataValidation", "cfRule", "mergeCell", "f", "v", "hyperlink", "tablePart", "x14",
           "sheetProtection", "definedName", "pageSetup", "drawing", "legacyDrawingHF",
           "autoFilter")  # fmt: skip

ET.register_namespace("", MAIN)
ET.register_namespace("r", LINK)


def tag(name):
    return f"{{{MAIN}}}{name}"


def parts(data):
    with ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def zipped(content: Mapping[str, bytes]):
    target = io.BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as file:
        for name, data in content.items():
            file.writestr(name, data)
    return target.getvalue()


def links(content, owner):
    """(kind, target part) by identifier."""
    folder, file = posixpath.split(owner)
    name = posixpath.join(folder, "_rels", f"{file}.rels")
    if name not in content:
        return {}
    found = {}
    for node in ET.fromstring(content[name]):
        target = node.get("Target")
        if node.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        found[node.get("Id")] = (node.get("Type").rpartition("/")[2], target)
    return found


def sheets(content):
    """The part of each sheet by its name, in the order of the tabs."""
    targets = links(content, "xl/workbook.xml")
    book = ET.fromstring(content["xl/workbook.xml"])
    return {n.get("name"): targets[n.get(f"{{{LINK}}}id")][1] for n in book.iter(tag("sheet"))}


def cells(content, sheet):
    root = ET.fromstring(content[sheets(content)[sheet]])
    return {node.get("r"): node for node in root.iter(tag("c"))}


def typed(data, changes):
    """The workbook with stored cells replaced: (sheet, address) to a text, or a cell of another."""
    content = parts(data)
    for sheet in {sheet for sheet, _ in changes}:
        part = sheets(content)[sheet]
        root = ET.fromstring(content[part])
        mine = {address: new for (name, address), new in changes.items() if name == sheet}
        for node in root.iter(tag("c")):
            if node.get("r") in mine:
                _put(node, mine.pop(node.get("r")))
        assert not mine, "typing into cells that are not stored"
        content[part] = ET.tostring(root, "utf-8", xml_declaration=True)
    return zipped(content)


def _put(node, new):
    for child in list(node):
        node.remove(child)
    node.attrib.pop("t", None)
    if isinstance(new, str):
        node.set("t", "inlineStr")
        ET.SubElement(ET.SubElement(node, tag("is")), tag("t")).text = new
    else:
        node.extend(list(new))
        if "t" in new.attrib:
            node.set("t", new.get("t"))


def faults(data):
    """What Excel would repair: dangling links, undeclared parts, wrong order, doubled names."""
    content = parts(data)
    found = [f"not XML: {name}" for name in content if not _is_xml(name, content[name])]
    found += _undeclared(content)
    for name in content:
        found += [
            f"{name} leads to {target}"
            for kind, target in links(content, name).values()
            if kind != "hyperlink" and target not in content
        ]
    book = ET.fromstring(content["xl/workbook.xml"])
    listed = list(book.iter(tag("sheet")))
    for key in ("name", "sheetId", f"{{{LINK}}}id"):
        values = [node.get(key).lower() for node in listed]
        found += [f"twice {key} {value}" for value in set(values) if values.count(value) > 1]
    found += [
        f"name {node.get('name')} of sheet {node.get('localSheetId')}"
        for node in book.iter(tag("definedName"))
        if int(node.get("localSheetId", 0)) >= len(listed)
    ]
    styles = _styles(content, found)
    for sheet, part in sheets(content).items():
        if part.startswith("xl/worksheets/"):
            found += [f"{sheet}: {said}" for said in _of_sheet(content, part, styles)]
    return found


def _is_xml(name, data):
    try:
        if name.endswith((".xml", ".rels", ".vml")):
            ET.fromstring(data)
    except ET.ParseError:
        return False
    return True


def _undeclared(content):
    types = ET.fromstring(content["[Content_Types].xml"])
    by_name = [n.get("PartName") for n in types if n.tag == f"{{{TYPES}}}Override"]
    endings = {n.get("Extension").lower() for n in types if n.tag == f"{{{TYPES}}}Default"}
    yield from (f"declared, not there: {n}" for n in by_name if n.lstrip("/") not in content)
    yield from (f"declared twice: {n}" for n in set(by_name) if by_name.count(n) > 1)
    yield from (
        f"undeclared: {name}"
        for name in content
        if f"/{name}" not in by_name and name.rpartition(".")[2].lower() not in endings
    )


def _styles(content, found):
    part = next(t for k, t in links(content, "xl/workbook.xml").values() if k == "styles")
    root = ET.fromstring(content[part])
    sizes = {}
    for name in ("fonts", "fills", "borders", "cellXfs"):
        group = root.find(tag(name))
        sizes[name] = len(group)
        if int(group.get("count", len(group))) != len(group):
            found.append(f"{name} counts {group.get('count')}, has {len(group)}")
    for style in root.find(tag("cellXfs")):
        for key, name in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
            if int(style.get(key, 0)) >= sizes[name]:
                found.append(f"style with {key} {style.get(key)}")
    return sizes["cellXfs"]


def _of_sheet(content, part, styles):
    root = ET.fromstring(content[part])
    names = [node.tag.removeprefix(f"{{{MAIN}}}") for node in root]
    places = [ORDER.index(name) for name in names if name in ORDER]
    if places != sorted(places):
        yield f"order {names}"
    yield from _of_cells(root, styles)
    noted = {}
    for identifier, (kind, target) in links(content, part).items():
        noted.setdefault(kind, []).append((identifier, target))
    drawing = root.find(tag("legacyDrawing"))
    notes = noted.get("comments", [])
    if not notes:
        return
    shown = dict(noted.get("vmlDrawing", []))
    comments = ET.fromstring(content[notes[0][1]])
    refs = [node.get("ref") for node in comments.iter(tag("comment"))]
    authors = len(comments.find(tag("authors")))
    if len(refs) != len(set(refs)) or not refs:
        yield f"notes at {refs}"
    if any(int(n.get("authorId")) >= authors for n in comments.iter(tag("comment"))):
        yield "a note of nobody"
    vml = ET.fromstring(content[shown[drawing.get(f"{{{LINK}}}id")]])
    named = (node.get("id") for node in vml.iter(f"{{{VML}}}shape"))
    ids = [each for each in named if each.startswith("_x0000_s")]  # LibreOffice calls all alike
    boxes = {
        (int(d.find(f"{{{EXCEL}}}Row").text), int(d.find(f"{{{EXCEL}}}Column").text))
        for d in vml.iter(f"{{{EXCEL}}}ClientData")
        if d.get("ObjectType") == "Note"
    }
    if len(ids) != len(set(ids)):
        yield f"shapes {ids}"
    if boxes != {(row - 1, column - 1) for row, column in map(numbers, refs)}:
        yield f"boxes at {sorted(boxes)}, notes at {refs}"


def _of_cells(root, styles):
    last = 0
    for row in root.find(tag("sheetData")):
        number = int(row.get("r", last + 1))
        if number <= last:
            yield f"row {number} behind {last}"
        last, columns = number, [numbers(c.get("r"))[1] for c in row if c.get("r")]
        if columns != sorted(set(columns)):
            yield f"cells of row {number}: {columns}"
        first, _, end = row.get("spans", "1:16384").partition(":")
        if columns and not int(first) <= columns[0] <= columns[-1] <= int(end):
            yield f"row {number} spans {row.get('spans')}, has {columns}"
        yield from (f"style {c.get('s')}" for c in row if int(c.get("s", 0)) >= styles)


def numbers(address):
    """Row and column of a cell."""
    letters, digits = re.fullmatch(r"([A-Z]+)([0-9]+)", address).groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits), column


def census(data):
    """How many there are of what must survive a marking, over all sheets but a list of ours."""
    content = parts(data)
    counted = dict.fromkeys(COUNTED, 0)
    book = ET.fromstring(content["xl/workbook.xml"])
    counted["definedName"] = sum(1 for _ in book.iter(tag("definedName")))
    for name, part in sheets(content).items():
        if name == LIST or not part.startswith("xl/worksheets/"):
            continue
        for node in ET.fromstring(content[part]).iter():
            local = node.tag.rpartition("}")[2]
            if "2009/9/main" in node.tag:
                counted["x14"] += 1
            elif local in counted:
                counted[local] += 1
    return counted


def explain(data, code, words):
    """Type into the explanation of every line of a code in the list."""
    content = parts(data)
    listed = {a: "".join(node.itertext()) for a, node in cells(content, LIST).items()}
    columns = {text: address[:-1] for address, text in listed.items() if address[1:] == "1"}
    rows = [a[1:] for a, text in listed.items() if a[0] == columns["code"] and text == code]
    assert rows
    return typed(data, {(LIST, f"{columns[EXPLANATION]}{row}"): words for row in rows})


def plain(value):
    """A value without what differs between two ways of writing it."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    try:
        return Decimal(str(value)).normalize()
    except InvalidOperation:
        return value or None
