"""What lies in `received/` as it comes out of collect: mails of every sort, and loose files."""

import base64
import hashlib
import random
import re
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect import collect, headers, ignore_rules, mails
from pipeline.collect.headers import BANGKOK, cleaned_name
from pipeline.collect.mails import OpenedMail, open_mail
from pipeline.messages import say
from pipeline.model import Channel, PipelineError, Received
from tests.rounds import plan_of, workbook

NAME = "รายงานกองคลัง รอบ ๑๒ เดือน.xlsx"
XLSX = workbook({"ปก": []})
OTHER_XLSX = workbook({"ปก": [["อื่น"]]})
RECEIVED = b"Received: by mx.example with SMTP id 1; Thu, 5 Oct 2023 14:32:10 +0700\r\n"
FROM = b"From: finance@town.example\r\n"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def part(head: str | bytes, data: bytes = XLSX) -> bytes:
    """One part of a multipart, its content in base64."""
    raw = head if isinstance(head, bytes) else head.encode()
    coded = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return raw + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + coded


def attachment(name: str, data: bytes = XLSX, kind: str = EXCEL) -> bytes:
    return part(f'Content-Type: {kind}\r\nContent-Disposition: attachment; filename="{name}"', data)


def mixed(
    *parts: bytes, head: bytes = RECEIVED + FROM, boundary: str = "b0", sub: str = "mixed"
) -> bytes:
    """A whole multipart mail, or a part that is one."""
    mark = boundary.encode()
    begin = (
        head
        + f'MIME-Version: 1.0\r\nContent-Type: multipart/{sub}; boundary="{boundary}"\r\n\r\n'.encode()
    )
    return (
        begin
        + b"".join(b"--" + mark + b"\r\n" + p + b"\r\n" for p in parts)
        + b"--"
        + mark
        + b"--\r\n"
    )


TEXT = b"Content-Type: text/plain; charset=utf-8\r\n\r\nsent\r\n"


def name_of(data: bytes) -> str:
    (only,) = open_mail(data).attachments
    return only.name


def folder(tmp_path: Path, files: dict[str, bytes]) -> list[Received]:
    """Everything collected from a round whose folder holds these files."""
    for name, data in files.items():
        path = tmp_path / "received" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return list(collect(plan_of(tmp_path)))


def names(found: Sequence[Received]) -> list[str]:
    return [each.name for each in found]


# --- names --------------------------------------------------------------------------------------


def b64word(text: str, charset: str = "utf-8", codec: str = "utf-8") -> str:
    return f"=?{charset}?B?{base64.b64encode(text.encode(codec)).decode()}?="


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


# --- who and when -------------------------------------------------------------------------------


def opened(head: bytes) -> OpenedMail:
    return open_mail(head + b"\r\nbody")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"finance@town.example", "finance@town.example"),
        (b'"A, B" <Finance@Town.Example>', "finance@town.example"),
        (b'"boss@town.example" <evil@else.example>', "evil@else.example"),
        (f"{b64word('กองคลัง')} <finance@town.example>".encode(), "finance@town.example"),
        ("กองคลัง <finance@town.example>".encode("cp874"), "finance@town.example"),
        (b"(" * 5000 + b"finance@town.example", "finance@town.example"),
        (b"<boss@town.example> <evil@else.example>", "evil@else.example"),
        (b"nobody", ""),
        (b"", ""),
    ],
)
def test_the_sender_is_the_address_not_the_name(written: bytes, read: str) -> None:
    assert opened(b"Subject: x\r\nFrom: " + written + b"\r\n").sender == read


def test_two_different_senders_are_none() -> None:
    assert opened(FROM + b"From: other@town.example\r\n").sender == ""
    assert opened(FROM + FROM).sender == "finance@town.example"


WHEN = datetime(2023, 10, 5, 14, 32, 10, tzinfo=BANGKOK)


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


# --- what a mail brings -------------------------------------------------------------------------


def brought(data: bytes) -> list[tuple[str, str]]:
    """Each attachment's name and why it is ignored."""
    return [(each.name, each.ignored) for each in open_mail(data).attachments]


def test_two_attachments_arrive_byte_for_byte() -> None:
    found = open_mail(mixed(TEXT, attachment("a.xlsx"), attachment("b.xlsx", OTHER_XLSX)))
    assert [(a.name, a.data) for a in found.attachments] == [
        ("a.xlsx", XLSX),
        ("b.xlsx", OTHER_XLSX),
    ]
    assert found.ignored == ""


