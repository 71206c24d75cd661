"""Files in archives and in Outlook's envelope: each comes out once, and none does harm."""

import random
import struct
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect import containers
from pipeline.collect.containers import files_within
from pipeline.collect.mails import open_mail
from tests.support.envelopes import (
    archive,
    attached,
    attribute,
    envelope,
    inner_message,
    prop,
    wide_name,
)
from tests.support.letters import NAME, OTHER_XLSX, TEXT, XLSX, attachment, folder, mixed

ZIP = "application/zip"
TNEF = "application/ms-tnef"


def brought(*parts: bytes) -> list[tuple[str, bytes, str]]:
    found = open_mail(mixed(TEXT, *parts))
    return [(each.name, each.data, each.ignored) for each in found.attachments]


# --- archives -----------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", ["", "cp874", "utf-8"])
@pytest.mark.parametrize("stored", [(), (NAME,)], ids=["packed", "stored"])
def test_the_files_of_an_archive_are_those_of_the_mail(codec: str, stored: tuple[str, ...]) -> None:
    files = {
        "ส่ง/": b"",
        NAME: XLSX,
        "รูป/1.jpg": b"\xff\xd8\xff",
        "__MACOSX/._a.xlsx": b"\0\5\x16\7",
    }
    zipped = archive(files, stored=stored, codec=codec)
    expected = [(NAME, XLSX, ""), ("1.jpg", b"\xff\xd8\xff", "not-a-report")]
    assert brought(attachment("ส่ง.zip", zipped, ZIP)) == expected
    assert brought(attachment("x", zipped, "application/octet-stream")) == expected


def test_pictures_in_an_archive_are_no_workbook_sent_wrong() -> None:
    found = open_mail(mixed(TEXT, attachment("photos.zip", archive({"1.jpg": b"\xff\xd8"}), ZIP)))
    assert [(a.name, a.ignored) for a in found.attachments] == [("1.jpg", "not-a-report")]
    assert found.ignored == "no-attachment"


def test_an_archive_in_an_archive_is_not_opened() -> None:
    inner = archive({"a.xlsx": XLSX})
    assert brought(attachment("a.zip", archive({"b.zip": inner, "c.xlsx": XLSX}), ZIP)) == [
        ("b.zip", inner, ""),
        ("c.xlsx", XLSX, ""),
    ]


def encrypted(zipped: bytes) -> bytes:
    changed = bytearray(zipped)
    changed[changed.find(b"PK\1\2") + 8] |= 1
    return bytes(changed)


def declared(zipped: bytes, size: int) -> bytes:
    """The same with another size in the directory."""
    changed = bytearray(zipped)
    struct.pack_into("<L", changed, changed.find(b"PK\1\2") + 24, size)
    return bytes(changed)


CLOSED = {
    "nothing in it": archive({"ส่ง/": b""}),
    "encrypted": encrypted(archive({"a.xlsx": XLSX})),
    "cut off": archive({"a.xlsx": XLSX})[:-30],
    "out of its folder": archive({"../a.xlsx": XLSX}),
    "a wrong checksum": archive({"a.xlsx": XLSX}, stored=["a.xlsx"]).replace(XLSX, XLSX[::-1], 1),
    "a size that lies": declared(archive({"a.xlsx": XLSX}), 10),
    "too many files": archive({f"{n}.xlsx": b"" for n in range(containers.MOST_FILES + 1)}),
    "too much in them": archive({f"{n}.txt": bytes(31 << 20) for n in range(2)}),
    "one file of nothing": archive({"a.txt": bytes(40 << 20)}),
}


@pytest.mark.parametrize("zipped", CLOSED.values(), ids=CLOSED)
def test_what_cannot_be_opened_goes_back_as_it_came(zipped: bytes) -> None:
    """It is answered with words on what to do, and a good file beside it counts."""
    found = brought(attachment("a.zip", zipped, ZIP), attachment("b.xlsx"))
    assert found == [("a.zip", zipped, ""), ("b.xlsx", XLSX, "")]


def test_a_bomb_costs_no_memory() -> None:
    bomb = archive({f"{n}.txt": bytes(31 << 20) for n in range(3)})
    tracemalloc.start()
    assert files_within(bomb) is None
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1 << 20


def documents() -> dict[str, bytes]:
    plain = BytesIO()
    with zipfile.ZipFile(plain, "w") as written:
        written.writestr("xl/workbook.xml", "<x/>")
    return {
        "workbook": XLSX,
        "broken workbook": plain.getvalue(),
        "text": archive({"[Content_Types].xml": b"", "word/document.xml": b""}),
        "open document": archive({"mimetype": b"", "content.xml": b""}),
    }


@pytest.mark.parametrize("data", documents().values(), ids=documents())
def test_a_document_that_is_kept_in_a_zip_is_no_archive(data: bytes) -> None:
    assert files_within(data) is None


