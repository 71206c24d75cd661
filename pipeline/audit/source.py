"""From a cell of a received file to the row it became, its fate, and the figures it counts in."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pipeline.audit.lineage import EARLIER
from pipeline.audit.rebuild import rebuilt
from pipeline.audit.report_file import Place, parsed_cell
from pipeline.audit.source_rows import Provenance, SourceRow, SourceRows, provenance
from pipeline.messages import figure_text, finding_sentence, say
from pipeline.model import (
    Assessment,
    FormState,
    Outcome,
    PipelineError,
    Submission,
    Table,
    names_in,
)
from pipeline.report.labels import reasons
from schemas.kit.thai.text import matching_key

_ORIGIN = ("file", "sheet", "row")


@dataclass(frozen=True)
class CountedIn:
    """A figure that a row counts in, directly or through other figures, and where it is printed."""

    id: str
    title: str
    shown: str
    round: str
    place: Place | None
    direct: bool

    def as_json(self) -> Mapping[str, object]:
        """The figure with its cell as text."""
        return {**asdict(self), "place": str(self.place) if self.place else None}


@dataclass(frozen=True)
class Followed:
    """A received cell followed to its figures; `row` is None where it became no row that counts.

    `why` are the sentences about the row, or the reason for which its file or form does not count.
    """

    round: str
    file: str
    outcome: Outcome
    provenance: Provenance
    row: SourceRow | None = None
    why: tuple[str, ...] = ()
    counted: tuple[CountedIn, ...] = ()

    def as_json(self) -> Mapping[str, object]:
        """The file, the row it became with its fate and why, and every figure it counts in."""
        return {
            "round": self.round,
            "file": {"name": self.file, "outcome": str(self.outcome), **asdict(self.provenance)},
            "row": _row_json(self.row) if self.row else None,
            "why": list(self.why),
            "figures": [each.as_json() for each in self.counted],
        }


def _row_json(row: SourceRow) -> Mapping[str, object]:
    kept = asdict(row)
    return {key: kept[key] for key in kept if key not in ("came", "own", "amount")}


def follow(file: str, place: tuple[str, str], assessment: Assessment, lang: str) -> Followed:
    """Follow a cell (sheet, address) of a received file, of this round or the one before.

    `file` is the name under which it was received, that of its mail, or the path of either.
    Raises PipelineError where nothing of the kind was received.
    """
    row, column = parsed_cell(place[1])
    settled, submission = _received(file, place[0], assessment)
    sheet = _sheet(submission, place[0])
    rows = SourceRows(settled, {})
    found = rows.at.get((submission.name, sheet, row))
    bare = Followed(settled.plan.name, submission.name, submission.outcome, provenance(submission))
    if found is None:
        return replace(bare, why=tuple(_not_a_row(settled, rows, submission, sheet, lang)))
    wanted = _identifier(settled.tables[found[0]], submission.name, sheet, column)
    return replace(
        bare,
        row=next(rows.of(found[0], [found[1]], wanted)),
        why=tuple(_said_of(settled, *found, lang)),
        counted=tuple(_counted(settled, assessment, found, lang)),
    )


def _received(file: str, sheet: str, assessment: Assessment) -> tuple[Assessment, Submission]:
    """The round in which it came, and what is meant: of a mail, the file that has the sheet."""
    path = Path(file)
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    for settled in filter(None, (assessment, assessment.earlier)):
        found = [each for each in settled.submissions if _is_meant(each, file, digest)]
        found.sort(key=lambda each: not _sheet(each, sheet))
        if found:
            return settled, found[0]
    raise PipelineError("trace-not-received", file=file, round=assessment.plan.name)


def _is_meant(submission: Submission, file: str, digest: str) -> bool:
    """By content where there is a file to compare with, else by its name or that of its mail."""
    received = submission.received
    if digest:
        mail = received.message.sha256 if received.message else ""
        return digest in (received.sha256, mail)
    names = (received.name, received.path.name)
    return matching_key(file) in map(matching_key, names)


def _sheet(submission: Submission, sheet: str) -> str:
    """The sheet of the workbook as it is spelled there; "" where it has none of that name."""
    sheets = submission.workbook.sheets if submission.workbook else ()
    wanted = matching_key(sheet)
    return next((each.name for each in sheets if matching_key(each.name) == wanted), "")


def _identifier(table: Table, file: str, sheet: str, column: int) -> str:
    """The column of the form that stands in a column of the sheet; "" for none."""
    places = table.positions.get((file, sheet), {})
    names = [name for name, (fixed, at) in places.items() if fixed is None and at == column]
    return table.form.column(names[0]).identifier if names else ""


# --- why it counts or does not ------------------------------------------------------------------


def _said_of(settled: Assessment, name: str, index: int, lang: str) -> Iterator[str]:
    """What the checks say of a row."""
    for finding in settled.findings:
        if (finding.form, finding.index) == (name, index):
            sentence = finding_sentence(finding, lang, settled.plan.forms)
            where = f"{finding.cell.address}: " if finding.cell else ""
            yield f"[{say(f'severity.{finding.severity.name}', lang)}] {where}{sentence}"


def _not_a_row(
    settled: Assessment, rows: SourceRows, submission: Submission, sheet: str, lang: str
) -> Iterator[str]:
    """Why a cell became no row: its file, its form, or where it stands."""
    told = dict(zip((each.name for each in settled.submissions), reasons(settled), strict=True))
    if told[submission.name]:
        yield str(told[submission.name])
    forms = [name for name, at in submission.sheets.items() if at == sheet]
    for form_outcome in settled.form_outcomes:
        mine = form_outcome.submission == submission.name and form_outcome.form in forms
        if mine and form_outcome.state is FormState.SUPERSEDED:
            yield say("trace.superseded", lang, by=form_outcome.by)
        elif mine and form_outcome.state in (FormState.WAITING, FormState.EXCLUDED):
            yield say(f"ignored.{form_outcome.reason or 'left-out'}", lang)
    read = [row for file, at, row in rows.at if (file, at) == (submission.name, sheet)]
    if read:
        yield say("trace.rows-are", lang, sheet=sheet, first=min(read), last=max(read))
    elif submission.outcome is Outcome.ACCEPTED:
        yield say("trace.no-rows", lang, sheet=sheet or "-")


# --- where it counts ----------------------------------------------------------------------------


def _counted(
    settled: Assessment, assessment: Assessment, row: tuple[str, int], lang: str
) -> Iterator[CountedIn]:
    """Every figure of the row's own round, then those printed of it in the round after."""
    direct, through = _reached(settled, {row, *_lines_of(settled, row)})
    yield from _printed(settled, [*direct, *through], set(direct), lang)
    if settled is not assessment:
        later = {f"{EARLIER}{key}": key in direct for key in (*direct, *through)}
        printed = [key for key in later if key in assessment.figures]
        yield from _printed(assessment, printed, {key for key in printed if later[key]}, lang)


