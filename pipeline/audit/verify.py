"""Whether a report is what the inputs give: rebuilt, compared, the cause of a difference told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from pipeline.audit.differences import Difference, differences, same_members
from pipeline.audit.report_file import Place, ReportFile, open_report, opened, settled_anew
from pipeline.audit.trace import equal, readable
from pipeline.digests import program_version, properties
from pipeline.messages import figure_text
from pipeline.model import Assessment
from pipeline.plan import ROUND_TOML
from pipeline.report import workbook_of
from pipeline.report.cell_content import figure_value
from schemas.kit.form import FormSpec

_REGISTER = ("files.sha256", "files.message_sha256")
_NAMES = "files.name"
_DIGESTS = ("inputs_sha256", "figures_sha256")


class Cause(StrEnum):
    """Why a report differs from what the inputs give, or what else there is to say of it."""

    NONE = "none"
    SAVED_AGAIN = "saved-again"
    EDITED = "edited"
    INPUTS = "inputs"
    VERSION = "version"


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
    """What came of comparing a report with its inputs; `first` is what to look at first."""

    file: str
    cause: Cause
    first: Difference | None
    count: int
    figures: tuple[MovedFigure, ...]
    files: tuple[ChangedFile, ...]
    version: str

    @property
    def same(self) -> bool:
        """Whether no value differs."""
        return self.cause in (Cause.NONE, Cause.SAVED_AGAIN)

    def as_json(self) -> Mapping[str, object]:
        """`{same, first_difference}`, the cause, and what moved."""
        return {
            "same": self.same,
            "first_difference": self._first_json(),
            "cause": str(self.cause),
            "differences": self.count,
            "figures": [{**asdict(each), "place": str(each.place)} for each in self.figures],
            "files": [asdict(each) for each in self.files],
            "pipeline_version": {"report": self.version, "program": program_version()},
        }

    def _first_json(self) -> Mapping[str, object] | None:
        if self.first is None:
            return None
        place = self.first.place
        figure = next((each.id for each in self.figures if each.place == place), None)
        return {
            "sheet": place.sheet if place else None,
            "cell": place.address if place else None,
            "figure": figure,
            "report": self.first.printed,
            "inputs": self.first.expected,
        }


def verify(file: Path, inputs: Path, forms: tuple[FormSpec, ...]) -> Verified:
    """Rebuild a report from its inputs and compare; PipelineError for what is no report of ours."""
    report = open_report(file)
    return compare(report, file.read_bytes(), settled_anew(report, inputs, forms))


def compare(report: ReportFile, data: bytes, assessment: Assessment) -> Verified:
    """A report, opened and as bytes, beside its round settled anew."""
    expected = properties(assessment)
    written = workbook_of(assessment, expected)
    version = report.properties["pipeline_version"]
    if same_members(data, written):
        return Verified(report.file, Cause.NONE, None, 0, (), (), version)
    anew = opened(written, report.file)
    found = [*differences(report, anew), *_of_properties(report, expected)]
    moved = tuple(_moved(report, assessment))
    cause = _cause(report, expected, found)
    return Verified(
        file=report.file,
        cause=cause,
        first=_first(found, cause, {each.place for each in moved}, report),
        count=len(found),
        figures=moved,
        files=() if _same_inputs(report, expected) else tuple(_changed(report, anew, assessment)),
        version=version,
    )


def _of_properties(report: ReportFile, expected: Mapping[str, str]) -> Iterator[Difference]:
    for name, value in expected.items():
        if report.properties[name] != value:
            printed = f"{name} = {report.properties[name]}"
            yield Difference(None, printed, f"{name} = {value}")


def _cause(report: ReportFile, expected: Mapping[str, str], found: Sequence[Difference]) -> Cause:
    if not found:
        return Cause.SAVED_AGAIN
    if report.properties["pipeline_version"] != expected["pipeline_version"]:
        return Cause.VERSION
    return Cause.EDITED if _same_inputs(report, expected) else Cause.INPUTS


def _same_inputs(report: ReportFile, expected: Mapping[str, str]) -> bool:
    return report.properties["inputs_sha256"] == expected["inputs_sha256"]


def _first(
    found: Sequence[Difference], cause: Cause, figures: set[Place], report: ReportFile
) -> Difference | None:
    """What tells most: of an edited report the cell that was typed over, else the first figure.

    Hashes come last: they differ wherever anything does.
    """
    digests = [report.properties[name] for name in _DIGESTS]

    def rank(each: Difference) -> tuple[bool, bool, bool]:
        figure = cause is not Cause.EDITED and each.place not in figures
        digest = any(text in each.printed for text in digests)
        return (digest or each.place is None, figure, each.effect and cause is Cause.EDITED)

    return min(found, key=rank, default=None)


def _moved(report: ReportFile, assessment: Assessment) -> Iterator[MovedFigure]:
    """The figures whose printed value is not the one that the inputs give."""
    for name, figure in assessment.figures.items():
        place = report.names.get(name)
        if place is None or place.sheet not in report.sheet_names:
            continue
        printed = report.value(place)
        if not equal(printed, figure_value(figure)):
            titles = (figure.title_th, figure.title_en)
            shown = readable(printed, figure.unit)
            yield MovedFigure(name, *titles, place, shown, figure_text(figure))


def _changed(report: ReportFile, anew: ReportFile, assessment: Assessment) -> Iterator[ChangedFile]:
    """What the register of receipts says otherwise than before, and the round's configuration."""
    was, now = dict(_register(report)), dict(_register(anew))
    for name in sorted(was.keys() | now.keys()):
        if was.get(name) != now.get(name):
            yield ChangedFile(name, was.get(name, ""), now.get(name, ""))
    told = assessment.plan.sha256
    cells = (cell for sheet in report.workbook.sheets for cell in sheet.cells.values())
    if not any(told in cell.raw for cell in cells):
        yield ChangedFile(ROUND_TOML, "", told)


def _register(report: ReportFile) -> Iterator[tuple[str, str]]:
    """Each name in the register of receipts with its hashes; nothing where there is no register."""
    columns = [report.names[name] for name in (_NAMES, *_REGISTER) if name in report.names]
    if not columns or columns[0].sheet not in report.sheet_names:
        return
    row = columns[0].row
    while name := report.value(columns[0]._replace(row=row)):
        yield name, " ".join(report.value(each._replace(row=row)) for each in columns[1:]).strip()
        row += 1