def test_a_binary_attachment_keeps_its_line_ends() -> None:
    data = XLSX + b"\r\n\n\r\xff"
    raw = b"Content-Type: application/octet-stream; name=a.xlsx\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    (only,) = open_mail(mixed(raw + data)).attachments
    assert only.data == data


def test_pictures_in_the_text_and_signatures_are_no_attachments() -> None:
    logo = part("Content-Type: image/png; name=logo.png\r\nContent-ID: <1@x>", b"png")
    inline = part("Content-Type: image/png; name=l.png\r\nContent-Disposition: inline", b"png")
    signature = part("Content-Type: application/pkcs7-signature; name=smime.p7s", b"sign")
    assert brought(mixed(TEXT, attachment("a.xlsx"), logo, inline, signature)) == [("a.xlsx", "")]


def test_a_workbook_counts_though_it_is_inline() -> None:
    inline = part(f"Content-Type: {EXCEL}; name=a.xlsx\r\nContent-Disposition: inline")
    assert brought(mixed(TEXT, inline)) == [("a.xlsx", "")]


def test_other_attachments_are_kept_and_named() -> None:
    letter = attachment("หนังสือนำส่ง.pdf", b"%PDF-1.4", "application/pdf")
    photo = attachment("photo.jpg", b"\xff\xd8\xff", "image/jpeg")
    found = brought(mixed(TEXT, attachment("a.xlsx"), letter, photo))
    assert found == [
        ("a.xlsx", ""),
        ("หนังสือนำส่ง.pdf", "not-a-report"),
        ("photo.jpg", "not-a-report"),
    ]


@pytest.mark.parametrize(
    ("name", "kind", "data", "why"),
    [
        ("a.XLS", "application/octet-stream", b"", ""),
        ("a.xlsb", "application/octet-stream", b"", ""),
        ("a.ods", "application/octet-stream", b"", ""),
        ("a.csv", "text/csv", b"a,b", ""),
        ("a.zip", "application/zip", b"PK\3\4", ""),
        ("winmail.dat", "application/ms-tnef", b"\x78\x9f\x3e\x22", ""),
        ("mail.msg", "application/vnd.ms-outlook", b"", ""),
        ("report", "application/vnd.ms-excel", b"", ""),
        ("report", "application/octet-stream", XLSX, ""),
        ("report", "application/octet-stream", b"PK\3\4", "not-a-report"),
        ("a.docx", "application/octet-stream", b"PK\3\4", "not-a-report"),
        ("~$a.xlsx", "application/octet-stream", b"", "lock-file"),
        ("._a.xlsx", "application/octet-stream", b"", "lock-file"),
        ("a.xlsx.part", "application/octet-stream", b"", "lock-file"),
        ("a.TMP", "application/octet-stream", b"", "lock-file"),
    ],
)
def test_what_may_be_a_workbook_goes_on(name: str, kind: str, data: bytes, why: str) -> None:
    assert ignore_rules.why_ignored(name, data, kind) == why


def test_a_mail_that_says_something_but_brings_nothing_is_to_be_read() -> None:
    body_only = open_mail(RECEIVED + FROM + b"Subject: x\r\n\r\nD7 = 12,500\r\n")
    assert (body_only.attachments, body_only.ignored) == ((), "no-attachment")
    scanned = open_mail(mixed(TEXT, attachment("scan.pdf", b"%PDF", "application/pdf")))
    assert [a.ignored for a in scanned.attachments] == ["not-a-report"]
    assert scanned.ignored == "no-attachment"


def test_a_workbook_may_be_the_whole_mail() -> None:
    assert name_of(RECEIVED + FROM + attachment("a.xlsx")) == "a.xlsx"


def test_an_encrypted_mail_is_told_apart() -> None:
    sealed = part("Content-Type: application/pkcs7-mime; name=smime.p7m", b"secret")
    assert open_mail(RECEIVED + sealed).ignored == "mail-encrypted"
    pgp = part("Content-Type: application/pgp-encrypted", b"Version: 1")
    assert open_mail(
        mixed(pgp, attachment("x.asc", b"-", "application/octet-stream"), sub="encrypted")
    ).ignored == ("mail-encrypted")


