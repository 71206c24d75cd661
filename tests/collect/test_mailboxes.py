"""Mails taken out of what programs keep them in."""

import hashlib
import mailbox
from email import message_from_bytes
from pathlib import Path

import pytest

from pipeline.collect.mailboxes import keeps_mails, mails_in
from tests.support.letters import FROM, OTHER_XLSX, RECEIVED, TEXT, XLSX, attachment, folder, mixed

ONE = mixed(TEXT, attachment("a.xlsx")).replace(b"\r\n", b"\n")
TWO = mixed(TEXT, attachment("b.xlsx", OTHER_XLSX)).replace(b"\r\n", b"\n")
QUOTING = RECEIVED.replace(b"\r\n", b"\n") + b"Subject: x\n\nhello\n\nFrom here on\n"


def kept(path: Path, data: bytes) -> list[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return list(mails_in(path, data)) if keeps_mails(path, data) else []


def written_by_python(path: Path, *mails: bytes) -> bytes:
    box = mailbox.mbox(path)
    for mail in mails:
        box.add(message_from_bytes(mail))
    box.close()
    return path.read_bytes()


@pytest.mark.parametrize("name", ["Takeout.mbox", "INBOX", "Sent"])
def test_the_mails_of_an_mbox_are_those_put_in(tmp_path: Path, name: str) -> None:
    data = written_by_python(tmp_path / "box", ONE, QUOTING, TWO)
    assert kept(tmp_path / name, data) == [ONE, QUOTING, TWO]


def test_an_mbox_with_line_ends_of_windows_holds_the_same_mails(tmp_path: Path) -> None:
    data = written_by_python(tmp_path / "box", ONE, TWO).replace(b"\n", b"\r\n")
    assert [m.replace(b"\r\n", b"\n") for m in kept(tmp_path / "a.mbox", data)] == [ONE, TWO]


def test_the_same_mail_twice_in_an_mbox_is_there_once(tmp_path: Path) -> None:
    data = written_by_python(tmp_path / "box", ONE, TWO, ONE)
    assert kept(tmp_path / "a.mbox", data) == [ONE, TWO]


def test_the_mail_of_an_emlx_ends_where_its_count_says(tmp_path: Path) -> None:
    data = b"%-10d\n" % len(ONE) + ONE + b"<?xml version='1.0'?><plist></plist>"
    assert kept(tmp_path / "1.emlx", data) == [ONE]
    assert kept(tmp_path / "2.emlx", ONE) == [ONE]


def test_a_maildir_keeps_a_mail_a_file(tmp_path: Path) -> None:
    assert kept(tmp_path / "cur" / "1700.M1P2.host:2,S", ONE) == [ONE]
    assert kept(tmp_path / "new" / "1700.M1P2.host", ONE) == [ONE]
    assert kept(tmp_path / "1700.M1P2.host", ONE) == []


@pytest.mark.parametrize("name", ["a.mbox", "a.emlx", "a.eml"])
def test_a_mail_file_without_a_mail_is_one_to_be_read(tmp_path: Path, name: str) -> None:
    (only,) = folder(tmp_path, {name: b""})
    assert (only.name, only.ignored) == (name, "mail-damaged")


def test_what_an_mbox_in_the_folder_brings_knows_its_own_mail(tmp_path: Path) -> None:
    bare = FROM.replace(b"\r", b"") + b"Subject: none\n\nno data\n"
    data = written_by_python(tmp_path / "box", ONE, TWO, bare)
    found = {each.name: each for each in folder(tmp_path, {"all.mbox": data})}
    assert set(found) == {"a.xlsx", "b.xlsx", "all.mbox"}
    assert (found["a.xlsx"].data, found["b.xlsx"].data) == (XLSX, OTHER_XLSX)
    hashes = {each.message.sha256 for each in found.values() if each.message}
    assert hashes == {hashlib.sha256(mail).hexdigest() for mail in (ONE, TWO, bare)}
