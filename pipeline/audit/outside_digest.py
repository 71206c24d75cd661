"""A report beside what was signed of its round, and beside a digest that was kept elsewhere."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.audit.report_file import open_report
from pipeline.model import Ledger, PipelineError, Signing, SigningFault
from pipeline.plan import find_round
from pipeline.plan.signings import ledger

_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Outside:
    """A digest from outside: whether it is that of the report's figures, and whose else.

    `signing` is the one that it belongs to, of those kept here and unaltered; it may have been
    taken back.
    """

    digest: str
    same: bool
    signing: Signing | None

    def as_json(self) -> Mapping[str, object]:
        """`{given, same, signing, undone}`; null where no signing has the digest."""
        return {
            "given": self.digest,
            "same": self.same,
            "signing": self.signing.number if self.signing else None,
            "undone": bool(self.signing and self.signing.undone),
        }


@dataclass(frozen=True)
class SignedRecord:
    """What no longer fits in the record of the report's round, and the digest from outside."""

    faults: tuple[SigningFault, ...]
    outside: Outside | None

    @property
    def holds(self) -> bool:
        """Whether the record is whole and the digest, where there is one, the report's."""
        return not self.faults and (self.outside is None or self.outside.same)

    def as_json(self) -> Mapping[str, object]:
        """`{signed_faults}`, and `digest` where one was given."""
        faults = [{"code": each.code, **each.params} for each in self.faults]
        told: dict[str, object] = {"signed_faults": faults}
        return told | ({"digest": self.outside.as_json()} if self.outside else {})


def signed_record(file: Path, inputs: Path, digest: str | None) -> SignedRecord:
    """Look at what was signed of a report's round, and compare its figures with a digest.

    PipelineError for what is no report of ours and for a digest that is none.
    """
    wanted = None if digest is None else _parsed(digest)
    bears = open_report(file).properties
    kept = ledger(find_round(inputs, bears["round"]))
    if wanted is None:
        return SignedRecord(kept.faults, None)
    same = wanted == bears["figures_sha256"]
    return SignedRecord(kept.faults, Outside(wanted, same, _whose(wanted, kept)))


def _whose(digest: str, kept: Ledger) -> Signing | None:
    """The latest signing of that digest, one that counts before one that was taken back."""
    latest_first = (*reversed(kept.signings), *reversed(kept.undone))
    return next((each for each in latest_first if each.figures_sha256 == digest), None)


def _parsed(text: str) -> str:
    """A digest however it was copied: in great letters, with spaces in between."""
    found = "".join(text.split()).lower()
    if not _SHA256.fullmatch(found):
        raise PipelineError("verify-no-digest", value=text)
    return found
