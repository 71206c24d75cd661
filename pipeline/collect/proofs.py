"""What servers found of a mail's sender: their `Authentication-Results` (RFC 8601).

Anybody can write such a header. One is believed only where the round names its server, and of that
server's only those it put on last: what stands below the next server's mark came with the mail.
"""

import re
from email.message import Message as Mail

from pipeline.collect.headers import plain_text
from pipeline.collect.senders import uncommented

_HEADER = "authentication-results"
_MARK = "received"
_MOST = 20  # headers that are looked at
_KEPT = 8 << 10  # characters of one
_SERVER = re.compile(r"\s*([^\s;()\"]{1,255})")
_RESULT = re.compile(r"\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:/\s*[0-9]+\s*)?=\s*([A-Za-z]+)")
_METHODS = ("dmarc", "spf", "dkim")
UNREADABLE = "unreadable=fail"

Proofs = tuple[tuple[str, tuple[str, ...]], ...]


def proofs(mail: Mail) -> Proofs:
    """For each server its results, such as `spf=fail`, of the headers that it put on last."""
    found: dict[str, list[str]] = {}
    done: set[str] = set()
    count = 0
    for key, value in mail.raw_items():
        name = key.casefold()
        if name == _MARK:
            done |= found.keys()
        elif name == _HEADER and count < _MOST:
            count += 1
            server, results = _read(str(value))
            if server and server not in done:
                found.setdefault(server, []).extend(results)
    return tuple((server, tuple(results)) for server, results in found.items())


def _read(value: str) -> tuple[str, list[str]]:
    """Whose header it is, in small letters, and the results that it states of a sender."""
    written = plain_text(value[:_KEPT].encode("utf-8", "surrogateescape"))
    text = uncommented(" ".join(written.split()))
    server = _SERVER.match(text if text is not None else written)
    if server is None:
        return "", []
    if text is None or len(value) > _KEPT:
        return server[1].casefold(), [UNREADABLE]
    pairs = (_RESULT.match(each) for each in text.split(";")[1:])
    results = [(pair[1].casefold(), pair[2].casefold()) for pair in pairs if pair]
    return server[1].casefold(), [f"{m}={r}" for m, r in results if m in _METHODS]
