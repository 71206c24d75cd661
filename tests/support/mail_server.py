"""A real mail server on loopback, with a certificate of its own, for as long as a test lasts."""

import getpass
import imaplib
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "report@town.example", "ความลับ 1"

_CONFIG = """\
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/log
ssl = required
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {internal}
first_valid_uid = 1
mail_location = maildir:{home}/mail
passdb {{
  driver = passwd-file
  args = {home}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class MailServer:
    """Where it listens, the certificate to trust, and how mails are put into it."""

    home: Path
    port: int

    @property
    def address(self) -> str:
        return f"imaps://{USER}@localhost:{self.port}/INBOX"

    @property
    def certificate(self) -> Path:
        return self.home / "cert.pem"

    def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        with self.signed_in() as client:
            if folder != "INBOX":
                client.create(folder)
            for mail in mails:
                assert client.append(folder, "", "", mail)[0] == "OK"

    def empty(self) -> None:
        """Take every mail away."""
        with self.signed_in() as client:
            if client.select("INBOX")[1] != [b"0"]:
                client.store("1:*", "+FLAGS", r"(\Deleted)")
                client.expunge()

    def flags(self) -> list[bytes]:
        """What the server has noted of every mail."""
        with self.signed_in() as client:
            client.select("INBOX", readonly=True)
            return [each for each in client.fetch("1:*", "(UID FLAGS)")[1] if each]

    @contextmanager
    def signed_in(self) -> Iterator[imaplib.IMAP4_SSL]:
        trusted = ssl.create_default_context(cafile=self.certificate)
        client = imaplib.IMAP4_SSL("localhost", self.port, ssl_context=trusted, timeout=20)
        client.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
        try:
            yield client
        finally:
            client.logout()


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Dovecot, started and stopped here; it runs as whoever runs the tests, root as nobody."""
    home = Path(tempfile.mkdtemp(prefix="mail-server-"))
    home.chmod(0o755)
    server = MailServer(home, _free_port())
    _configure(server)
    command = [shutil.which("dovecot") or "dovecot", "-F", "-c", str(home / "conf")]
    process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE)
    try:
        _wait_for(server)
        yield server
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=20)
        shutil.rmtree(home)


def _configure(server: MailServer) -> None:
    who = pwd.getpwnam("nobody" if os.getuid() == 0 else getpass.getuser())
    home = server.home
    for name in ("run", "mail"):
        (home / name).mkdir()
    shutil.chown(home / "mail", who.pw_uid, who.pw_gid)
    (home / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n", "utf-8")
    (home / "users").chmod(0o644)
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-keyout",
            "key.pem",
            "-out",
            "cert.pem",
        ],
        cwd=home,
        check=True,
        capture_output=True,
    )
    internal = "dovecot" if os.getuid() == 0 else who.pw_name
    config = _CONFIG.format(
        home=home,
        port=server.port,
        uid=who.pw_uid,
        gid=who.pw_gid,
        internal=internal,
        group=_group_of(internal),
    )
    (home / "conf").write_text(config, "utf-8")


def _group_of(user: str) -> str:
    import grp

    return grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(server: MailServer) -> None:
    for _ in range(100):
        with suppress(OSError, imaplib.IMAP4.error), server.signed_in():
            return
        time.sleep(0.1)
    log = server.home / "log"
    raise AssertionError(log.read_text("utf-8") if log.exists() else "the mail server is silent")
