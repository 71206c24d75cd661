"""The list of a workbook's sheets: one put first or taken out, and what counts sheets with it."""

from collections.abc import Callable

from pipeline.workbook.patch.byte_places import Edits, Element, Unmarkable, outline, tag
from pipeline.workbook.patch.parts import Parts


def sheet_parts(parts: Parts) -> dict[str, str]:
    """The part of each sheet that has one by its name, in the order of the tabs."""
    targets = {identifier: target for identifier, _, target in parts.links(parts.package.main)}
    root = outline(parts.read(parts.package.main))
    nodes = [node for node in root.all("sheets", "sheet") if node.link]
    by_name = {node.attributes["name"]: targets.get(node.link, "") for node in nodes}
    if "" in by_name.values():
        raise Unmarkable("damaged")
    return by_name


def put_first(parts: Parts, name: str, part: str) -> None:
    """List a part as the first sheet, and show it when the workbook is opened."""
    identifier = parts.link(parts.package.main, "worksheet", part)
    edits, root, sheets = _open(parts)
    numbers = [int(n.attributes.get("sheetId", 0)) for n in sheets.children]
    attributes = {"name": name, "sheetId": str(max(numbers, default=0) + 1)}
    if root.attributes.get("xmlns:r") != parts.link_namespace:
        attributes["xmlns:r"] = parts.link_namespace
    edits.insert(sheets.inner, tag(f"{root.prefix}sheet", attributes | {"r:id": identifier}))
    _renumber(edits, root, lambda place: place + 1)
    parts.write(parts.package.main, edits.done())


def take_out(parts: Parts, name: str, part: str) -> None:
    """Take a sheet out, with the names that hold in it alone."""
    edits, root, sheets = _open(parts)
    names = [node.attributes["name"] for node in sheets.children]
    removed = names.index(name)
    edits.remove(sheets.children[removed])
    _renumber(edits, root, lambda place: None if place == removed else place - (place > removed))
    parts.write(parts.package.main, edits.done())
    for _, kind, target in list(parts.links(part)):
        if kind in ("comments", "vmlDrawing", "printerSettings"):
            parts.remove(part, target)
    parts.remove(parts.package.main, part)


def _open(parts: Parts) -> tuple[Edits, Element, Element]:
    edits = Edits(parts.read(parts.package.main))
    root = outline(edits.data)
    sheets = root.first("sheets")
    if sheets is None:
        raise Unmarkable("damaged")
    return edits, root, sheets


def _renumber(edits: Edits, root: Element, new_place: Callable[[int], int | None]) -> None:
    """Say the new place of a sheet where its old one is named; a name of one taken out goes too."""
    for name in root.all("definedNames", "definedName"):
        if "localSheetId" in name.attributes:
            place = new_place(int(name.attributes["localSheetId"]))
            if place is None:
                edits.remove(name)
            else:
                edits.change(name, {"localSheetId": str(place)})
    for view in root.all("bookViews", "workbookView"):
        edits.change(view, {"activeTab": None, "firstSheet": None})
