"""A workbook as a package of parts, opened only after its kind, size and directory are proven."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from pipeline.workbook.archive import Member, inflate, read_directory
from pipeline.workbook.file_kinds import require_zip
from pipeline.workbook.refusal import NotAWorkbook, damaged, too_big, unsafe
from pipeline.workbook.xml_stream import Attributes, Handlers, parse_part

__all__ = ["LARGEST_FILE", "NotAWorkbook", "Package", "Relation", "open_package", "relations_part"]

LARGEST_FILE = 25 << 20  # bytes; what a mail server lets through, 7 times the largest good file
MOST_RELATIONS = 100_000  # of one part; keeps a list of links from filling the memory

_TYPES = "[Content_Types].xml"
_MAIN_KIND = "officeDocument"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_MACRO_MARKS = ("vbaproject", "macrosheet")
_EXTERNAL_MARK = "externallink+xml"
_OTHER_MAINS = {
    "sheet.binary": "old_format",
    "wordprocessingml": "docx",
    "ms-word": "docx",
    "presentationml": "other",
    "ms-powerpoint": "other",
    "ms-visio": "other",
}


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one part to another: its kind, its target, and whether that lies outside."""

    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of one workbook, found by name as Excel finds them: without regard to case."""

    data: bytes = field(repr=False)
    members: Mapping[str, Member] = field(repr=False)
    types: Mapping[str, str] = field(default_factory=dict, repr=False)
    main: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Name the parts as they are spelled, in the order of the directory."""
        return tuple(member.name for member in self.members.values())

    @property
    def has_macros(self) -> bool:
        """Say whether programs travel with the workbook; they are never run."""
        names = (*self.members, *self.types.values())
        return any(mark in name.lower() for name in names for mark in _MACRO_MARKS)

    @property
    def external_links(self) -> tuple[str, ...]:
        """Name the parts that point into other workbooks."""
        names = (name for name, kind in self.types.items() if _EXTERNAL_MARK in kind.lower())
        return tuple(sorted(name for name in names if name in self))

    def __contains__(self, name: str) -> bool:
        """Say whether there is a part of this name, in any case."""
        return name.lower() in self.members

    def feed(self, name: str) -> Iterator[bytes]:
        """Give a part in pieces of at most 64 KiB, its size and checksum proven at the end."""
        member = self.members.get(name.lower())
        if member is None:
            raise damaged(name)
        return inflate(self.data, member)

    def read(self, name: str) -> bytes:
        """Give a part whole."""
        return b"".join(self.feed(name))

    def size(self, name: str) -> int:
        """Give the bytes that a part inflates to, as the directory says."""
        return self.members[name.lower()].size

    def parse(self, name: str, handlers: Handlers) -> None:
        """Read a part of XML through the handlers, within the limits."""
        parse_part(name, self.feed(name), handlers)

    def relations(self, name: str) -> dict[str, Relation]:
        """Give the links of a part by their identifier; an empty name means the package's own."""
        folder, part = posixpath.dirname(name), relations_part(name)
        relations: dict[str, Relation] = {}

        def add(attributes: Attributes) -> None:
            if attributes.get("Id", "") in relations:
                raise damaged(part)
            relations[attributes.get("Id", "")] = self._relation(folder, attributes)
            if len(relations) > MOST_RELATIONS:
                raise too_big("relations", len(relations), MOST_RELATIONS)

        if part in self:
            self.parse(part, Handlers({"Relationship": add}))
        return relations

    def _relation(self, folder: str, attributes: Attributes) -> Relation:
        """Resolve a link's target to a part's name; a target outside stays as it is written."""
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = attributes.get("Target", "")
        if attributes.get("TargetMode", "").lower() == "external":
            return Relation(kind, target, True)
        path = unquote(target.partition("#")[0])
        path = posixpath.normpath(path if path.startswith("/") else posixpath.join(folder, path))
        path = path.lstrip("/")
        if path == ".." or path.startswith("../"):
            # LibreOffice writes `../customXml/item1.xml` at the top, where Excel takes no step up.
            path = posixpath.normpath(f"/{path}").lstrip("/")
            if path not in self:
                raise unsafe("paths", target[:200])
        return Relation(kind, path, False)


def relations_part(name: str) -> str:
    """Name the part that holds the links of another one; of the package for an empty name."""
    folder, file = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def open_package(data: bytes) -> Package:
    """Open the bytes of a file as a workbook's package.

    Raises NotAWorkbook with the reason, and what its message needs, for everything else.
    """
    require_zip(data)
    if len(data) > LARGEST_FILE:
        raise too_big("file", len(data), LARGEST_FILE)
    package = Package(data, read_directory(data))
    if _TYPES not in package:
        raise _stranger(package)
    package = replace(package, types=_content_types(package))
    return replace(package, main=_main_part(package))


def _stranger(package: Package) -> NotAWorkbook:
    """Tell what a zip file is that holds no Office document."""
    if "mimetype" in package and package.size("mimetype") <= len(_ODS) + len("-template"):
        if package.read("mimetype").startswith(_ODS):
            return NotAWorkbook("ods")
        return NotAWorkbook("not_workbook", kind="other")
    if any(name.startswith("xl/") for name in package.members):
        return damaged(_TYPES)
    return NotAWorkbook("not_workbook", kind="zip")


def _content_types(package: Package) -> dict[str, str]:
    """Give the declared type of every part, by lower-case name."""
    defaults: dict[str, str] = {}
    overrides: dict[str, str] = {}

    def default(attributes: Attributes) -> None:
        defaults[attributes.get("Extension", "").lower()] = attributes.get("ContentType", "")

    def override(attributes: Attributes) -> None:
        part = unquote(attributes.get("PartName", "")).lstrip("/").lower()
        overrides[part] = attributes.get("ContentType", "")

    package.parse(_TYPES, Handlers({"Default": default, "Override": override}))
    by_extension = {
        name: defaults[extension]
        for name in package.members
        if (extension := name.rpartition(".")[2]) in defaults
    }
    return by_extension | {name: kind for name, kind in overrides.items() if name in package}


def _main_part(package: Package) -> str:
    """Find the part that lists the sheets, and refuse documents of another program."""
    mains = [link for link in package.relations("").values() if link.kind == _MAIN_KIND]
    if len(mains) != 1:
        raise damaged("_rels/.rels")
    main = mains[0]
    declared = package.types.get(main.target.lower(), "").lower()
    kind = next((kind for mark, kind in _OTHER_MAINS.items() if mark in declared), "")
    if kind == "old_format":
        raise NotAWorkbook("old_format")
    if kind:
        raise NotAWorkbook("not_workbook", kind=kind)
    if main.external or main.target not in package:
        raise damaged(main.target)
    return main.target