def _reached(settled: Assessment, rows: set[tuple[str, int]]) -> tuple[list[str], list[str]]:
    """The figures over these rows, and those whose formula leads to such a figure."""
    direct = [key for key, each in settled.figures.items() if not rows.isdisjoint(each.rows)]
    reached, through = set(direct), []
    for key, figure in settled.figures.items():
        if key not in reached and not reached.isdisjoint(names_in(figure.formula)):
            reached.add(key)
            through.append(key)
    return direct, through


def _lines_of(settled: Assessment, row: tuple[str, int]) -> Iterator[tuple[str, int]]:
    """The lines that the report makes of a row."""
    table = settled.tables[row[0]].frame
    here = tuple(table.at[row[1], name] for name in ("submission", "sheet", "row"))
    for name, frame in settled.frames.items():
        if set(_ORIGIN) <= set(frame.columns):
            same = (frame[list(_ORIGIN)] == list(here)).fillna(False).all(axis="columns")
            yield from ((name, int(index)) for index in frame.index[same])


def _printed(
    settled: Assessment, keys: Sequence[str], direct: set[str], lang: str
) -> Iterator[CountedIn]:
    """The figures with their places in the report of the round."""
    names = rebuilt(settled).names
    for key in keys:
        figure = settled.figures[key]
        title = figure.title_th if lang == "th" else figure.title_en
        shown, place = figure_text(figure), names.get(key)
        yield CountedIn(key, title, shown, settled.plan.name, place, key in direct)
