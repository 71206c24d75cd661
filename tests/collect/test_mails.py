"""What a mail brings: attachments, mails within mails, and the limits of what is opened."""

import random
import time
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect import mails
from pipeline.collect.mails import open_mail
from tests.support.letters import (
    EXCEL,
    FROM,
    NAME,
    OTHER_XLSX,
    RECEIVED,
    TEXT,
    WHEN,
    XLSX,
    attachment,
    b64word,
    mixed,
    name_of,
    part,
)

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
    assert mails.why_ignored(name, data, kind) == why


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


def test_a_mail_written_by_python_is_read_back() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "กองคลัง <finance@town.example>", "ส่งรายงาน กองคลัง รอบ ๑๒ เดือน"
    mail.set_content("เรียน ผู้จัดทำรายงาน")
    mail.add_attachment(XLSX, maintype="application", subtype="octet-stream", filename=NAME)
    found = open_mail(mail.as_bytes())
    assert (found.sender, found.subject) == ("finance@town.example", "ส่งรายงาน กองคลัง รอบ ๑๒ เดือน")
    assert [(a.name, a.data) for a in found.attachments] == [(NAME, XLSX)]
