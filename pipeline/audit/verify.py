"""Whether a report is what the inputs give, by three witnesses.

What a person sees, beside the report rebuilt; every figure by another road; the cause, from
evidence alone: what a report says of itself excuses nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pipeline.audit.appearance import Spot, appearance
from pipeline.audit.causes import Cause, Clue, cause_of
from pipeline.audit.differences import Compared, Difference, compare, explanations
from pipeline.audit.rebuild import rebuilt, settled_anew
from pipeline.audit.recompute import Recomputation, recompute
from pipeline.audit.report_file import Place, ReportFile, open_report
from pipeline.audit.trace import equal, readable
from pipeline.messages import figure_text
from pipeline.model import Assessment
from pipeline.plan import ROUND_TOML
from pipeline.report.cell_content import figure_value
from pipeline.software import PROGRAM, content_sha256, names_a_library, version_properties
from schemas.kit.form import FormSpec

_REGISTER = ("files.sha256", "files.message_sha256")
_NAMES = "files.name"
_MOST_LISTED = 1_000  # differences in what `--json` prints; whoever needs more has the workbooks


@dataclass(frozen=True)
class MovedFigure:
    """A figure that the report prints otherwise than the inputs give it."""

    id: str
    title_th: str
    title_en: str
    place: Place
    printed: str
    expected: str


@dataclass(frozen=True)
class ChangedFile:
    """A received file that came, went or changed since: its hashes in the register and now."""

    name: str
    was: str
    now: str


@dataclass(frozen=True)
class Verified:
    """What the three witnesses say of a report; `first` is what to look at first.

    `versions` are those that the report names and those of here, by the name of the property.
    """

    file: str
    seen: Compared
    figures_checked: Recomputation
    cause: Cause
    versions: Mapping[str, tuple[str, str]]
    content_sha256: str
    evidence: tuple[Clue, ...] = ()
    first: Difference | None = None
    figures: tuple[MovedFigure, ...] = ()
    files: tuple[ChangedFile, ...] = ()

    @property
    def same(self) -> bool:
        """Whether nothing differs that a person sees, and every formula comes out."""
        return not self.seen.differences and self.figures_checked.agrees

    @property
    def other_libraries(self) -> Mapping[str, tuple[str, str]]:
        """The libraries of which the report names another version than is here."""
        libraries = self._libraries.items()
        return {name: (one, other) for name, (one, other) in libraries if one != other}

    @property
    def _libraries(self) -> Mapping[str, tuple[str, str]]:
        return {name: pair for name, pair in self.versions.items() if names_a_library(name)}

    def as_json(self) -> Mapping[str, object]:
        """`{same, first_difference}`, and what each witness says."""
        return {
            "same": self.same,
            "first_difference": self._difference_json(self.first) if self.first else None,
            "cause": str(self.cause),
            "evidence": [asdict(each) for each in self.evidence],
            "content_sha256": self.content_sha256,
            "differences": len(self.seen.differences),
            "seen": [self._difference_json(e) for e in self.seen.differences[:_MOST_LISTED]],
            "rewritten": {e.name: self.seen.met[e.name] for e in explanations(self.seen.met)},
            "formulas": self.figures_checked.as_json(),
            "figures": [{**asdict(each), "place": str(each.place)} for each in self.figures],
            "files": [asdict(each) for each in self.files],
            "pipeline_version": _pair_json(self.versions[PROGRAM]),
            "libraries": {name: _pair_json(pair) for name, pair in self._libraries.items()},
        }

    def _difference_json(self, each: Difference) -> Mapping[str, object]:
        spot = each.spot
        places = {(e.place.sheet, e.place.address): e.id for e in self.figures}
        return {
            "sheet": spot.sheet or None,
            "cell": spot.place or None,
            "what": spot.what,
            "figure": places.get((spot.sheet, spot.place)),
            "report": each.printed,
            "inputs": each.expected,
        }


def _pair_json(versions: tuple[str, str]) -> Mapping[str, str]:
    return dict(zip(("report", "program"), versions, strict=True))


def verify(file: Path, inputs: Path, forms: tuple[FormSpec, ...]) -> Verified:
    """Rebuild a report from its inputs and compare; PipelineError for what is no report of ours."""
    report = open_report(file)
    assessment = settled_anew(report, inputs, forms)
    return hear_witnesses(report, rebuilt(assessment), assessment)


def hear_witnesses(report: ReportFile, anew: ReportFile, assessment: Assessment) -> Verified:
    """A report beside the one rebuilt from its round."""
    versions = {
        name: (report.properties.get(name, ""), value)
        for name, value in version_properties().items()
    }
    seen, figures = _seen(report.data, anew.data), recompute(report, anew)
    cause = Cause.SAVED_AGAIN if seen.met else Cause.NONE
    digest = content_sha256(report.data)
    same = Verified(report.file, seen, figures, cause, versions, digest)
    if same.same:
        return same
    moved = tuple(_moved(report, assessment)) if report.readable else ()
    files = tuple(_changed(report, anew, assessment)) if report.readable else ()
    cause, evidence = cause_of(seen, figures, bool(files), versions, report)
    return replace(
        same,
        cause=cause,
        evidence=evidence,
        first=_first(seen.differences, figures, cause, {each.place for each in moved}),
        figures=moved,
        files=files if cause is not Cause.EDITED else (),
    )


def _seen(data: bytes, written: bytes) -> Compared:
    """What a person sees otherwise; nothing where all parts are the same.

    Versions of libraries are no difference: another machine has others and gives the same report.
    """
    if data == written:
        return Compared()
    compared = compare(appearance(data), appearance(written))
    compared.differences[:] = (each for each in compared.differences if not _of_libraries(each))
    return compared


def _of_libraries(each: Difference) -> bool:
    """Whether a difference is but the version of a library, which both sides name."""
    named = re.fullmatch(r"Properties/property\[(.*)\]/lpwstr=", each.what, re.DOTALL)
    both = each.printed is not None and each.expected is not None
    return named is not None and both and names_a_library(named[1])


def _first(
    differences: Sequence[Difference], figures: Recomputation, cause: Cause, moved: set[Place]
) -> Difference | None:
    """What tells most: of an edited report the cell that was typed over, else the first figure.

    What belongs to the whole workbook comes last: hashes differ wherever anything does.
    """
    homes = {(place.sheet, place.address) for place in moved}
    edited = cause is Cause.EDITED

    def rank(each: Difference) -> tuple[bool, bool, bool, bool]:
        figure = not edited and each.spot[:2] not in homes
        looks = not each.what.startswith("cell ")
        return (not each.spot.sheet, figure, each.effect and edited, looks)

    if differences or figures.agrees:
        return min(differences, key=rank, default=None)
    wrong = figures.wrong[0]
    spot = Spot(wrong.place.sheet, wrong.place.address, f"={wrong.formula}")
    return Difference(spot, wrong.kept, wrong.value or wrong.why)


def _moved(report: ReportFile, assessment: Assessment) -> Iterator[MovedFigure]:
    """The figures whose printed value is not the one that the inputs give."""
    for name, figure in assessment.figures.items():
        place = report.names.get(name)
        if place is None or place.sheet not in report.sheet_names:
            continue
        printed = report.value(place)
        if not equal(printed, figure_value(figure)):
            texts = (readable(printed, figure.unit), figure_text(figure))
            yield MovedFigure(name, figure.title_th, figure.title_en, place, *texts)


def _changed(report: ReportFile, anew: ReportFile, assessment: Assessment) -> Iterator[ChangedFile]:
    """What the register of receipts says otherwise than before, and the round's configuration."""
    was, now = dict(_register(report)), dict(_register(anew))
    for name in sorted(was.keys() | now.keys()):
        if was.get(name) != now.get(name):
            yield ChangedFile(name, was.get(name, ""), now.get(name, ""))
    digest = assessment.plan.sha256
    if not any(digest in str(value) for value in report.values.values()):
        yield ChangedFile(ROUND_TOML, "", digest)


def _register(report: ReportFile) -> Iterator[tuple[str, str]]:
    """Each name in the register of receipts with its hashes; nothing where there is no register."""
    columns = [report.names[name] for name in (_NAMES, *_REGISTER) if name in report.names]
    if not columns or columns[0].sheet not in report.sheet_names:
        return
    row = columns[0].row
    while name := report.value(columns[0]._replace(row=row)):
        yield name, " ".join(report.value(each._replace(row=row)) for each in columns[1:]).strip()
        row += 1
