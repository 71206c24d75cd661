"""The notes of a sheet: ours beside, or below, the clerk's own, and out again."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.workbook.addresses import address, parse_address
from pipeline.workbook.patch.boxes import draw_boxes, take_boxes_out
from pipeline.workbook.patch.byte_places import (
    Edits,
    Element,
    Unmarkable,
    cell_text,
    element,
    escaped,
    outline,
    tag,
)
from pipeline.workbook.patch.parts import Parts, new_part
from pipeline.workbook.patch.sheet_part import Geometry, Place, SheetPart

FENCE = "\u200b" * 3  # nothing to see: what stands between two of these is ours
_THREAD = "tc="  # how the author of a note begins that only stands for a conversation


@dataclass(frozen=True)
class Pen:
    """Who writes our notes, and how."""

    author: str
    font: str
    size: int = 14


@dataclass(frozen=True)
class Note:
    """What is said at a cell, its first line in bold, and the box that shows it all, in pixels."""

    text: str
    width: int
    height: int


def has_our_notes(parts: Parts, sheet: str, pen: Pen) -> bool:
    """Whether there may be notes of ours on a sheet, by its part."""
    part = parts.linked(sheet, "comments")
    text = parts.read(part).decode("utf-8", "replace") if part else ""
    return FENCE in text or escaped(pen.author) in text


def take_notes_out(parts: Parts, sheet: SheetPart, pen: Pen) -> None:
    """Take our notes off a sheet; the clerk's own words stay as they are."""
    part = parts.linked(sheet.name, "comments")
    if part is None:
        return
    edits = Edits(parts.read(part))
    root = outline(edits.data)
    notes = root.all("commentList", "comment")
    ours = [note for note in notes if _is_ours(note, root, pen)]
    for note in notes:
        if note in ours:
            edits.remove(note)
        else:
            _cut(edits, note)
    parts.write(part, edits.done())
    take_boxes_out(parts, sheet, {_place(note) for note in ours})
    if ours and len(ours) == len(notes):
        parts.remove(sheet.name, part)


def write_notes(
    parts: Parts, sheet: SheetPart, notes: Mapping[Place, Note], pen: Pen, geometry: Geometry
) -> None:
    """Write notes on a sheet: new ones, or below the words that a cell's note holds."""
    part = parts.linked(sheet.name, "comments")
    if part is None:
        namespace = {"xmlns": parts.main_namespace}
        blank = new_part("comments", namespace, b"<authors></authors><commentList></commentList>")
        part = parts.add(posixpath.dirname(parts.package.main), "comments", blank, "comments")
        parts.link(sheet.name, "comments", part)
    edits = Edits(parts.read(part))
    root = outline(edits.data)
    comments = root.first("commentList")
    if comments is None or root.first("authors") is None:
        raise Unmarkable("notes")
    author = _author(edits, root, pen)
    own = {_place(node): node for node in comments.children}
    for place in own.keys() & notes.keys():
        _merge(edits, root, own[place], notes[place], pen)
    new = {place: notes[place] for place in sorted(notes.keys() - own.keys())}
    added = [_comment(root.prefix, place, note, author, pen) for place, note in new.items()]
    edits.change(comments, append=b"".join(added))
    parts.write(part, edits.done())
    if new:
        sizes = {place: (note.width, note.height) for place, note in new.items()}
        draw_boxes(parts, sheet, sizes, geometry)


def _place(note: Element) -> Place:
    try:
        return parse_address(note.attributes.get("ref", "").partition(":")[0])
    except ValueError:
        raise Unmarkable("notes") from None


def _texts(note: Element) -> list[Element]:
    """The texts of a note in their order, of its runs or its own."""
    whole = note.first("text")
    nodes = whole.children if whole else []
    texts = [node.first("t") if node.local == "r" else node for node in nodes]
    return [node for node in texts if node is not None and node.local == "t"]


def _author_of(note: Element, root: Element) -> str:
    """The author that a note names by number, or nothing."""
    authors = [node.text for node in root.all("authors", "author")]
    number = note.attributes.get("authorId", "")
    return authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""


def _is_ours(note: Element, root: Element, pen: Pen) -> bool:
    """Whether a note holds nothing but what we wrote."""
    text = "".join(node.text for node in _texts(note))
    start, end = _fenced(text)
    if not end:
        return _author_of(note, root) == pen.author
    return not (text[:start] + text[end:]).strip()


def _fenced(text: str) -> tuple[int, int]:
    """Where in a note our words begin and end; twice 0 where there are none."""
    start = text.find(FENCE)
    end = text.find(FENCE, start + len(FENCE))
    if start < 0:
        return 0, 0
    return start, len(text) if end < 0 else end + len(FENCE)


def _cut(edits: Edits, note: Element) -> None:
    """Take our words out of a note that holds others too."""
    texts = _texts(note)
    start, end = _fenced("".join(node.text for node in texts))
    at = 0
    runs = {id(run.first("t")): run for run in note.all("text", "r")}
    for node in texts:
        size = len(node.text)
        low, high = max(start - at, 0), min(end - at, size)
        if low < high:
            kept = node.text[:low] + node.text[high:]
            run = runs.get(id(node))
            if not kept and run is not None:
                edits.remove(run)
            else:
                edits.replace(node.inner, node.close, escaped(kept).encode())
        at += size


def _author(edits: Edits, root: Element, pen: Pen) -> str:
    """The number of our author, who is added where unknown."""
    authors = root.first("authors")
    names = [node.text for node in authors.children] if authors else []
    if pen.author in names or authors is None:
        return str(names.index(pen.author))
    author = element(f"{root.prefix}author", {}, escaped(pen.author).encode())
    edits.change(authors, append=author)
    return str(len(names))


def _runs(prefix: str, text: str, pen: Pen, before: str = "") -> bytes:
    """Our words as two runs, the first line in bold, all of it fenced."""
    first, line_break, rest = text.partition("\n")
    heading = _run(prefix, f"{FENCE}{before}{first}", pen, tag(f"{prefix}b", {}))
    return heading + _run(prefix, f"{line_break}{rest}{FENCE}", pen)


def _run(prefix: str, text: str, pen: Pen, more: bytes = b"") -> bytes:
    look = more + tag(f"{prefix}sz", {"val": str(pen.size)})
    look += tag(f"{prefix}color", {"indexed": "81"}) + tag(f"{prefix}rFont", {"val": pen.font})
    look += tag(f"{prefix}family", {"val": "2"})
    words = element(f"{prefix}t", {"xml:space": "preserve"}, cell_text(text).encode())
    return element(f"{prefix}r", {}, element(f"{prefix}rPr", {}, look) + words)


def _comment(prefix: str, place: Place, note: Note, author: str, pen: Pen) -> bytes:
    text = element(f"{prefix}text", {}, _runs(prefix, note.text, pen))
    return element(f"{prefix}comment", {"ref": address(*place), "authorId": author}, text)


def _merge(edits: Edits, root: Element, own: Element, note: Note, pen: Pen) -> None:
    """Write below the clerk's own words; a conversation of Excel's own is left alone."""
    whole = own.first("text")
    if whole is None or _author_of(own, root).startswith(_THREAD):
        return
    for plain in whole.all("t"):
        run = element(f"{root.prefix}r", {}, edits.data[plain.begin : plain.stop])
        edits.replace(plain.begin, plain.stop, run)
    edits.change(whole, append=_runs(root.prefix, note.text, pen, "\n"))
