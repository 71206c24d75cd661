"""Whatever lies in a mailbox, each message and each file of it ends in one stated fate."""

import base64
import binascii
import hashlib
import random
from collections import Counter
from pathlib import Path

import pytest

from pipeline.collect import collect
from pipeline.intake import intake
from pipeline.model import Channel, Outcome
from pipeline.plan import load_plan
from pipeline.record import run_json
from pipeline.run import assess
from schemas import forms
from tests.support.envelopes import archive, attached, envelope
from tests.support.letters import (
    EXCEL,
    FROM,
    NAME,
    RECEIVED,
    TEXT,
    attachment,
    b64word,
    mixed,
    part,
)
from tests.support.rounds import marks_for, plan_of, workbook

GIFTS = workbook({"No Gift Policy": [["x"]]}, marks_for("02"))
OLD = workbook({"No Gift Policy": [["x"]]}, marks_for("02", round_name="2565-12"))
ALIEN = workbook({"No Gift Policy": [["x"]]}, marks_for("02", organisation="99-9999"))
FORMLESS = workbook({"อื่น": [["x"]]})
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
CODED = base64.encodebytes(GIFTS).replace(b"\n", b"\r\n")
BINARY = "application/octet-stream"
PDF, PNG = b"%PDF-1.4", b"\x89PNG\r\n"
TAKEN, SHUT = "accepted", "not-a-workbook-zip"

Fates = tuple[str, ...]


def coded(encoding: str, body: bytes) -> bytes:
    head = f'Content-Type: {EXCEL}; name="a.xlsx"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return head.encode() + body


def quoted() -> bytes:
    whole = b"".join(b"=%02X" % byte for byte in GIFTS)
    lines = [whole[at : at + 72] for at in range(0, len(whole), 72)]
    return coded("Quoted-Printable", b"=\r\n".join(lines))


def pieces() -> bytes:
    cut = [GIFTS[at : at + 55] for at in range(0, len(GIFTS), 55)]
    return coded("base64", b"\r\n".join(map(base64.b64encode, cut)))


def uuencoded() -> bytes:
    lines = (binascii.b2a_uu(GIFTS[at : at + 45]) for at in range(0, len(GIFTS), 45))
    return (
        TEXT + b"begin 644 a.xlsx\r\n" + b"".join(lines).replace(b"\n", b"\r\n") + b"`\r\nend\r\n"
    )


def appledouble() -> bytes:
    fork = attachment("a.xlsx", b"\x00\x05\x16\x07" + bytes(40), "application/applefile")
    return mixed(fork, attachment("a.xlsx", GIFTS), head=b"", boundary="ad", sub="appledouble")


def signed() -> bytes:
    """What a signature encloses, in one piece as RFC 5652 writes it."""
    inner = mixed(TEXT, attachment("a.xlsx", GIFTS), head=b"", boundary="si")

    def element(tag: int, data: bytes) -> bytes:
        return bytes([tag, 0x84]) + len(data).to_bytes(4, "big") + data

    octets = element(0xA0, element(0x04, inner))
    held = element(0x30, bytes.fromhex("06092a864886f70d010701") + octets)
    whole = bytes.fromhex("06092a864886f70d010702") + element(0xA0, element(0x30, held))
    return part("Content-Type: application/pkcs7-mime; name=smime.p7m", element(0x30, whole))


def forwarded(kind: str) -> bytes:
    inner = mixed(TEXT, attachment("a.xlsx", GIFTS), boundary="fw")
    if kind == "message":
        return b"Content-Type: message/rfc822\r\n\r\n" + inner
    return attachment("mail.eml", inner, BINARY)


def named(parameter: str) -> bytes:
    return part(f"Content-Type: {BINARY}\r\nContent-Disposition: attachment; {parameter}", GIFTS)


def sealed_archive() -> bytes:
    data = bytearray(archive({"a.xlsx": GIFTS}))
    data[data.find(b"PK\1\2") + 8] |= 1
    return bytes(data)


