"""From a cell of a received file to the row it became, its fate, and the figures it counts in."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pipeline.audit.lineage import EARLIER
from pipeline.audit.rebuild import rebuilt
from pipeline.audit.report_file import Place, parsed_cell
from pipeline.audit.source_rows import ORIGIN, Provenance, SourceRow, SourceRows, provenance
from pipeline.messages import figure_text, finding_sentence, say
from pipeline.model import (
    Assessment,
    Figure,
    FormState,
    Outcome,
    PipelineError,
    Submission,
)
from pipeline.report.labels import reasons
from schemas.kit.thai.thai_text import matching_key


@dataclass(frozen=True)
class CountedIn:
    """A figure that a row counts in, directly or through other figures, and where it is printed.

    `by_cell` says that it counts there by the cell that was asked about, not by another of its row.
    """

    id: str
    title: str
    shown: str
    round: str
    place: Place | None
    direct: bool
    by_cell: bool

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
            "row": self.row.as_json() if self.row else None,
            "why": list(self.why),
            "figures": [each.as_json() for each in self.counted],
        }


def follow(file: str, place: tuple[str, str], assessment: Assessment, lang: str) -> Followed:
    """Follow a cell (sheet, address) of a received file, of this round or the one before.

    `file` is the name under which it was received, that of its mail, or the path of either.
    Raises PipelineError where nothing of the kind was received.
    """
    row, column = parsed_cell(place[1])
    settled, submission = _received(file, place[0], assessment)
    sheet = _sheet(submission, place[0])
    rows = SourceRows(settled, {})
    origin = rows.at.get((submission.name, sheet, row))
    bare = Followed(settled.plan.name, submission.name, submission.outcome, provenance(submission))
    if origin is None:
        return replace(bare, why=tuple(_not_a_row(settled, rows, submission, sheet, lang)))
    form, index = origin
    places = settled.tables[form].positions.get((submission.name, sheet), {})
    names = [name for name, (fixed, at) in places.items() if fixed is None and at == column]
    wanted = settled.tables[form].form.column(names[0]).identifier if names else ""
    return replace(
        bare,
        row=next(rows.of(form, [index], wanted)),
        why=tuple(_findings(settled, form, index, lang)),
        counted=tuple(_counted(settled, assessment, origin, wanted, lang)),
    )


def _received(file: str, sheet: str, assessment: Assessment) -> tuple[Assessment, Submission]:
    """The round in which it came, and what is meant: of a mail, the file that has the sheet."""
    path = Path(file)
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    for settled in filter(None, (assessment, assessment.earlier)):
        named = [each for each in settled.submissions if _is_meant(each, file, digest)]
        if named:
            return settled, min(named, key=lambda each: not _sheet(each, sheet))
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


# --- why it counts or does not ------------------------------------------------------------------


def _findings(settled: Assessment, name: str, index: int, lang: str) -> Iterator[str]:
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
    for each, reason in zip(settled.submissions, reasons(settled), strict=True):
        if reason and each is submission:
            yield reason
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
    settled: Assessment, assessment: Assessment, row: tuple[str, int], cell: str, lang: str
) -> Iterator[CountedIn]:
    """Every figure of the row's own round, then those printed of it in the round after.

    First those in which the cell counts itself, then its row, then what follows from them.
    """
    lines = {row, *_lines_of(settled, row)}
    direct = [key for key, figure in settled.figures.items() if _adds(settled, figure, lines)]
    # The columns that a cell is for: its own, and those whose values its text may say.
    columns = [c for c in settled.tables[row[0]].form.columns if c.said_in and c.said_in == cell]
    names = {cell, *(column.identifier for column in columns)}
    by_cell = [key for key in direct if _asks(settled, key, row[0], names)]
    keys = dict.fromkeys((*by_cell, *direct, *_through(settled, direct)))
    ways = {key: (key in direct, key in by_cell) for key in keys}
    yield from _printed(settled, ways, lang)
    if settled is not assessment:
        later = {f"{EARLIER}{key}": way for key, way in ways.items()}
        kept = {key: way for key, way in later.items() if key in assessment.figures}
        yield from _printed(assessment, kept, lang)


def _asks(settled: Assessment, key: str, form: str, names: set[str]) -> bool:
    """Whether a figure sums one of these columns of a form, or sets a condition on it."""
    leaves = (leaf for leaf in settled.figures[key].taken if leaf.frame == form)
    return any(not names.isdisjoint(leaf.columns) for leaf in leaves)


def _adds(settled: Assessment, figure: Figure, rows: set[tuple[str, int]]) -> bool:
    """Whether any of the rows adds to a figure: always to a count, never a blank to a sum."""
    for leaf, indices in figure.taken.items():
        mine = {index for frame, index in rows if frame == leaf.frame}.intersection(indices)
        table = settled.tables.get(leaf.frame)
        if table is None or not leaf.column:
            if mine:
                return True
        elif table.frame.loc[sorted(mine), leaf.column].notna().any():
            return True
    return False


def _through(settled: Assessment, direct: Sequence[str]) -> Iterator[str]:
    """What follows from figures: those in which the row counts by them and that are something."""
    times = dict.fromkeys(direct, 1)
    for key, figure in settled.figures.items():
        if key not in times and (count := figure.term.times(times)):
            times[key] = count
            if _comes_to_something(settled, figure):
                yield key


def _comes_to_something(settled: Assessment, figure: Figure) -> bool:
    """Whether a figure is not 0 merely because nothing met a condition of it.

    A saving of 0 is one; a count of none, and a share or a sum that is made of such, is not.
    """
    if figure.value:
        return True
    parts = (settled.figures.get(operand.name) for operand in figure.term.operands())
    return figure.unit != "count" and all(each.value for each in parts if each)


def _lines_of(settled: Assessment, row: tuple[str, int]) -> Iterator[tuple[str, int]]:
    """The lines that the report makes of a row."""
    table = settled.tables[row[0]].frame
    origin = [table.at[row[1], name] for name in ("submission", "sheet", "row")]
    for name, frame in settled.frames.items():
        if set(ORIGIN) <= set(frame.columns):
            same = (frame[list(ORIGIN)] == origin).fillna(False).all(axis="columns")
            yield from ((name, int(index)) for index in frame.index[same])


def _printed(
    settled: Assessment, ways: Mapping[str, tuple[bool, bool]], lang: str
) -> Iterator[CountedIn]:
    """The figures (direct, by the cell itself) with their places in the report of the round."""
    names = rebuilt(settled).names
    for key, way in ways.items():
        figure = settled.figures[key]
        title, shown = getattr(figure, f"title_{lang}"), figure_text(figure)
        yield CountedIn(key, title, shown, settled.plan.name, names.get(key), *way)
