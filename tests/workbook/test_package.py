"""What is let in as a workbook's package, and how everything else is turned away."""

import io
import pickle
import struct
import zipfile
import zlib

import openpyxl
import pytest
import xlsxwriter

from pipeline.workbook import archive, package, xml_stream
from pipeline.workbook.package import NotAWorkbook, open_package
from pipeline.workbook.reader import read_cells
from pipeline.workbook.xml_stream import Handlers

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def written() -> bytes:
    """Write a small workbook with XlsxWriter."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("ปก").write_row(0, 0, ["หน่วยงาน", 1, 2.5])
    return buffer.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """Unpack a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive_:
        return {name: archive_.read(name) for name in archive_.namelist()}


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack parts as a workbook."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive_:
        for name, content in parts.items():
            archive_.writestr(name, content)
    return buffer.getvalue()


def changed(name: str, old: bytes, new: bytes) -> bytes:
    """Write the small workbook with some bytes of one part replaced."""
    parts = parts_of(written())
    assert old in parts[name]
    return zipped(parts | {name: parts[name].replace(old, new)})


def refusal(data: bytes) -> NotAWorkbook:
    """Read the file, which must be refused."""
    with pytest.raises(NotAWorkbook) as caught:
        read_cells(data)
    return caught.value


def ole(stream: str) -> bytes:
    """Write the beginning of an OLE container with one stream."""
    return OLE + bytes(504) + f"{stream}\0".encode("utf-16-le").ljust(128, b"\0") + bytes(512)


def office(kind: str) -> bytes:
    """Write an Office package whose main part has this content type."""
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/main.xml" ContentType="{kind}"/></Types>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r" Target="main.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/officeDocument"/></Relationships>'
    )
    parts = {"[Content_Types].xml": types, "_rels/.rels": relations, "main.xml": "<document/>"}
    return zipped({name: text.encode() for name, text in parts.items()})


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
BINARY = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
ODS = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}
ODT = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}
OLD_XML = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'


