"""The list of a workbook's sheets: one put first or taken out, and what counts sheets with it."""

from collections.abc import Callable

from pipeline.workbook.patch.byte_places import Edits, Element, outline, tag
from pipeline.workbook.patch.parts import Parts
from pipeline.workbook.patch.unmarkable import Unmarkable


def sheet_parts(parts: Parts) -> dict[str, str]:
    """The part of each sheet that has one by its name, in the order of the tabs."""
    targets = {identifier: target for identifier, _, target in parts.links(parts.package.main)}
    root = outline(parts.read(parts.package.main))
    listed = [(n.attributes["name"], _link(n)) for n in root.all("sheets", "sheet")]
    found = {name: targets.get(link, "") for name, link in listed if link}
    if "" in found.values():
        raise Unmarkable("damaged")
    return found


def put_first(parts: Parts, name: str, part: str) -> None:
    """List a part as the first sheet, and show it when the workbook is opened."""
    identifier = parts.link(parts.package.main, "worksheet", part)
    edits, root, sheets = _opened(parts)
    numbers = [int(n.attributes.get("sheetId", 0)) for n in sheets.children]
    attributes = {"name": name, "sheetId": str(max(numbers, default=0) + 1)}
    known = root.attributes.get("xmlns:r") == parts.link_namespace
    attributes |= {} if known else {"xmlns:r": parts.link_namespace}
    new = tag(f"{root.prefix}sheet", attributes | {"r:id": identifier})
    edits.insert(sheets.inner, new)
    _count_anew(edits, root, lambda place: place + 1)
    for view in root.all("bookViews", "workbookView"):
        edits.change(view, {"activeTab": None, "firstSheet": None})
    parts.write(parts.package.main, edits.done())


def take_out(parts: Parts, name: str, part: str) -> None:
    """Take a sheet out, with the names that hold in it alone."""
    edits, root, sheets = _opened(parts)
    names = [node.attributes["name"] for node in sheets.children]
    gone = names.index(name)
    edits.remove(sheets.children[gone])
    _count_anew(edits, root, lambda at: None if at == gone else at - (at > gone))
    for view in root.all("bookViews", "workbookView"):
        edits.change(view, {"activeTab": None, "firstSheet": None})
    parts.write(parts.package.main, edits.done())
    for _, kind, target in list(parts.links(part)):
        if kind in ("comments", "vmlDrawing", "printerSettings"):
            parts.remove(part, target)
    parts.remove(parts.package.main, part)


def _link(sheet: Element) -> str:
    return next((v for k, v in sheet.attributes.items() if k.rpartition(":")[2] == "id"), "")


def _opened(parts: Parts) -> tuple[Edits, Element, Element]:
    edits = Edits(parts.read(parts.package.main))
    root = outline(edits.data)
    sheets = root.first("sheets")
    if sheets is None:
        raise Unmarkable("damaged")
    return edits, root, sheets


def _count_anew(edits: Edits, root: Element, place: Callable[[int], int | None]) -> None:
    """Names that hold in one sheet count the sheets: say the new place, or take the name out."""
    for name in root.all("definedNames", "definedName"):
        stated = name.attributes.get("localSheetId")
        if stated is not None:
            now = place(int(stated))
            if now is None:
                edits.remove(name)
            else:
                edits.change(name, {"localSheetId": str(now)})