# Each kind of attachment as a mail holds it, and the fates of what it brings.
KINDS: dict[str, tuple[bytes, Fates]] = {
    "base64": (attachment("a.xlsx", GIFTS), (TAKEN,)),
    "base64 written oddly": (coded("(x) BASE64 ; ", CODED), (TAKEN,)),
    "base64 in pieces": (pieces(), (TAKEN,)),
    "base64 before a footer": (
        coded("base64", CODED + b"\r\n____\r\na mailing list\r\n"),
        (TAKEN,),
    ),
    "quoted-printable": (quoted(), (TAKEN,)),
    "uuencoded in the text": (uuencoded(), (TAKEN,)),
    "two halves of a Mac": (appledouble(), (TAKEN,)),
    "signed around": (signed(), (TAKEN,)),
    "forwarded": (forwarded("message"), (TAKEN,)),
    "forwarded as a file": (forwarded("file"), (TAKEN,)),
    "a name in windows-874": (
        named(f'filename="{b64word(NAME, "windows-874", "cp874")}"'),
        (TAKEN,),
    ),
    "a raw name in TIS-620": (
        part(b"Content-Type: x/y; name=" + NAME.encode("cp874").replace(b" ", b"_"), GIFTS),
        (TAKEN,),
    ),
    "a name in sections": (named("filename*0*=UTF-8''a; filename*1*=%E0%B8%81.xlsx"), (TAKEN,)),
    "no name": (part(f"Content-Type: {BINARY}", GIFTS), (TAKEN,)),
    "inline": (
        part(f"Content-Type: {EXCEL}; name=a.xlsx\r\nContent-Disposition: inline", GIFTS),
        (TAKEN,),
    ),
    "an archive": (
        attachment(
            "a.zip", archive({"a.xlsx": GIFTS, "รูป.jpg": b"\xff"}, codec="cp874"), "application/zip"
        ),
        (TAKEN, "not-a-report"),
    ),
    "an archive in one": (
        attachment("a.zip", archive({"b.zip": archive({"a.xlsx": GIFTS})})),
        (SHUT,),
    ),
    "a sealed archive": (attachment("a.zip", sealed_archive(), "application/zip"), (SHUT,)),
    "Outlook's envelope": (
        attachment("winmail.dat", envelope(attached(b"a.xlsx", GIFTS)), "application/ms-tnef"),
        (TAKEN,),
    ),
    "an envelope of a text": (attachment("winmail.dat", envelope(), "application/ms-tnef"), ()),
    "a spoilt envelope": (
        attachment("winmail.dat", envelope(attached(b"a.xlsx", GIFTS))[:-9], "application/ms-tnef"),
        ("not-a-workbook-winmail",),
    ),
    "a mail of Outlook's": (
        attachment("a.msg", OLE, "application/vnd.ms-outlook"),
        ("not-a-workbook-outlook",),
    ),
    "a web page": (attachment("a.xls", b"<html><table>", BINARY), ("not-a-workbook-html",)),
    "a table of commas": (
        attachment("a.csv", b"a,b\r\n1,2\r\n", "text/csv"),
        ("not-a-workbook-csv",),
    ),
    "a text of its own": (
        attachment(
            "a.ods",
            archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
            BINARY,
        ),
        ("not-a-workbook-ods",),
    ),
    "nothing at all": (attachment("a.xlsx", b""), ("not-a-workbook-empty-file",)),
    "cut within four letters": (coded("base64", CODED[:1002]), ("harmed-in-mail",)),
    "broken by its program": (attachment("a.xlsx", GIFTS[:-40]), ("not-a-workbook-damaged",)),
    "another round's": (attachment("a.xlsx", OLD), ("other-round",)),
    "another town's": (attachment("a.xlsx", ALIEN), ("other-organisation",)),
    "no form of ours": (attachment("a.xlsx", FORMLESS), ("no-form-recognised",)),
    "a letter": (attachment("a.pdf", PDF, "application/pdf"), ("not-a-report",)),
    "a photograph": (attachment("a.jpg", b"\xff\xd8", "image/jpeg"), ("not-a-report",)),
    "a picture of the text": (
        part("Content-Type: image/png; name=l.png\r\nContent-ID: <1>", PNG),
        (),
    ),
    "a signature": (part("Content-Type: application/pkcs7-signature; name=smime.p7s", b"x"), ()),
    "a lock file": (attachment("~$a.xlsx", b"x", BINARY), ("lock-file",)),
    "an invitation": (attachment("a.ics", b"BEGIN:VCALENDAR", "text/calendar"), ("not-a-report",)),
}
# Whole mails of other kinds, which bring nothing of their own but are told.
MAILS: dict[str, tuple[bytes, Fates]] = {
    "a text": (RECEIVED + FROM + b"\r\nno purchase this month\r\n", ("no-attachment",)),
    "an answer of a program": (
        mixed(
            attachment("a.xlsx", GIFTS), head=RECEIVED + FROM + b"Auto-Submitted: auto-replied\r\n"
        ),
        ("automatic-mail",),
    ),
    "a bounce": (mixed(attachment("a.xlsx", GIFTS), sub="report"), ("automatic-mail",)),
    "sealed": (
        RECEIVED + FROM + part("Content-Type: application/pkcs7-mime", b"x"),
        ("mail-encrypted",),
    ),
    "no parts": (
        RECEIVED + FROM + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n",
        ("mail-damaged",),
    ),
    "a stranger's": (
        mixed(attachment("a.xlsx", GIFTS), head=RECEIVED + b"From: x@else.example\r\n"),
        ("unknown-sender",),
    ),
    "nobody's": (mixed(attachment("a.xlsx", GIFTS), head=RECEIVED), ("no-sender",)),
}
MEANT = {
    fate
    for _, fates in KINDS.values()
    for fate in fates
    if fate not in ("not-a-report", "lock-file")
}


