"""Mails fetched from a real server, which is left as it was."""

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pipeline.collect.fetching import fetch
from pipeline.collect.imap import Mailbox
from pipeline.collect.loose import FETCHED
from pipeline.model import PipelineError
from tests.collect.test_fetching import MAILS, laid
from tests.support.mail_server import PASSWORD, MailServer, mail_server
from tests.support.typed import typed

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def running() -> Iterator[MailServer]:
    if shutil.which("dovecot") is None:
        pytest.skip("Dovecot is not installed")
    with mail_server() as server:
        yield server


@pytest.fixture
def server(running: MailServer, monkeypatch: pytest.MonkeyPatch) -> MailServer:
    """The server with an empty mailbox, its certificate trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(running.certificate))
    running.empty()
    return running


@pytest.mark.office
def test_what_lies_on_a_server_is_laid_there_and_nothing_changes_on_it(
    server: MailServer, tmp_path: Path
) -> None:
    server.put(*MAILS[:2])
    before = server.flags()
    fetched = fetch(tmp_path, [server.address], password=PASSWORD)
    assert (fetched.laid, laid(tmp_path)) == (2, set(MAILS[:2]))
    assert server.flags() == before
    assert not any(rb"\Seen" in each for each in before)


@pytest.mark.office
def test_fetching_goes_on_where_it_was_left(server: MailServer, tmp_path: Path) -> None:
    server.put(MAILS[0])
    fetch(tmp_path, [server.address], password=PASSWORD)
    server.put(MAILS[1])
    again = fetch(tmp_path, [server.address], password=PASSWORD)
    assert (again.laid, again.known) == (1, 0)
    none = fetch(tmp_path, [server.address], password=PASSWORD)
    assert (none.laid, none.known) == (0, 0)
    everything = fetch(tmp_path, [server.address], date(2020, 1, 1), PASSWORD)
    assert (everything.laid, everything.known) == (0, 2)


@pytest.mark.office
def test_a_mailbox_numbered_anew_is_read_from_its_beginning(
    server: MailServer, tmp_path: Path
) -> None:
    server.put(MAILS[0])
    fetch(tmp_path, [server.address], password=PASSWORD)
    states = json.loads((tmp_path / FETCHED).read_text("utf-8"))
    renumbered = {name: [validity + 1, uid] for name, (validity, uid) in states.items()}
    (tmp_path / FETCHED).write_text(json.dumps(renumbered), "utf-8")
    assert fetch(tmp_path, [server.address], password=PASSWORD).known == 1


@pytest.mark.office
def test_a_folder_may_have_a_thai_name(server: MailServer, tmp_path: Path) -> None:
    server.put(MAILS[2], folder="&DiMOMg4iDgcOMg4Z-")
    address = server.address.replace("INBOX", "รายงาน")
    assert fetch(tmp_path, [address], password=PASSWORD).laid == 1


@pytest.mark.office
def test_a_server_without_a_certificate_to_trust_is_sent_no_password(
    server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(PipelineError) as refused:
        fetch(tmp_path, [server.address], password=PASSWORD)
    assert refused.value.code == "mailbox-not-trusted"


@pytest.mark.office
@pytest.mark.parametrize(("password", "folder"), [("wrong", "INBOX"), (PASSWORD, "none")])
def test_a_refusal_of_the_server_is_one_line(
    server: MailServer, tmp_path: Path, password: str, folder: str
) -> None:
    with pytest.raises(PipelineError) as refused:
        fetch(tmp_path, [server.address.replace("INBOX", folder)], password=password)
    assert refused.value.code == "mailbox-refused"
    assert password not in str(refused.value.params)


def test_nobody_listening_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(PipelineError) as refused:
        fetch(tmp_path, ["imaps://a@localhost:1/INBOX"], password="x")
    assert refused.value.code == "mailbox-refused"


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("imaps://a:secret@host/INBOX", "mailbox-password-shown"),
        ("imap://a@host/INBOX", "mailbox-address"),
        ("imaps://host/INBOX", "mailbox-address"),
        ("imaps://a%0d%0ab@host/INBOX", "mailbox-address"),
        ("imaps://a@host:x/INBOX", "mailbox-address"),
    ],
)
def test_an_address_that_is_not_right_is_said(address: str, code: str) -> None:
    with pytest.raises(PipelineError) as refused:
        Mailbox.parse(address)
    assert (refused.value.code, refused.value.params) == (code, {})


@pytest.mark.parametrize("address", ["imaps://a@b@host/INBOX", "imaps://a%25@host:99/ก ข/ค"])
def test_an_address_is_taken_apart_and_put_together_again(address: str) -> None:
    mailbox = Mailbox.parse(address)
    assert Mailbox.parse(mailbox.address) == mailbox


@pytest.mark.office
def test_a_round_fetched_from_a_server_has_the_figures_of_its_folder(
    server: MailServer, tmp_path: Path
) -> None:
    """Fetched and run once more nothing changes, byte for byte."""
    mails = sorted((ROOT / "inputs" / "2566-12" / "received").glob("*.eml"))
    server.put(*(mail.read_bytes() for mail in mails))
    shutil.copytree(ROOT / "inputs" / "2566-06", tmp_path / "inputs" / "2566-06")
    there = tmp_path / "inputs" / "2566-12"
    no_mails = shutil.ignore_patterns("*.eml")
    shutil.copytree(ROOT / "inputs" / "2566-12", there, ignore=no_mails)
    round_toml = (there / "round.toml").read_text("utf-8")
    (there / "round.toml").write_text(f'mailbox = "{server.address}"\n{round_toml}', "utf-8")
    of_folder = record_of(ROOT, tmp_path / "a")
    first = record_of(tmp_path, tmp_path / "b", "--collect")
    received = snapshot(there / "received")
    assert len(received) == len(mails) + 3
    assert first["figures_sha256"] == of_folder["figures_sha256"]
    assert first["findings"] == of_folder["findings"]
    second = record_of(tmp_path, tmp_path / "b2", "--collect")
    assert (snapshot(there / "received"), second) == (received, first)
    reports = [tmp_path / out / "2566-12" / "report.xlsx" for out in ("b", "b2")]
    assert reports[0].read_bytes() == reports[1].read_bytes()


def record_of(root: Path, outputs: Path, *options: str) -> dict[str, object]:
    """What a run says of the round below the root's inputs."""
    places = ("--inputs", str(root / "inputs"), "--outputs", str(outputs))
    words = ("run", "2566-12", "--json", *options, *places)
    made = typed(*words, folder=root, PIPELINE_MAIL_PASSWORD=PASSWORD)
    assert made.returncode == 1, made.stderr.decode()
    assert PASSWORD not in (made.stdout + made.stderr).decode()
    return json.loads(made.stdout)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