def test_what_a_mail_program_sends_back_is_no_submission() -> None:
    bounce = mixed(TEXT, attachment("a.xlsx"), sub="report")
    away = mixed(
        TEXT,
        attachment("a.xlsx"),
        head=RECEIVED + FROM + b"Auto-Submitted: auto-replied (away)\r\n",
    )
    assert [open_mail(m).ignored for m in (bounce, away)] == ["automatic-mail"] * 2
    assert [open_mail(m).attachments for m in (bounce, away)] == [(), ()]


def forwarded(inner: bytes, boundary: str) -> bytes:
    return mixed(TEXT, b"Content-Type: message/rfc822\r\n\r\n" + inner, boundary=boundary)


def test_a_forwarded_mail_is_opened_and_the_outer_sender_stands() -> None:
    inner = mixed(
        TEXT, attachment("a.xlsx"), head=b"From: clerk@home.example\r\nDate: x\r\n", boundary="b1"
    )
    found = open_mail(forwarded(inner, "b2"))
    assert [(a.name, a.data) for a in found.attachments] == [("a.xlsx", XLSX)]
    assert (found.sender, found.received_at) == ("finance@town.example", WHEN)


@pytest.mark.parametrize("kind", ["application/octet-stream", "message/rfc822"])
def test_a_forwarded_mail_may_be_attached_as_a_file(kind: str) -> None:
    inner = mixed(TEXT, attachment("a.xlsx"), boundary="b1")
    found = open_mail(mixed(TEXT, attachment("mail.eml", inner, kind), boundary="b2"))
    assert [(a.name, a.data) for a in found.attachments] == [("a.xlsx", XLSX)]


@pytest.mark.parametrize(("times", "why"), [(3, ""), (4, "mail-damaged")])
def test_three_mails_within_one_another_are_opened(times: int, why: str) -> None:
    data = mixed(attachment("a.xlsx"), boundary="b0")
    for number in range(times):
        data = forwarded(data, f"b{number + 1}")
    found = open_mail(data)
    assert (len(found.attachments), found.ignored) == (int(not why), why)


# --- limits -------------------------------------------------------------------------------------


def nested(times: int) -> bytes:
    data = TEXT
    for number in range(times):
        data = mixed(data, boundary=f"n{number}", head=b"")
    return RECEIVED + FROM + data


BEYOND = {
    "mail": (FROM + b"\r\n" + b"x" * mails.LARGEST_MAIL, "size of the mail"),
    "header block": (
        FROM + (b"X: " + b"y" * 2000 + b"\r\n") * 140 + b"\r\n",
        "size of the header block",
    ),
    "header without end": (b"X: " + b"y" * (300 << 10), "size of the header block"),
    "one header": (FROM + b"Subject: " + b"y" * (70 << 10) + b"\r\n\r\n", "length of a header"),
    "folded header": (
        FROM + b"To: x\r\n" + b"\ty\r\n" * 990 + b"\t" + b"y" * (64 << 10) + b"\r\n\r\n",
        "length of a header",
    ),
    "lines": (FROM + b"X: y\r\n" * 1001 + b"\r\n", "lines of the header block"),
    "lines of the mail": (FROM + b"\r\n" + b"\n" * 1_000_001, "lines of the mail"),
    "header of a part": (mixed(attachment("y" * (70 << 10) + ".xlsx")), "length of a header"),
    "201 parts": (mixed(*[TEXT] * 201), "number of parts"),
    "very many parts": (mixed(*[TEXT] * 5000), "number of parts"),
    "depth": (nested(22), "depth of the parts"),
    "great depth": (nested(900), "depth of the parts"),
    "workbooks": (mixed(*[attachment("a.xlsx", b"")] * 21), "number of workbooks"),
    "no boundary": (
        RECEIVED + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\nnothing\r\n',
        "boundary of the parts",
    ),
    "no header": (b"\x00\x01\x02 not a mail", "no header"),
    "nothing": (b"", "no header"),
}


@pytest.mark.parametrize(("data", "limit"), BEYOND.values(), ids=BEYOND)
def test_a_mail_beyond_a_limit_is_damaged_and_says_which(data: bytes, limit: str) -> None:
    found = open_mail(data)
    assert (found.attachments, found.ignored, found.note) == ((), "mail-damaged", limit)


def test_a_mail_saved_by_an_editor_with_its_mark_is_read() -> None:
    assert open_mail(b"\xef\xbb\xbf" + FROM + b"\r\nbody").sender == "finance@town.example"


