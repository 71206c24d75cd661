"""Why a report differs from what the inputs give: a hypothesis, with the evidence for it.

Hashes and versions that a report states of itself are claims. They may point to a cause, and they
excuse no difference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipeline.audit.differences import Compared
from pipeline.audit.recompute import Recomputation
from pipeline.audit.report_file import ReportFile
from pipeline.software import PROGRAM, names_a_library

_INPUTS = "Properties/property[inputs_sha256]/lpwstr="
_FORMULA = "cell f="


class Cause(StrEnum):
    """Why a report differs from what the inputs give, or what else there is to say of it."""

    NONE = "none"
    SAVED_AGAIN = "saved-again"
    EDITED = "edited"
    INPUTS = "inputs"
    VERSION = "version"
    LIBRARIES = "libraries"


@dataclass(frozen=True)
class Clue:
    """What speaks for a cause: the key of its sentence, how often it was met, and an example."""

    key: str
    count: int = 1
    example: str = ""


def cause_of(
    seen: Compared,
    figures: Recomputation,
    other_files: bool,  # noqa: FBT001 - a fact, not a switch
    versions: Mapping[str, tuple[str, str]],
    report: ReportFile,
) -> tuple[Cause, tuple[Clue, ...]]:
    """The likeliest cause of what differs, and all evidence that was found."""
    other_hash = any(each.what == _INPUTS for each in seen.differences)
    inputs = "register" if other_files else "inputs-hash" if other_hash else ""
    libraries = [name for name in versions if names_a_library(name) and _differs(versions, name)]
    evidence = {
        Cause.EDITED: list(_by_hand(seen, figures, other_files, versions, report)),
        Cause.INPUTS: [Clue(inputs)] if inputs else [],
        Cause.VERSION: [Clue("version")] if _differs(versions, PROGRAM) else [],
        Cause.LIBRARIES: [Clue("libraries", len(libraries), each) for each in libraries[:1]],
    }
    cause = next((cause for cause, some in evidence.items() if some), Cause.EDITED)
    every = tuple(each for some in evidence.values() for each in some)
    return cause, every or (Clue("all-the-same"),)


def _differs(versions: Mapping[str, tuple[str, str]], name: str) -> bool:
    report, program = versions.get(name, ("", ""))
    return report != program


def _by_hand(
    seen: Compared,
    figures: Recomputation,
    other_files: bool,  # noqa: FBT001
    versions: Mapping[str, tuple[str, str]],
    report: ReportFile,
) -> Iterator[Clue]:
    """What no run of the program leaves behind, whatever its inputs and its version."""
    if figures.unkept:
        yield Clue("value-not-of-formula", len(figures.unkept), str(figures.unkept[0].place))
    if not report.readable:
        yield Clue("unreadable")
    unknown = [each for each in figures.wrong if each.why and each.place.sheet]
    if unknown:
        yield Clue("unknown-formula", len(unknown), str(unknown[0].place))
    strange = [each for each in seen.differences if each.strange]
    if strange:
        spot = strange[0].spot
        where = " ".join(filter(None, (spot.sheet, spot.place)))
        yield Clue("never-written", len(strange), f"{where} {spot.what}".strip())
    claimed, _ = versions.get(PROGRAM, ("", ""))
    other_program = _differs(versions, PROGRAM) and report.readable
    if other_program and not any(claimed in str(value) for value in report.values.values()):
        yield Clue("version-not-printed", example=claimed)
    gone = [each for each in seen.differences if each.what == _FORMULA and each.printed is None]
    if gone and not other_files:
        yield Clue("constant", len(gone), f"{gone[0].spot.sheet}!{gone[0].spot.place}")
