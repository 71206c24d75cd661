"""Who a mail is from: the one address that From names as RFC 5322 writes it, or why there is none.

The header is taken apart here, since the standard library's own readers take seconds over a hostile
one, and each of its versions reads a malformed one in another way. What is in doubt is no sender.
"""

import re
from collections.abc import Iterator
from email.message import Message as Mail
from typing import NamedTuple

from pipeline.collect.headers import decoded, fields, is_cut, one_line

NO_SENDER = "no-sender"
SEVERAL_SENDERS = "several-senders"
SENDER_UNREADABLE = "sender-unreadable"

_SHOWN = 120  # characters of a header in a sentence
_LONGEST_ADDRESS = 254
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
_PIECE = re.compile(r"\\.|.", re.DOTALL)
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9-]+"
_ADDRESS = rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*"
_MAILBOX = re.compile(rf"(?:[^<>,;:@\[\]()\\]*< *(?P<named>{_ADDRESS}) *>|(?P<bare>{_ADDRESS}))")
_NOBODY = ("", "<>")  # the Return-Path of what must not be answered


class Sender(NamedTuple):
    """The address in small letters; else "" with `fault`, a code, and what was `written`."""

    address: str
    fault: str
    written: str


def sender(mail: Mail) -> Sender:
    """Whom the mail is from: exactly one address, whatever its name and however often it stands."""
    values = fields(mail, "From")
    written = _shown(", ".join(values))
    if is_cut(mail, "From"):
        return Sender("", SENDER_UNREADABLE, written)
    named: set[str] = set()
    for value in values:
        found = mailboxes(value)
        if found is None:
            return Sender("", SENDER_UNREADABLE, written)
        named |= set(found)
    if len(named) == 1:
        return Sender(named.pop(), "", written)
    return Sender("", SEVERAL_SENDERS if named else NO_SENDER, written)


def elsewhere(mail: Mail, address: str) -> Iterator[tuple[str, str]]:
    """The (header, address) of those beside the sender who are not of his making.

    Answers go to his own address; lists and relays that hand a mail in are of his domain.
    """
    for header, may_be_near in (("Reply-To", False), ("Sender", True), ("Return-Path", True)):
        for value in fields(mail, header):
            if value.strip() in _NOBODY:
                continue
            found = None if is_cut(mail, header) else mailboxes(value)
            for other in found or [_shown(value)]:
                if other != address and not (found and may_be_near and _near(other, address)):
                    yield header, other


def mailboxes(text: str) -> list[str] | None:
    """The addresses of a header, comments and names dropped, in small letters.

    None where it is anything else than a list of mailboxes in ASCII: a group, a quoted or encoded
    address, one with a comment or blank inside, a control character.
    """
    unfolded = _FOLD.sub("", text)
    plain = None if _CONTROL.search(unfolded) else uncommented(unfolded.replace("\t", " "))
    if plain is None:
        return None
    if not plain.strip(" "):
        return []
    matches = [_MAILBOX.fullmatch(each.strip(" ")) for each in plain.split(",")]
    found = [(each["named"] or each["bare"]).lower() for each in matches if each]
    usable = all("=?" not in each and len(each) <= _LONGEST_ADDRESS for each in found)
    return found if usable and len(found) == len(matches) else None


def uncommented(text: str) -> str | None:
    """Comments as a blank and quoted texts as one mark; None where one of them has no end."""
    kept: list[str] = []
    depth, quoted = 0, False
    for piece in _PIECE.findall(text):
        if quoted:
            quoted = piece != '"'
        elif depth:
            depth += {"(": 1, ")": -1}.get(piece, 0)
        elif piece == "(":
            depth = 1
            kept.append(" ")
        else:
            quoted = piece == '"'
            kept.append(piece)
    return None if quoted or depth else "".join(kept)


def _near(one: str, other: str) -> bool:
    """Whether two addresses are of one domain, or of a domain and one below it."""
    short, long = sorted((each.rpartition("@")[2] for each in (one, other)), key=len)
    return short == long or ("." in short and long.endswith("." + short))


def _shown(text: str) -> str:
    return one_line(decoded(text))[:_SHOWN] or "-"
