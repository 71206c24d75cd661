"""A report beside what was signed of its round, and beside a digest that was kept elsewhere."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.audit.report_file import open_report
from pipeline.model import PipelineError, Signing, SigningFault
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
        number = self.signing.number if self.signing else None
        undone = bool(self.signing and self.signing.undone)
        return {"given": self.digest, "same": self.same, "signing": number, "undone": undone}


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
        digest = {"digest": self.outside.as_json()} if self.outside else {}
        return {"signed_faults": faults, **digest}


def signed_record(file: Path, inputs: Path, digest: str | None) -> SignedRecord:
    """Look at what was signed of a report's round, and compare its figures with a digest.

    PipelineError for what is no report of ours and for a digest that is none.
    """
    wanted = "".join((digest or "").split()).lower()  # however it was copied
    if digest is not None and not _SHA256.fullmatch(wanted):
        raise PipelineError("verify-no-digest", value=digest)
    properties = open_report(file).properties
    signed = ledger(find_round(inputs, properties["round"]))
    if not wanted:
        return SignedRecord(signed.faults, None)
    # The latest signing of that digest, one that counts before one that was taken back.
    signings = (*reversed(signed.signings), *reversed(signed.undone))
    signing = next((each for each in signings if each.figures_sha256 == wanted), None)
    same = wanted == properties["figures_sha256"]
    return SignedRecord(signed.faults, Outside(wanted, same, signing))