@pytest.mark.parametrize(
    ("data", "reason", "kind"),
    [
        (b"", "empty_file", None),
        (ole("EncryptedPackage"), "password", None),
        (ole("Workbook"), "old_format", None),
        (ole("Book"), "old_format", None),
        (ole("WordDocument"), "not_workbook", "docx"),
        (ole("__properties_version1.0"), "not_workbook", "other"),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(40), "old_format", None),
        (OLD_XML, "old_format", None),
        (office(BINARY), "old_format", None),
        (zipped(ODS, zipfile.ZIP_STORED), "ods", None),
        (zipped(ODT, zipfile.ZIP_STORED), "not_workbook", "other"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html><table>", "not_workbook", "html"),
        (b"<table><tr><td>1</td></tr></table>", "not_workbook", "html"),
        ("ลำดับ,รายการ\n๑,ปากกา\n".encode("cp874"), "not_workbook", "csv"),
        ("ลำดับ\tรายการ\n".encode("utf-16"), "not_workbook", "csv"),
        (b"%PDF-1.7\n", "not_workbook", "pdf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "not_workbook", "image"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "not_workbook", "image"),
        (office(WORD), "not_workbook", "docx"),
        (office(SLIDES), "not_workbook", "other"),
        (zipped({"a.txt": b"a"}), "not_workbook", "zip"),
        (b"Rar!\x1a\x07\x00", "not_workbook", "zip"),
        (b"\x01\x02\x03\x04", "not_workbook", "other"),
        (bytes(1000), "damaged", None),
    ],
)
def test_the_kind_is_told_by_content(data: bytes, reason: str, kind: str | None) -> None:
    refused = refusal(data)
    assert (refused.reason, refused.params.get("kind")) == (reason, kind)


def test_a_refusal_travels_between_processes() -> None:
    refused = refusal(b"%PDF-1.7\n")
    again = pickle.loads(pickle.dumps(refused))
    assert (again.reason, again.params) == ("not_workbook", {"kind": "pdf"})
    assert str(again) == "not_workbook (kind=pdf)"


def test_parts_are_read_and_fed_in_pieces() -> None:
    big = bytes(range(256)) * 2_000
    data = zipped(parts_of(written()) | {"extra.bin": big})
    opened = open_package(data)
    pieces = list(opened.feed("Extra.BIN"))
    assert b"".join(pieces) == big == opened.read("extra.bin")
    assert max(map(len, pieces)) <= archive.CHUNK
    assert "xl/workbook.xml" in opened.names
    assert not opened.has_macros
    assert opened.external_links == ()


def test_stored_parts_are_read_too() -> None:
    data = zipped(parts_of(written()), zipfile.ZIP_STORED)
    assert read_cells(data).sheets == read_cells(written()).sheets


def test_part_names_are_found_without_regard_to_case() -> None:
    parts = {name.replace("xl/", "XL/"): content for name, content in parts_of(written()).items()}
    assert read_cells(zipped(parts)).sheets == read_cells(written()).sheets


def test_macros_and_external_links_are_seen() -> None:
    kind = (
        '<Override PartName="/xl/links/a.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.externalLink+xml"/></Types>'
    )
    parts = parts_of(written()) | {"xl/vbaProject.bin": b"\0", "xl/links/a.xml": b"<a/>"}
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace(b"</Types>", kind.encode())
    workbook = read_cells(zipped(parts))
    assert workbook.has_macros
    assert workbook.external_links == ("xl/links/a.xml",)


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_damaged(kept: float) -> None:
    data = written()
    assert refusal(data[: int(len(data) * kept)]).reason == "damaged"


def test_every_flipped_byte_is_noticed_or_harmless() -> None:
    data = bytearray(written())
    whole = read_cells(bytes(data)).sheets
    outcomes: set[bool | str] = set()
    for place in range(0, len(data), 7):
        data[place] ^= 0x55
        try:
            outcomes.add(read_cells(bytes(data)).sheets == whole)
        except NotAWorkbook as refused:
            outcomes.add(refused.reason)
        data[place] ^= 0x55
    assert "damaged" in outcomes
    assert False not in outcomes


def test_a_short_trailer_passes_and_a_long_one_does_not() -> None:
    assert read_cells(written() + b"\r\n-- scanned --").sheets
    assert refusal(written() + bytes(archive.LONGEST_TRAILER + 1)).reason == "damaged"


def directory_of(data: bytes | bytearray) -> int:
    """Find where the zip directory begins."""
    end = data.rindex(b"PK\x05\x06")
    return int(struct.unpack_from("<L", data, end + 16)[0])


def test_a_part_larger_than_it_says_is_damaged() -> None:
    data = bytearray(written())
    place = directory_of(data) + 24
    size = struct.unpack_from("<L", data, place)[0]
    struct.pack_into("<L", data, place, size - 1)
    assert refusal(bytes(data)).reason == "damaged"


def test_a_directory_that_promises_gigabytes_is_refused_unread() -> None:
    data = bytearray(written())
    struct.pack_into("<L", data, directory_of(data) + 24, 0xFFFF_FF00)
    refused = refusal(bytes(data))
    assert (refused.reason, refused.params["what"]) == ("too_big", "part")


def test_a_squeezed_bomb_is_refused_by_its_ratio() -> None:
    bomb = bytes(archive.UNSQUEEZED_PART + 1)
    refused = refusal(zipped(parts_of(written()) | {"xl/media/a.bin": bomb}))
    assert (refused.reason, refused.params["what"]) == ("too_big", "ratio")


def test_too_many_parts_are_refused() -> None:
    parts = parts_of(written()) | {f"x/{n}": b"" for n in range(archive.MOST_MEMBERS)}
    assert refusal(zipped(parts)).params["what"] == "members"


def test_a_file_beyond_the_mail_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "LARGEST_FILE", len(written()) - 1)
    assert refusal(written()).params["what"] == "file"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_unsafe() -> None:
    for twin in ("xl/workbook.xml", "XL/Workbook.xml"):
        buffer = io.BytesIO(written())
        with zipfile.ZipFile(buffer, "a") as archive_:
            archive_.writestr(twin, b"<workbook/>")
        refused = refusal(buffer.getvalue())
        assert (refused.reason, refused.params["what"]) == ("unsafe", "names")


@pytest.mark.parametrize("name", ["../a.xml", "/etc/a", "xl/../../a", "C:/a", "x\\..\\..\\a"])
def test_a_part_name_that_leads_outside_is_unsafe(name: str) -> None:
    refused = refusal(zipped(parts_of(written()) | {name: b"a"}))
    assert (refused.reason, refused.params["what"]) == ("unsafe", "paths")