def test_an_archive_that_lies_loose_is_opened_and_each_file_is_as_stated(tmp_path: Path) -> None:
    lines = "file,received_at,from,channel,note\na.zip,2023-10-03T09:00,กองคลัง,LINE,\n"
    files = {
        "a.zip": archive({"1.xlsx": XLSX, "2.xlsx": OTHER_XLSX}),
        "received.csv": lines.encode(),
    }
    found = folder(tmp_path, files)
    assert sorted((each.name, each.data) for each in found) == [
        ("1.xlsx", XLSX),
        ("2.xlsx", OTHER_XLSX),
    ]
    assert {(each.path.name, each.sender, each.received_at.day) for each in found} == {
        ("a.zip", "กองคลัง", 3)
    }
    assert len({each.sha256 for each in found}) == 2


def test_files_of_a_mail_are_counted_through_all_its_archives() -> None:
    many = archive({f"{n}.txt": b"x" for n in range(90)})
    found = open_mail(mixed(TEXT, *(attachment(f"{n}.zip", many, ZIP) for n in range(8))))
    assert (found.ignored, found.note) == ("mail-damaged", "number of files")
    large = archive({"a.txt": random.Random(1).randbytes(100) + bytes(29 << 20)})
    found = open_mail(mixed(TEXT, *(attachment(f"{n}.zip", large, ZIP) for n in range(4))))
    assert (found.ignored, found.note) == ("mail-damaged", "size of the attachments")


# --- Outlook's envelope -------------------------------------------------------------------------

WINMAIL = {
    "a plain title": attached(NAME.encode("cp874"), XLSX),
    "a wide name": attached(b"RAYNGA~1.XLS", XLSX, wide_name(NAME)),
    "a name in UTF-8": attached(b"x", XLSX, prop(0x001E, 0x3707, NAME.encode() + b"\0")),
    "as a property": attached(b"x", b"", wide_name(NAME), prop(0x0102, 0x3701, XLSX)),
    "within a message": inner_message(envelope(attached(b"x", XLSX, wide_name(NAME)))),
    "numbers without a type": attached(NAME.encode("cp874"), XLSX, numbers=0),
    "zipped": attached(b"a.zip", archive({NAME: XLSX}, codec="cp874")),
}


@pytest.mark.parametrize("file", WINMAIL.values(), ids=WINMAIL)
@pytest.mark.parametrize("kind", [TNEF, "application/octet-stream"])
def test_a_file_in_outlooks_envelope_is_read(file: bytes, kind: str) -> None:
    found = brought(attachment("winmail.dat", envelope(file) + b"\0\0 a gateway's line", kind))
    assert found == [(NAME, XLSX, "")]


def test_several_files_of_an_envelope_come_in_their_order() -> None:
    data = envelope(
        attached(b"a.xlsx", XLSX), attached(b"l.png", b"png"), attached(b"b.xlsx", OTHER_XLSX)
    )
    assert brought(attachment("winmail.dat", data, TNEF)) == [
        ("a.xlsx", XLSX, ""),
        ("l.png", b"png", "not-a-report"),
        ("b.xlsx", OTHER_XLSX, ""),
    ]


def test_an_envelope_around_a_text_alone_is_no_file() -> None:
    found = open_mail(mixed(TEXT, attachment("winmail.dat", envelope(), TNEF)))
    assert (found.attachments, found.ignored) == ((), "no-attachment")


def test_a_cut_envelope_is_sent_back_whole() -> None:
    data = envelope(attached(b"a.xlsx", XLSX))[:-100]
    assert brought(attachment("winmail.dat", data, TNEF)) == [("winmail.dat", data, "")]


def test_messages_within_messages_end_somewhere() -> None:
    data = envelope(attached(b"a.xlsx", XLSX))
    for _ in range(3):
        data = envelope(inner_message(data))
    assert files_within(data) == [("a.xlsx", XLSX)]
    assert files_within(envelope(inner_message(data))) == []


@given(st.randoms(use_true_random=False), st.integers(1, 40))
def test_any_spoilt_envelope_or_archive_is_opened_or_stays_closed(
    luck: random.Random, times: int
) -> None:
    for good in (envelope(*WINMAIL.values()), archive({"a.xlsx": XLSX, "b.txt": b"b" * 90})):
        data = bytearray(good)
        for _ in range(times):
            data[luck.randrange(6, len(data))] = luck.randrange(256)
        assert all(isinstance(each, tuple) for each in files_within(bytes(data)) or ())


def test_an_envelope_that_promises_much_costs_little() -> None:
    huge = attribute(
        0x00069005, struct.pack("<I", 0xFFFFFFFF) + struct.pack("<HHI", 0x101E, 1, 0xFFFFFFFF)
    )
    assert files_within(envelope(attribute(0x00069002, bytes(14)), huge)) is None
    assert files_within(envelope() + struct.pack("<BII", 2, 0x800F, 0xFFFFFFFF)) is None
