"""Mails laid into `received/` from files and folders: each as it came, and once."""

import mailbox
import re
from email import message_from_bytes
from pathlib import Path

import pytest

from pipeline.collect.fetching import fetch
from pipeline.model import PipelineError
from tests.support.letters import FROM, RECEIVED, TEXT, XLSX, attachment, mixed

MAILS = [mixed(TEXT, attachment(f"{n}.xlsx", XLSX + bytes([n]))) for n in range(4)]


def laid(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in folder.glob("*.eml")}


def test_a_folder_of_every_kind_is_laid_there_as_mails(tmp_path: Path) -> None:
    source = tmp_path / "from"
    (source / "Maildir" / "cur").mkdir(parents=True)
    (source / "1.eml").write_bytes(MAILS[0])
    (source / "2.emlx").write_bytes(b"%d\n" % len(MAILS[1]) + MAILS[1] + b"<plist/>")
    (source / "Maildir" / "cur" / "1.host:2,S").write_bytes(MAILS[2])
    (source / "notes.txt").write_text("no mail")
    box = mailbox.mbox(source / "Inbox")
    unix = MAILS[3].replace(b"\r\n", b"\n")
    box.add(message_from_bytes(unix))
    box.close()
    fetched = fetch(tmp_path / "received", [str(source)])
    assert (fetched.laid, fetched.known) == (4, 0)
    assert laid(tmp_path / "received") == {*MAILS[:3], unix}
    names = [path.name for path in (tmp_path / "received").iterdir()]
    assert all(re.fullmatch(r"\d{8}T\d{6}-[0-9a-f]{32}\.eml", name) for name in names)


def test_the_same_mail_is_laid_there_once_however_its_lines_end(tmp_path: Path) -> None:
    received = tmp_path / "received"
    received.mkdir()
    (received / "by hand.eml").write_bytes(MAILS[0])
    for name, data in {"a.eml": MAILS[0].replace(b"\r\n", b"\n"), "b.eml": MAILS[1]}.items():
        (tmp_path / name).write_bytes(data)
    sources = [str(tmp_path / "a.eml"), str(tmp_path / "b.eml"), str(tmp_path / "b.eml")]
    first, second = fetch(received, sources), fetch(received, sources)
    assert [(each.laid, each.known) for each in (first, second)] == [(1, 2), (0, 3)]
    assert laid(received) == {MAILS[0], MAILS[1]}


def test_mails_that_differ_in_one_byte_are_both_kept(tmp_path: Path) -> None:
    for number in range(2):
        (tmp_path / f"{number}.eml").write_bytes(RECEIVED + FROM + b"\r\n%d" % number)
    assert fetch(tmp_path / "received", [str(tmp_path)]).laid == 2


def test_a_source_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(PipelineError) as refused:
        fetch(tmp_path / "received", [str(tmp_path / "none")])
    assert refused.value.code == "no-such-file"