def test_two_entries_that_share_their_bytes_are_unsafe() -> None:
    data = bytearray(zipped(parts_of(written()) | {"a": b"12345678", "b": b"12345678"}))
    second = data.rindex(b"PK\x01\x02")
    first = data.rindex(b"PK\x01\x02", 0, second)
    assert data[second + 46 : second + 47] == b"b"
    data[second + 42 : second + 47] = data[first + 42 : first + 46] + b"c"
    assert refusal(bytes(data)).params["what"] == "names"
    data[second + 46 : second + 47] = b"a"
    assert refusal(bytes(data)).params["what"] == "overlap"


def test_a_part_reaching_into_the_next_is_unsafe() -> None:
    data = bytearray(zipped(parts_of(written()), zipfile.ZIP_STORED))
    place = directory_of(data) + 20
    size = struct.unpack_from("<L", data, place)[0]
    struct.pack_into("<2L", data, place, size + 10, size + 10)
    refused = refusal(bytes(data))
    assert (refused.reason, refused.params["what"]) == ("unsafe", "overlap")


def test_a_local_name_unlike_the_directory_is_unsafe() -> None:
    data = written().replace(b"xl/styles.xml", b"xl/stylez.xml", 1)
    refused = refusal(data)
    assert (refused.reason, refused.params["what"]) == ("unsafe", "names")


def test_a_second_directory_is_unsafe() -> None:
    data = written()
    end = data.rindex(b"PK\x05\x06")
    record = bytearray(data[end:])
    second = end + len(record)
    struct.pack_into("<2H2L", record, 8, 0, 0, 0, second)
    refused = refusal(data + bytes(record))
    assert (refused.reason, refused.params["what"]) == ("unsafe", "end_records")


def test_an_encrypted_part_needs_a_password() -> None:
    data = bytearray(written())
    data[directory_of(data) + 8] |= 1
    assert refusal(bytes(data)).reason == "password"


def test_an_unknown_compression_is_damaged() -> None:
    data = bytearray(written())
    struct.pack_into("<H", data, directory_of(data) + 10, 12)
    assert refusal(bytes(data)).reason == "damaged"


def test_a_wrong_checksum_is_damaged() -> None:
    data = bytearray(written())
    struct.pack_into("<L", data, directory_of(data) + 16, zlib.crc32(b"something else"))
    assert refusal(bytes(data)).reason == "damaged"


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;">]><x>&d;</x>"""
PARTS = (
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/worksheets/sheet1.xml",
    "docProps/core.xml",
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", PARTS)
def test_a_document_type_is_unsafe_in_any_part(part: str, encoding: str) -> None:
    text = LAUGHS.decode().encode(encoding)
    refused = refusal(zipped(parts_of(written()) | {part: text}))
    assert (refused.reason, refused.params) == ("unsafe", {"what": "doctype", "where": part})


def test_a_document_type_without_entities_is_unsafe_too() -> None:
    for head in (b"<!DOCTYPE x>", b"<!DOCTYPE x SYSTEM 'file:///etc/hostname'>"):
        refused = refusal(zipped(parts_of(written()) | {"xl/styles.xml": head + b"<x/>"}))
        assert (refused.reason, refused.params["what"]) == ("unsafe", "doctype")


@pytest.mark.parametrize("part", PARTS[:-1])
def test_broken_xml_is_damaged_in_any_part(part: str) -> None:
    parts = parts_of(written())
    refused = refusal(zipped(parts | {part: parts[part][:-4]}))
    assert refused.reason == "damaged"
    assert refused.params["where"] == part


def opened_with(content: bytes) -> package.Package:
    """Open a package that holds one further part."""
    return open_package(zipped(parts_of(written()) | {"a.xml": content}, zipfile.ZIP_STORED))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"<a>" * 65 + b"</a>" * 65, "depth"),
        (b"<a " + b" ".join(b'x%d="1"' % n for n in range(257)) + b"/>", "attributes"),
        (b"<a><!--" + b"x" * (3 << 20) + b"--></a>", "token"),
        (b"<a>" + b"".join(b"<n%d/>" % n for n in range(30_000)) + b"</a>", "element_names"),
    ],
)
def test_xml_beyond_a_limit_is_unsafe(content: bytes, what: str) -> None:
    with pytest.raises(NotAWorkbook) as caught:
        opened_with(content).parse("a.xml", Handlers())
    assert (caught.value.reason, caught.value.params["what"]) == ("unsafe", what)