def test_a_mail_damaged_inside_still_says_who_sent_it_when() -> None:
    found = open_mail(mixed(*[TEXT] * 201))
    assert (found.sender, found.received_at) == ("finance@town.example", WHEN)


def test_as_much_as_the_limits_allow_is_taken() -> None:
    found = open_mail(mixed(*[TEXT] * 178, *[attachment("a.xlsx", b"PK")] * 20))
    assert (len(found.attachments), found.ignored) == (20, "")


def test_hostile_headers_cost_no_more_than_plain_ones() -> None:
    """The words of a header and the sections of a name grow, the time hardly does."""

    def seconds(times: int) -> float:
        words = b"Subject: " + b"\r\n ".join([b"=?utf-8?B?4LiB?="] * times) + b"\r\n"
        sections = b"".join(b";filename*%d*=a" % n for n in range(times))
        name = (
            b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment" + sections
        )
        data = mixed(part(name), head=RECEIVED + FROM + words)
        began = time.perf_counter()
        open_mail(data)
        return time.perf_counter() - began

    seconds(10)
    assert seconds(900) < 100 * seconds(10)


def weird(seed: int) -> bytes:
    """A mail spoilt by chance: bytes changed, lines lost, doubled or moved, the end cut off."""
    luck = random.Random(seed)
    inner = mixed(TEXT, attachment(b64word(NAME), b"PK\3\4x"), boundary="b1")
    lines = bytearray(forwarded(inner, "b2") + mixed(attachment("a.xlsx", b"x"))).split(b"\n")
    for _ in range(luck.randrange(1, 12)):
        at, to = luck.randrange(len(lines)), luck.randrange(len(lines))
        how = luck.randrange(5)
        if how == 0:
            lines[at] = bytes(luck.randrange(256) for _ in range(luck.randrange(80)))
        elif how == 1:
            lines.insert(to, lines[at])
        elif how == 2:
            lines[at] = lines[at][: luck.randrange(len(lines[at]) + 1)]
        elif how == 3:
            lines[at], lines[to] = lines[to], lines[at]
        else:
            spoilt = luck.choice(
                (b"base64", b"x-uuencode", b"quoted-printable", b"\xe0\xb8", b"8bit")
            )
            lines.insert(at, b"Content-Transfer-Encoding: " + spoilt)
    return b"\n".join(lines)


def test_a_thousand_weird_mails_are_all_accounted_for() -> None:
    seen = set()
    for seed in range(1000):
        found = open_mail(weird(seed))
        good = [a for a in found.attachments if not a.ignored]
        assert good or found.ignored, seed
        seen.add(found.ignored)
    assert {"", "mail-damaged", "no-attachment"} <= seen


@given(st.binary(max_size=600))
def test_any_bytes_are_a_mail_or_damaged(data: bytes) -> None:
    for mail in (data, FROM + data, mixed(data)):
        found = open_mail(mail)
        assert found.ignored or found.attachments


# --- the folder ---------------------------------------------------------------------------------


def test_a_round_without_the_folder_has_received_nothing(tmp_path: Path) -> None:
    assert collect(plan_of(tmp_path)) == ()


def test_an_attachment_knows_its_mail(tmp_path: Path) -> None:
    head = (
        RECEIVED + FROM + b"Message-ID: <1@x>\r\n" + f"Subject: {b64word('ส่งรายงาน')}\r\n".encode()
    )
    mail = mixed(TEXT, attachment("a.xlsx"), head=head)
    (only,) = folder(tmp_path, {"1.eml": mail})
    assert (only.channel, only.sha256) == (Channel.ATTACHMENT, hashlib.sha256(XLSX).hexdigest())
    assert (only.sender, only.received_at) == ("finance@town.example", WHEN)
    assert only.message is not None
    assert only.message.sha256 == hashlib.sha256(mail).hexdigest()
    assert (only.message.message_id, only.message.subject) == ("<1@x>", "ส่งรายงาน")


def test_a_mail_to_be_read_is_received_once_under_its_own_name(tmp_path: Path) -> None:
    bare, damaged = folder(tmp_path, {"a.eml": RECEIVED + FROM + b"\r\nhello", "b.eml": b"junk"})[
        ::-1
    ]
    assert (bare.name, bare.channel, bare.ignored) == ("a.eml", Channel.BARE_MAIL, "no-attachment")
    assert (damaged.name, damaged.channel, damaged.ignored) == (
        "b.eml",
        Channel.BARE_MAIL,
        "mail-damaged",
    )
    assert damaged.received_at is None
    assert damaged.sha256 == hashlib.sha256(b"junk").hexdigest()