def mail_of(chosen: list[str]) -> tuple[bytes, Fates]:
    """A mail with these attachments and the fates of all that it brings."""
    fates = tuple(fate for kind in chosen for fate in KINDS[kind][1])
    told = () if MEANT & {*fates} else ("no-attachment",)
    return mixed(TEXT, *(KINDS[kind][0] for kind in chosen)), (*fates, *told)


def fill(received: Path, luck: random.Random) -> tuple[Counter[str], int]:
    """Lay a mailbox there, some of it in one file; the fates to expect, and how many messages."""
    received.mkdir(parents=True)
    fates: Counter[str] = Counter()
    mails: list[bytes] = []
    for number in range(luck.randint(1, 5)):
        chosen = luck.choices(list(KINDS), k=luck.randint(0, 4))
        whole = luck.random() < 0.2
        mail, expected = MAILS[luck.choice(list(MAILS))] if whole else mail_of(chosen)
        mails.append(f"X-Number: {number}\r\n".encode() + mail)
        fates.update(expected)
    kept = len(mails) if luck.random() < 0.3 else 0
    if kept:
        lines = (b"From x Thu Oct 5 09:00:00 2023\n" + mail + b"\n\n" for mail in mails)
        (received / "box.mbox").write_bytes(b"".join(lines))
    for number, mail in enumerate(mails[kept:]):
        emlx = luck.random() < 0.3
        data = b"%d\n" % len(mail) + mail + b"<plist/>" if emlx else mail
        (received / f"{number}.{'emlx' if emlx else 'eml'}").write_bytes(data)
    if luck.random() < 0.3:
        (received / "loose.xlsx").write_bytes(GIFTS)
        fates[TAKEN] += 1
    return fates, len(mails)


def test_there_are_enough_kinds() -> None:
    assert len(KINDS) >= 28


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_fate(tmp_path: Path, kind: str) -> None:
    mail, fates = mail_of([kind])
    (tmp_path / "received").mkdir()
    (tmp_path / "received" / "1.eml").write_bytes(mail)
    plan = plan_of(tmp_path)
    found = intake(collect(plan), plan)
    assert Counter(each.reason or str(each.outcome) for each in found) == Counter(fates)


def test_a_hundred_mailboxes_balance(tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for seed in range(100):
        folder = tmp_path / str(seed)
        expected, messages = fill(folder / "received", random.Random(seed))
        plan = plan_of(folder)
        received = collect(plan)
        found = intake(received, plan)
        assert Counter(each.reason or str(each.outcome) for each in found) == expected, seed
        assert [each.received for each in found] == list(received)
        assert len({each.name.casefold() for each in found}) == len(found), seed
        mails = {each.message.sha256 for each in received if each.message}
        assert len(mails) == messages, seed
        for each in received:
            bare = each.channel is Channel.BARE_MAIL
            assert bare or each.sha256 == hashlib.sha256(each.data).hexdigest()
        seen += expected
    assert {*seen} >= MEANT | {"not-a-report", "lock-file", "no-attachment", "unknown-sender"}


def test_a_round_with_a_mail_of_every_kind_balances(root: Path, tmp_path: Path) -> None:
    """Every message, attachment and file of the round is in the record's sums."""
    folder = tmp_path / "2566-12"
    (folder / "received").mkdir(parents=True)
    text = (root / "inputs/2566-12/round.toml").read_text("utf-8")
    (folder / "round.toml").write_text(
        text.replace("finance@chachoengsao", "finance@town"), "utf-8"
    )
    mails = [*(mail_of([kind]) for kind in KINDS), *MAILS.values()]
    for number, (mail, _) in enumerate(mails):
        data = f"X-Number: {number}\r\n".encode() + mail
        (folder / "received" / f"{number:02}.eml").write_bytes(data)
    (folder / "received" / "loose.xlsx").write_bytes(GIFTS)
    record = run_json(assess(load_plan(folder, forms())), {})
    balance = record["balance"]
    whole = sum(len(fates) for _, fates in mails) + 1
    bare = [name for fates in (f for _, f in mails) for name in fates if name in BARE]
    assert balance["messages"] == len(mails)
    assert balance["attachments"] == whole - len(bare) - 1
    assert sum(balance[str(each)] for each in Outcome) == whole == len(record["files"])
    assert Counter(each["outcome"] for each in record["files"]) == Counter(
        {str(each): balance[str(each)] for each in Outcome if balance[str(each)]}
    )


BARE = ("no-attachment", "automatic-mail", "mail-encrypted", "mail-damaged")