def test_xml_within_the_limits_is_read_with_its_texts() -> None:
    found: list[str] = []
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = "ก" * 60_000
    content = f'<x:sst xmlns:x="{space}"><x:t>{text}</x:t><x:t>&lt;ข&#3586;</x:t></x:sst>'
    opened_with(content.encode()).parse("a.xml", Handlers({}, {"t": found.append}))
    assert found == [text, "<ขข"]
    assert len(text) < xml_stream.LONGEST_TEXT


def test_endless_space_between_elements_is_refused() -> None:
    with pytest.raises(NotAWorkbook, match="too_big"):
        opened_with(b"<a>" + b" " * (1 << 20) + b"</a>").parse("a.xml", Handlers())


def test_an_encoding_that_no_workbook_has_is_damaged() -> None:
    with pytest.raises(NotAWorkbook, match="damaged"):
        opened_with(b'<?xml version="1.0" encoding="shift_jis"?><a/>').parse("a.xml", Handlers())


def test_a_missing_part_is_damaged() -> None:
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "_rels/.rels"):
        parts = parts_of(written())
        del parts[part]
        assert refusal(zipped(parts)).reason == "damaged"


LINKS = "xl/_rels/workbook.xml.rels"
TARGET = b'Target="worksheets/sheet1.xml"'


def test_a_sheet_outside_the_package_is_unsafe() -> None:
    away = b'Target="http://example.invalid/a.xml" TargetMode="External"'
    assert refusal(changed(LINKS, TARGET, away)).params["what"] == "external_sheet"
    up = b'Target="../../sheet1.xml"'
    assert refusal(changed(LINKS, TARGET, up)).params["what"] == "paths"


def test_a_step_up_from_the_top_leads_to_what_is_there() -> None:
    """LibreOffice links a workbook's own XML so; what is not there stays unsafe."""
    parts = parts_of(written())
    link = b'<Relationship Id="rId99" Type="x/customXml" Target="../customXml/item1.xml"/>'
    links = parts["_rels/.rels"].replace(b"</Relationships>", link + b"</Relationships>")
    away = parts | {"_rels/.rels": links}
    assert refusal(zipped(away)).params["what"] == "paths"
    data = zipped(away | {"customXml/item1.xml": b"<x/>"})
    assert read_cells(data).sheets == read_cells(written()).sheets


def test_a_member_of_nothing_may_be_packed_into_nothing() -> None:
    """Zip programs of .NET write no bytes at all for an empty picture of the document."""
    name = b"docProps/thumbnail.wmf"
    stored = zipped(parts_of(written()) | {name.decode(): b""}, zipfile.ZIP_STORED)
    packed = bytearray(stored)
    for start, method in ((stored.index(name) - 30, 8), (stored.rindex(name) - 46, 10)):
        assert packed[start + method] == zipfile.ZIP_STORED
        packed[start + method] = zipfile.ZIP_DEFLATED
    assert open_package(bytes(packed)).read(name.decode()) == b""


def test_an_absolute_target_is_followed() -> None:
    data = changed(LINKS, TARGET, b'Target="/xl/Worksheets/sheet%31.xml"')
    assert read_cells(data).sheets == read_cells(written()).sheets


def test_a_workbook_part_that_lists_nothing_is_told_from_a_broken_one() -> None:
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    empty = b"<workbook " + space + b"><sheets/></workbook>"
    parts = parts_of(written())
    assert refusal(zipped(parts | {"xl/workbook.xml": empty})).reason == "no_sheets"
    assert refusal(zipped(parts | {"xl/workbook.xml": b"<html/>"})).reason == "damaged"
    assert refusal(zipped(parts | {"xl/worksheets/sheet1.xml": b"<html/>"})).reason == "damaged"


def test_too_many_sheets_are_refused() -> None:
    book = openpyxl.Workbook()
    for _ in range(200):
        book.create_sheet()
    buffer = io.BytesIO()
    book.save(buffer)
    refused = refusal(buffer.getvalue())
    assert (refused.reason, refused.params) == ("too_many_sheets", {"found": 201, "limit": 200})
