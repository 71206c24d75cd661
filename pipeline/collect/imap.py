"""A mailbox on a server, over IMAP and TLS: read, and never changed."""

import base64
import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from pipeline.collect.mails import LARGEST_MAIL
from pipeline.model import PipelineError

_PORT = 993
_SECONDS = 60  # without an answer
_NOT_ASCII = re.compile("[^\x20-\x7e]+")
_UID = re.compile(rb"\bUID ([0-9]{1,10})\b")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Reached(NamedTuple):
    """Up to which mail a mailbox was read: its UIDVALIDITY and the mail's UID."""

    validity: int = 0
    uid: int = 0


@dataclass(frozen=True)
class Mailbox:
    """Where the mails lie: `imaps://user@host[:port]/folder`."""

    user: str
    host: str
    port: int
    folder: str

    @property
    def address(self) -> str:
        """The address that `parse` takes apart to the same."""
        return f"imaps://{quote(self.user)}@{self.host}:{self.port}/{quote(self.folder)}"

    @classmethod
    def parse(cls, address: str) -> "Mailbox":
        """An address taken apart. PipelineError where a part is missing, or a password given."""
        try:
            parts = urlsplit(address)
            port = parts.port or _PORT
        except ValueError:
            raise PipelineError("mailbox-address") from None
        if parts.password is not None:
            raise PipelineError("mailbox-password-shown")
        user, folder = unquote(parts.username or ""), unquote(parts.path.strip("/")) or "INBOX"
        if parts.scheme != "imaps" or not parts.hostname or not user or not user.isprintable():
            raise PipelineError("mailbox-address")
        return cls(user, parts.hostname, port, folder)


def is_address(source: str) -> bool:
    """Whether a source is a mailbox on a server, and no path."""
    return "://" in source


def new_mails(
    mailbox: Mailbox, password: str, after: Reached, since: date | None = None
) -> Iterator[tuple[Reached, bytes]]:
    """Every mail behind a place, oldest first, with its own place; cut behind the largest.

    A mailbox that the server has numbered anew is read from its beginning. Raises PipelineError
    where the server cannot be reached or trusted, or refuses.
    """
    with _opened(mailbox, password) as server:
        validity = _number(server.response("UIDVALIDITY")[1])
        first = after.uid + 1 if after.validity == validity else 1
        for uid in _uids(server, first, since):
            mail = _mail(server, uid)
            if mail is not None:
                yield Reached(validity, uid), mail


@contextmanager
def _opened(mailbox: Mailbox, password: str) -> Iterator[imaplib.IMAP4_SSL]:
    """The mailbox opened by EXAMINE; every refusal is one line for the operator."""
    server = None
    try:
        context = ssl.create_default_context()
        server = imaplib.IMAP4_SSL(
            mailbox.host, mailbox.port, ssl_context=context, timeout=_SECONDS
        )
        secret = f"\0{mailbox.user}\0{password}".encode()
        server.authenticate("PLAIN", lambda _: secret)
        _accepted(server.select(_quoted(mailbox.folder), readonly=True))
        yield server
    except ssl.SSLCertVerificationError as error:
        raise PipelineError(
            "mailbox-not-trusted", host=mailbox.host, why=error.verify_message
        ) from None
    except (OSError, imaplib.IMAP4.error) as error:
        raise _refusal(mailbox, error.args) from None
    finally:
        if server is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                server.logout()


def _accepted(answer: tuple[str, list[Any]]) -> list[Any]:
    """What the server answered; an error of IMAP where it did not do what it was asked."""
    status, said = answer
    if status != "OK":
        raise imaplib.IMAP4.error(*said)
    return said


def _refusal(mailbox: Mailbox, said: Sequence[object]) -> PipelineError:
    words = [each.decode("utf-8", "replace") if isinstance(each, bytes) else each for each in said]
    return PipelineError(
        "mailbox-refused", host=mailbox.host, folder=mailbox.folder, why=" ".join(map(str, words))
    )


def _uids(server: imaplib.IMAP4_SSL, first: int, since: date | None) -> list[int]:
    """The UIDs from `first` on; `n:*` names the last mail even where it lies before."""
    wanted = f"UID {first}:*"
    if since is not None:
        wanted += f" SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}"
    found = _accepted(server.uid("SEARCH", wanted))
    numbers = b" ".join(each for each in found if isinstance(each, bytes)).split()
    return sorted(uid for uid in map(int, numbers) if uid >= first)


def _mail(server: imaplib.IMAP4_SSL, uid: int) -> bytes | None:
    """A mail as it came, not marked as read; None where it is gone by now."""
    wanted = f"(UID BODY.PEEK[]<0.{LARGEST_MAIL + 1}>)"
    for each in _accepted(server.uid("FETCH", str(uid), wanted)):
        if isinstance(each, tuple) and (found := _UID.search(each[0])) and int(found[1]) == uid:
            return bytes(each[1])
    return None


def _number(answer: Sequence[Any]) -> int:
    return int(answer[0]) if answer and answer[0] else 0


def _quoted(folder: str) -> str:
    """A folder's name as IMAP writes it: other letters in its own UTF-7, then in quotes."""
    plain = _NOT_ASCII.sub(_utf7, folder.replace("&", "&-"))
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _utf7(run: re.Match[str]) -> str:
    coded = base64.b64encode(run[0].encode("utf-16-be")).decode().rstrip("=")
    return f"&{coded.replace('/', ',')}-"
