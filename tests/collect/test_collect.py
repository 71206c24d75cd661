"""What lies in `received/` as it comes out of collect: in its order, each file once."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.collect import collect
from pipeline.collect.headers import BANGKOK
from pipeline.model import Channel, Received
from tests.support.letters import (
    FROM,
    OTHER_XLSX,
    RECEIVED,
    TEXT,
    WHEN,
    XLSX,
    attachment,
    b64word,
    folder,
    mixed,
)
from tests.support.rounds import plan_of


def names(found: Sequence[Received]) -> list[str]:
    return [each.name for each in found]


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


@pytest.mark.parametrize(
    ("fetched", "believed"), [("20231005T080000", "yes"), ("20231005T074900", "no")]
)
def test_a_fetched_mail_cannot_have_come_after_it_was_fetched(
    tmp_path: Path, fetched: str, believed: str
) -> None:
    (only,) = folder(tmp_path, {f"{fetched}-{'0' * 32}.eml": mail_at(8, "a.xlsx")})
    at = datetime(2023, 10, 5, 8, 0, tzinfo=BANGKOK)
    assert (only.received_at, only.unbelieved_at) == (
        (at, None) if believed == "yes" else (None, at)
    )


def test_a_fetched_mail_is_believed_however_late_it_came(tmp_path: Path) -> None:
    late = mail_at(8, "a.xlsx").replace(b"2023", b"2025")
    (only,) = folder(tmp_path, {f"20251006T080000-{'0' * 32}.eml": late})
    assert only.received_at == datetime(2025, 10, 5, 8, 0, tzinfo=BANGKOK)
