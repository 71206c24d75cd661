"""Names, senders and times as the headers of a mail write them, in every encoding there is."""

import base64
import re
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect import headers
from pipeline.collect.headers import BANGKOK, cleaned_name
from tests.support.letters import (
    FROM,
    NAME,
    RECEIVED,
    TEXT,
    WHEN,
    attachment,
    b64word,
    mixed,
    name_of,
    opened,
    part,
)


def rfc2231_parts(text: str) -> str:
    """The name in numbered sections, cut without regard to letters."""
    coded = "UTF-8''" + quote(text)
    marks = re.findall("%..|.", coded)
    cut = ["".join(marks[i : i + 19]) for i in range(0, len(marks), 19)]
    return "".join(f";\r\n filename*{n}*={each}" for n, each in enumerate(cut))


def split_letters(text: str) -> str:
    """Two encoded words with a letter cut between them, as some programs do."""
    raw = text.encode()
    halves = (raw[:10], raw[10:])
    return "\r\n ".join(f"=?UTF-8?B?{base64.b64encode(h).decode()}?=" for h in halves)


THAI_NAMES = {
    "words in quotes": f'; filename="{b64word(NAME)}"'.encode(),
    "words without quotes": f"; filename={b64word(NAME)}".encode(),
    "words in windows-874": f'; filename="{b64word(NAME, "windows-874", "cp874")}"'.encode(),
    "words in tis-620": f'; filename="{b64word(NAME, "TIS-620", "cp874")}"'.encode(),
    "a letter cut in two": f'; filename="{split_letters(NAME)}"'.encode(),
    "sections": f"; filename*=UTF-8''{quote(NAME)}".encode(),
    "sections in tis-620": f"; filename*=TIS-620''{quote(NAME.encode('cp874'))}".encode(),
    "numbered sections": rfc2231_parts(NAME).encode(),
    "raw utf-8": f'; filename="{NAME}"'.encode(),
    "raw tis-620": f'; filename="{NAME}"'.encode("cp874"),
}


@pytest.mark.parametrize("written", THAI_NAMES.values(), ids=THAI_NAMES)
def test_a_thai_name_is_read_however_it_is_written(written: bytes) -> None:
    head = b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment" + written
    assert name_of(mixed(TEXT, part(head))) == NAME


def test_a_name_may_stand_in_the_content_type_alone() -> None:
    head = f'Content-Type: application/octet-stream; name="{b64word(NAME)}"'
    assert name_of(mixed(TEXT, part(head))) == NAME


def test_a_quoted_printable_name_is_read() -> None:
    quoted = "=?UTF-8?Q?" + "".join(f"={byte:02X}" for byte in NAME.encode()) + "?="
    assert name_of(mixed(attachment(quoted))) == NAME


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/กองคลัง.xlsx", "กองคลัง.xlsx"),
        ("C:\\Users\\x\\กองคลัง.xlsx", "กองคลัง.xlsx"),
        ("a\x00b\r\nc.xlsx", "a b c.xlsx"),
        ("gnp\u202excod.xlsx", "gnpxcod.xlsx"),
        ("จำ\u0e4d\u0e32.xlsx", "จำ\u0e33.xlsx"),
        ("กอง\u200bคลัง.xlsx", "กองคลัง.xlsx"),
        ("ก" * 4000 + ".xlsx", "ก" * 145 + ".xlsx"),
        ("x" * 300, "x" * 150),
        (" . ", ""),
    ],
)
def test_a_name_is_only_ever_data(sent: str, kept: str) -> None:
    assert cleaned_name(sent) == kept


@given(st.text(max_size=400))
def test_any_name_becomes_one_line_without_controls(sent: str) -> None:
    kept = cleaned_name(sent)
    assert len(kept) <= 150
    assert not set(kept) & set("/\\\r\n\x00\u202e\u2028")
    assert kept == cleaned_name(kept)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_encoded_text_is_read_back(text: str) -> None:
    assert headers.decoded(b64word(text)) == text


@given(st.text(max_size=200))
def test_decoding_never_raises(text: str) -> None:
    headers.decoded("=?" + text + "?=")
    headers.decoded(f"=?utf-8?B?{text}?= =?{text}?Q?=E0?=")


def test_words_of_an_unknown_charset_are_still_read() -> None:
    assert headers.decoded(b64word("กองคลัง", "x-none")) == "กองคลัง"
    assert headers.decoded("=?unicode_escape?Q?=5Cq?=") == "\\q"


@pytest.mark.parametrize(
    "written",
    [
        b"Thu, 5 Oct 2023 14:32:10 +0700",
        b"Thu, 5 Oct 2023 14:32:10 +0700 (ICT)",
        b"5 Oct 2023 14:32:10",
        b"Thu, 5 Oct 2023 14:32:10 ICT",
        b"Thu, 05 Oct 2023 07:32:10 GMT",
        b"Thu, 05 Oct 2023 07:32:10 -0000",
        b"Thu,  5 Oct 2023\r\n\t14:32:10 +0700",
        b"Thu, 5 Oct 2566 14:32:10 +0700",
        b"thu, 5 october 2023 14:32:10 +0700",
    ],
)
def test_a_date_is_read_in_our_time_zone(written: bytes) -> None:
    found = opened(b"Date: " + written + b"\r\n")
    assert (found.received_at, found.time_from_date) == (WHEN, True)
    assert found.received_at is not None
    assert found.received_at.utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"yesterday",
        b"99 Xyz 2023 99:99:99 +9999",
        b"1 Jan 1601 00:00:00 +1400",
        b"\xff\xfe",
        b"0",
    ],
)
def test_an_odd_date_is_no_date(written: bytes) -> None:
    found = opened(FROM + b"Date: " + written + b"\r\n")
    assert (found.received_at, found.time_from_date) == (None, False)


def test_the_topmost_server_is_believed_before_the_sender() -> None:
    older = b"Received: from a; by b; Thu, 5 Oct 2023 09:00:00 +0700\r\n"
    date = b"Date: Mon, 2 Oct 2023 08:00:00 +0700\r\n"
    found = opened(RECEIVED + older + date)
    assert (found.received_at, found.time_from_date) == (WHEN, False)
    broken = opened(b"Received: from a by b\r\n" + older + date)
    assert broken.time_from_date
    assert broken.received_at == datetime(2023, 10, 2, 8, tzinfo=BANGKOK)


def test_subject_and_identifiers_stay_on_one_line() -> None:
    inject = b64word("ส่งรายงาน\r\nBcc: all@town.example")
    found = opened(
        f"Subject: {inject}\r\nMessage-ID: <1@x>\r\nReferences: <a@x>\r\n <b@x> junk\r\n".encode()
    )
    assert found.subject == "ส่งรายงาน Bcc: all@town.example"
    assert found.message_id == "<1@x>"
    assert found.references == ("<a@x>", "<b@x>")