def test_loose_files_are_told_apart(tmp_path: Path) -> None:
    files = {
        "a.xlsx": XLSX,
        "~$a.xlsx": b"x",
        "deep/b.xlsx": OTHER_XLSX,
        "letter.pdf": b"%PDF",
        ".gitkeep": b"",
    }
    found = {each.name: each.ignored for each in folder(tmp_path, files)}
    assert found == {
        "a.xlsx": "",
        "~$a.xlsx": "lock-file",
        "b.xlsx": "",
        "letter.pdf": "not-a-report",
    }


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.xlsx").write_bytes(XLSX)
    (tmp_path / "received").mkdir()
    try:
        (tmp_path / "received" / "a.xlsx").symlink_to(tmp_path / "secret.xlsx")
    except OSError:
        pytest.skip("links are not allowed here")
    (only,) = collect(plan_of(tmp_path))
    assert (only.ignored, only.data) == ("not-a-plain-file", b"")


def mail_at(hour: int, name: str, data: bytes = XLSX) -> bytes:
    head = f"Received: x; Thu, 5 Oct 2023 {hour:02d}:00:00 +0700\r\n".encode() + FROM
    return mixed(attachment(name, data), head=head)


def test_the_order_is_that_of_arrival_whatever_the_files_are_called(tmp_path: Path) -> None:
    mails_ = [mail_at(9, "nine.xlsx"), mail_at(8, "eight.xlsx"), mail_at(10, "ten.xlsx")]
    orders = []
    for folder_name, order in (("one", (0, 1, 2)), ("two", (2, 0, 1))):
        files = {f"{n}.eml": mails_[i] for n, i in enumerate(order)} | {"loose.xlsx": OTHER_XLSX}
        orders.append(names(folder(tmp_path / folder_name, files)))
    assert orders[0] == orders[1] == ["loose.xlsx", "eight.xlsx", "nine.xlsx", "ten.xlsx"]


def test_the_same_bytes_twice_are_both_kept_and_numbered(tmp_path: Path) -> None:
    files = {
        "z.eml": mail_at(8, "รายงาน.xlsx"),
        "y.eml": mail_at(9, "รายงาน.xlsx"),
        "x.eml": mail_at(10, "รายงาน (2).xlsx"),
        "w.eml": mail_at(11, "รายงาน.XLSX", OTHER_XLSX),
    }
    found = folder(tmp_path, files)
    assert names(found) == [
        "รายงาน.xlsx",
        "รายงาน (2).xlsx",
        "รายงาน (2) (2).xlsx",
        "รายงาน (3).XLSX",
    ]
    assert [each.path.name for each in found] == ["z.eml", "y.eml", "x.eml", "w.eml"]


def test_at_the_same_moment_the_hash_decides(tmp_path: Path) -> None:
    digests = {data: hashlib.sha256(data).hexdigest() for data in (XLSX, OTHER_XLSX)}
    first, second = sorted(digests, key=digests.__getitem__)
    files = {"1.eml": mail_at(8, "a.xlsx", second), "2.eml": mail_at(8, "b.xlsx", first)}
    assert names(folder(tmp_path, files)) == ["b.xlsx", "a.xlsx"]


def test_what_came_later_is_not_seen(tmp_path: Path) -> None:
    folder(
        tmp_path,
        {"1.eml": mail_at(8, "a.xlsx"), "2.eml": mail_at(9, "b.xlsx"), "c.xlsx": OTHER_XLSX},
    )
    noon = datetime(2023, 10, 5, 8, 0, tzinfo=BANGKOK)
    assert names(collect(plan_of(tmp_path, as_of=noon))) == ["c.xlsx", "a.xlsx"]


# --- received.csv -------------------------------------------------------------------------------

COLUMNS = "file,received_at,from,channel,note\r\n"


