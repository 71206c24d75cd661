"""The parts of a workbook on their way to another file: most as they were, some changed or new."""

import posixpath
from collections.abc import Iterator
from io import BytesIO
from itertools import count
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pipeline.workbook.package import Package, relations_part
from pipeline.workbook.patch.byte_places import Edits, Element, element, outline, tag

_TYPES = "[Content_Types].xml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_SHEET_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml."
# Parts that are declared by the ending of their name, not one by one.
_BY_ENDING = {
    "vml": "application/vnd.openxmlformats-officedocument.vmlDrawing",
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
}


class Parts:
    """A package whose parts can be read, changed, added and taken out, and written as a file."""

    def __init__(self, package: Package, *, strict: bool) -> None:
        """Start with all parts as they are."""
        self.package = package
        self.main_namespace = _STRICT_MAIN if strict else _MAIN
        self.link_namespace = _STRICT if strict else _OFFICE
        self._changed: dict[str, bytes] = {}
        self._names = {name.lower(): name for name in package.names}

    def __contains__(self, name: str) -> bool:
        """Whether there is a part of this name now."""
        return name.lower() in self._names

    def read(self, name: str) -> bytes:
        """A part as it stands now."""
        changed = self._changed.get(name.lower())
        return self.package.read(name) if changed is None else changed

    def write(self, name: str, data: bytes) -> None:
        """Put this in the place of a part, or add it."""
        if name not in self or self.read(name) != data:
            self._names.setdefault(name.lower(), name)
            self._changed[name.lower()] = data

    def add(self, folder: str, stem: str, data: bytes, kind: str) -> str:
        """Add a part of a kind under the first free name; its name is given back."""
        extension = "vml" if kind == "vmlDrawing" else "xml"
        names = (posixpath.join(folder, f"{stem}{n}.{extension}") for n in count(1))
        name = next(each for each in names if each not in self)
        self.write(name, data)
        self._declare(name, f"{_SHEET_TYPES}{kind}+xml")
        return name

    def remove(self, owner: str, name: str) -> None:
        """Take a part out, with its own links and the one that its owner has to it."""
        self._forget(name)
        if relations_part(name) in self:
            self._forget(relations_part(name))
        self.unlink(owner, name)
        edits = Edits(self.read(_TYPES))
        for node in outline(edits.data).children:
            if node.attributes.get("PartName", "").lower() == f"/{name}".lower():
                edits.remove(node)
        self.write(_TYPES, edits.done())

    def links(self, owner: str) -> Iterator[tuple[str, str, str]]:
        """The links of a part to parts that are there: identifier, kind, target."""
        part = relations_part(owner)
        for node in outline(self.read(part)).children if part in self else ():
            kind = node.attributes.get("Type", "").rpartition("/")[2]
            target = _target(owner, node)
            if target in self:
                yield node.attributes.get("Id", ""), kind, target

    def linked(self, owner: str, kind: str) -> str | None:
        """The part of a kind that another one links to."""
        return next((target for _, each, target in self.links(owner) if each == kind), None)

    def link(self, owner: str, kind: str, target: str) -> str:
        """Link a part to another; the identifier of the link is given back."""
        part = relations_part(owner)
        if part in self and not outline(self.read(part)).children:
            self._forget(part)  # as it is when the last link is taken away
        if part not in self:
            self.write(part, _HEAD + tag("Relationships", {"xmlns": _RELATIONS}))
            self._declare(part)
        edits = Edits(self.read(part))
        root = outline(edits.data)
        taken = {node.attributes.get("Id") for node in root.children}
        identifier = next(f"rId{n}" for n in count(1) if f"rId{n}" not in taken)
        path = posixpath.relpath(target, posixpath.dirname(owner) or ".")
        link = {"Id": identifier, "Type": f"{self.link_namespace}/{kind}", "Target": path}
        edits.change(root, append=tag(f"{root.prefix}Relationship", link))
        self.write(part, edits.done())
        return identifier

    def unlink(self, owner: str, target: str) -> None:
        """Take away the link from one part to another."""
        part = relations_part(owner)
        edits = Edits(self.read(part))
        nodes = outline(edits.data).children
        removed = [node for node in nodes if _target(owner, node).lower() == target.lower()]
        for node in removed:
            edits.remove(node)
        if len(removed) == len(nodes):
            self._forget(part)
        else:
            self.write(part, edits.done())

    def _forget(self, name: str) -> None:
        del self._names[name.lower()]
        self._changed.pop(name.lower(), None)

    def _declare(self, name: str, content_type: str = "") -> None:
        """Say of what type a new part is: by the ending of its name where that tells, else by name.

        Some workbooks declare each part by its name, even their links, and no ending at all.
        """
        edits = Edits(self.read(_TYPES))
        root = outline(edits.data)
        endings = [node.attributes.get("Extension", "").lower() for node in root.children]
        ending = name.rpartition(".")[2]
        if ending not in _BY_ENDING:
            override = {"PartName": f"/{name}", "ContentType": content_type}
            edits.change(root, append=tag(f"{root.prefix}Override", override))
        elif ending not in endings:
            default = {"Extension": ending, "ContentType": _BY_ENDING[ending]}
            edits.insert(root.inner, tag(f"{root.prefix}Default", default))
        self.write(_TYPES, edits.done())

    def to_bytes(self) -> bytes:
        """The file: the parts in their order, new ones last, the same bytes for the same parts."""
        target = BytesIO()
        with ZipFile(target, "w", ZIP_DEFLATED) as file:
            for name in self._names.values():
                member = ZipInfo(name)
                member.compress_type, member.create_system = ZIP_DEFLATED, 0
                file.writestr(member, self.read(name))
        return target.getvalue()


def new_part(name: str, attributes: dict[str, str], content: bytes) -> bytes:
    """A whole part around what it holds."""
    return _HEAD + element(name, attributes, content)


def _target(owner: str, node: Element) -> str:
    """The part that a link means; a place outside is the name of none."""
    if node.attributes.get("TargetMode", "").lower() == "external":
        return ""
    target = unquote(node.attributes.get("Target", "").partition("#")[0])
    path = posixpath.normpath(posixpath.join("/", posixpath.dirname(owner), target))
    return path.lstrip("/")