@pytest.mark.parametrize(
    "written",
    [
        "2023-10-05 14:32:10",
        "2023-10-05T07:32:10+00:00",
        "5/10/2566 14:32:10",
        "๕/๑๐/๒๕๖๖ 14.32.10",
    ],
)
def test_what_is_stated_of_a_loose_file_stands(tmp_path: Path, written: str) -> None:
    line = f"line/a.xlsx,{written},กองคลัง,LINE,ส่งทางกลุ่ม\r\n\r\n"
    (only,) = folder(
        tmp_path, {"line/a.xlsx": XLSX, "received.csv": b"\xef\xbb\xbf" + (COLUMNS + line).encode()}
    )
    assert (only.channel, only.received_at) == (Channel.LOOSE, WHEN)
    assert (only.sender, only.note) == ("กองคลัง", "LINE · ส่งทางกลุ่ม")


def test_an_hour_of_one_digit_and_no_time_at_all(tmp_path: Path) -> None:
    lines = COLUMNS + "a.xlsx,5/10/2566 9:05,,,\r\nb\\c.xlsx,,,,\r\nd.xlsx,2023-10-05,,,\r\n"
    files = {"a.xlsx": XLSX, "b/c.xlsx": OTHER_XLSX, "d.xlsx": b"", "received.csv": lines.encode()}
    at = {each.name: each.received_at for each in folder(tmp_path, files)}
    assert at["a.xlsx"] == datetime(2023, 10, 5, 9, 5, tzinfo=BANGKOK)
    assert at["c.xlsx"] is None
    assert at["d.xlsx"] == datetime(2023, 10, 5, tzinfo=BANGKOK)


MISTAKES = {
    "received-csv-not-utf8": (COLUMNS + "a.xlsx,,กองคลัง,,\r\n").encode("cp874"),
    "received-csv-columns": b"name,time\r\na.xlsx,\r\n",
    "received-csv-no-file": (COLUMNS + "b.xlsx,,,,\r\n").encode(),
    "received-csv-twice": (COLUMNS + "a.xlsx,,,,\r\na.xlsx,,,,\r\n").encode(),
    "received-csv-no-time": (COLUMNS + "a.xlsx,soon,,,\r\n").encode(),
}


@pytest.mark.parametrize(("code", "content"), MISTAKES.items(), ids=MISTAKES)
def test_a_mistake_in_received_csv_is_the_operators(
    tmp_path: Path, code: str, content: bytes
) -> None:
    with pytest.raises(PipelineError) as caught:
        folder(tmp_path, {"a.xlsx": XLSX, "received.csv": content})
    assert caught.value.code == code
    for lang in ("th", "en"):
        assert "\n" not in say(f"error.{code}", lang, **caught.value.params)


@pytest.mark.parametrize("written", ["2566-10-05T09:00", "๒๕๖๖-๑๐-๐๕ ๐๙:๐๐", "2023-10-05 09:00"])
def test_a_year_in_the_thai_era_is_no_year_in_the_far_future(tmp_path: Path, written: str) -> None:
    """Else the file would be later than any that could ever replace it."""
    lines = COLUMNS + f"a.xlsx,{written},,,\r\n"
    (found,) = folder(tmp_path, {"a.xlsx": XLSX, "received.csv": lines.encode()})
    assert found.received_at == datetime(2023, 10, 5, 9, tzinfo=BANGKOK)


def test_an_hour_that_is_none_is_refused(tmp_path: Path) -> None:
    lines = COLUMNS + "a.xlsx,5/10/2566 25:00,,,\r\n"
    with pytest.raises(PipelineError) as caught:
        folder(tmp_path, {"a.xlsx": XLSX, "received.csv": lines.encode()})
    assert caught.value.params == {"line": 2, "value": "5/10/2566 25:00"}


def test_a_file_that_cannot_be_opened_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    folder(tmp_path, {"a.xlsx": XLSX})
    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(PipelineError) as caught:
        collect(plan_of(tmp_path))
    assert caught.value.code == "received-unreadable"
    assert "a.xlsx" in say("error.received-unreadable", "en", **caught.value.params)


def test_a_mail_written_by_python_is_read_back() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "กองคลัง <finance@town.example>", "ส่งรายงาน กองคลัง รอบ ๑๒ เดือน"
    mail.set_content("เรียน ผู้จัดทำรายงาน")
    mail.add_attachment(XLSX, maintype="application", subtype="octet-stream", filename=NAME)
    found = open_mail(mail.as_bytes())
    assert (found.sender, found.subject) == ("finance@town.example", "ส่งรายงาน กองคลัง รอบ ๑๒ เดือน")
    assert [(a.name, a.data) for a in found.attachments] == [(NAME, XLSX)]
