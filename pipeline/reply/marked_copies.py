"""The marked copy of a division's own file: each faulty cell filled and noted, a list in front."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.explanations import EXPLANATION, IDENTITY, identity
from pipeline.messages import finding_sentence, say
from pipeline.messages.blocks import reading_order
from pipeline.model import Finding, Plan, Severity, Submission, Table
from pipeline.reply.answers import OTHER_TEMPLATE, WEIGHTS
from pipeline.styles import FONT, MARKS, line_count, row_height
from pipeline.workbook.addresses import address
from pipeline.workbook.patch import (
    CellLook,
    ListLine,
    Mark,
    Note,
    Pen,
    Text,
    Unmarkable,
    Worklist,
    mark_cells,
)
from pipeline.workbook.reader import NotAWorkbook
from pipeline.workers import call_guarded

_SIZE, _TITLE_SIZE = 14, 18
_COLUMNS = {"number": 7.0, "sheet": 20.0, "cell": 10.0, "value": 26.0, "sentence": 58.0}
_WIDTHS = (*_COLUMNS.values(), 36.0)  # the last one's is the explanation
_NOTE_WIDTH = 34  # characters of a line in a note
_LONGEST_NAME = 80
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_LOOK, _CENTRED = CellLook(FONT, _SIZE), CellLook(FONT, _SIZE, centred=True)
_LINK = CellLook(FONT, _SIZE, underlined=True, colour="0B5394", centred=True)
_HEADING = CellLook(FONT, _SIZE, bold=True, fill="EBEBEB", centred=True)
_TITLE = CellLook(FONT, _TITLE_SIZE, bold=True, boxed=False)
_PLAIN = CellLook(FONT, _SIZE, boxed=False)
_OPEN = CellLook(FONT, _SIZE, fill="FFFFFF", open=True)
_BLOCKS = {
    weight: CellLook(FONT, _SIZE + 2, bold=True, fill=MARKS[weight.name]) for weight in WEIGHTS
}


@dataclass(frozen=True)
class Copy:
    """A marked copy, or the key of the reason for which there is none."""

    data: bytes | None = None
    alone: str = ""


def copy_name(submission: Submission) -> str:
    """What the marked copy is called: the file's own name with a word that says what it is."""
    stem = submission.name.rpartition(".")[0] or submission.name
    mark = say("reply.copy-mark")
    stem = _UNSAFE.sub("_", stem.removesuffix(mark))
    return f"{stem[: _LONGEST_NAME - len(mark)]}{mark}.xlsx"


def template_name(division: str, plan: Plan) -> str:
    """What this round's template is called where it goes back with an answer."""
    name = _UNSAFE.sub("_", say("reply.template-name", division=division, round=plan.name))
    return f"{name[:_LONGEST_NAME]}.xlsx"


def marked_copy(
    submission: Submission,
    findings: Sequence[Finding],
    plan: Plan,
    tables: Mapping[str, Table],
    number: str = "",
) -> Copy:
    """The file with these findings marked; nothing where there is none, or no file to mark."""
    is_other = submission.reason in OTHER_TEMPLATE
    if not findings or submission.workbook is None or is_other:
        return Copy()
    copy = call_guarded(_mark, _Job(submission, tuple(findings), plan, tables, number))
    return Copy(alone="internal") if isinstance(copy, Finding) else copy


@dataclass(frozen=True)
class _Job:
    """One file, what is to be marked in it, and what its words need."""

    submission: Submission
    findings: tuple[Finding, ...]
    plan: Plan
    tables: Mapping[str, Table]
    number: str

    def sentence(self, finding: Finding) -> str:
        """What a finding says."""
        return finding_sentence(finding, "th", self.plan.forms)


def _mark(job: _Job) -> Copy:
    pen = Pen(say("reply.note-author"), FONT, _SIZE)
    data = job.submission.received.data
    try:
        return Copy(mark_cells(data, _marks(job), _worklist(job), pen, tuple(MARKS.values())))
    except Unmarkable as reason:
        return Copy(alone=reason.reason)
    except NotAWorkbook:
        return Copy(alone="damaged")


def _place(finding: Finding) -> tuple[str, int, int] | None:
    cell = finding.cell
    return (cell.sheet, cell.row, cell.column) if cell else None


def _marks(job: _Job) -> list[Mark]:
    """One mark for every cell that something is said of, the gravest first."""
    with_cell = [(place, f) for f in job.findings if (place := _place(f)) is not None]
    with_cell.sort(key=lambda each: (each[0], -each[1].severity))
    return [
        _cell_mark(place, [finding for _, finding in same], job)
        for place, same in groupby(with_cell, key=lambda each: each[0])
    ]


def _cell_mark(place: tuple[str, int, int], findings: Sequence[Finding], job: _Job) -> Mark:
    text = "\n".join(f"{_weight(f.severity)}\n{job.sentence(f)}" for f in findings)
    lines = line_count(text, _NOTE_WIDTH, _SIZE)
    note = Note(text, _NOTE_WIDTH * 7 + 12, int(lines * _SIZE * 2 + 12))
    return Mark(*place, MARKS[findings[0].severity.name], note)


def _weight(severity: Severity) -> str:
    return say(f"severity.{severity.name}")


def _worklist(job: _Job) -> Worklist:
    title = Text(say("worklist.title"), _TITLE)
    head = [
        ListLine((title,), row_height([("", 0, _TITLE_SIZE)]), wide=True),
        *(_wide(text, _PLAIN) for text in _introduction(job)),
    ]
    blocks = [line for weight in WEIGHTS for line in _block(weight, job)]
    return Worklist(
        name=title.text,
        widths=_WIDTHS,
        keys=(*(f"seen_{name}" for name in tuple(_COLUMNS)[1:]), EXPLANATION, *IDENTITY),
        lines=(*head, *blocks),
        footer=f'&C&"{FONT},Regular"&12 {say("template.page")}',
        hidden=_LOOK,
    )


def _introduction(job: _Job) -> Iterator[str]:
    yield say("worklist.file", file=job.submission.name)
    if job.number:
        yield say("reply.number", number=job.number)
    yield say("worklist.how-errors")
    yield say("worklist.how-warnings")
    yield say("worklist.how-send")


def _wide(text: str, look: CellLook) -> ListLine:
    height = row_height([(text, sum(_WIDTHS), look.size)], bold=look.bold)
    return ListLine((Text(text, look),), height, wide=True)


def _block(weight: Severity, job: _Job) -> Iterator[ListLine]:
    order = reading_order(job.findings, job.submission.sheet_names)
    findings = sorted((f for f in job.findings if f.severity is weight), key=order)
    if not findings:
        yield _wide(say("worklist.none", weight=_weight(weight)), _BLOCKS[weight])
        return
    heading = say("reply.block", weight=_weight(weight), count=len(findings))
    yield _wide(heading, _BLOCKS[weight])
    titles = [say(f"worklist.{name}") for name in (*_COLUMNS, EXPLANATION)]
    sized = [(title, width, _SIZE) for title, width in zip(titles, _WIDTHS, strict=True)]
    texts = tuple(Text(title, _HEADING) for title in titles)
    yield ListLine(texts, row_height(sized, bold=True))
    for number, finding in enumerate(findings, 1):
        yield _line(number, finding, job)


def _line(number: int, finding: Finding, job: _Job) -> ListLine:
    """One finding: where it is with a link, what is said, room to explain, and who it is."""
    cell = finding.cell
    sheet = cell.sheet if cell else finding.sheet or ""
    place, value = cell.address if cell else "", finding.value or ""
    sentence = job.sentence(finding)
    texts = (str(number), sheet, place, value, sentence)
    sized = [(text, width, _SIZE) for text, width in zip(texts, _COLUMNS.values(), strict=True)]
    return ListLine(
        (
            Text(str(number), _CENTRED),
            Text(sheet, _LOOK),
            _link(finding, job),
            Text(value, _LOOK),
            Text(sentence, _LOOK),
            Text(finding.explanation, _OPEN),
            *(Text(part, _LOOK) for part in identity(finding, job.tables)),
        ),
        row_height(sized),
        at=_place(finding),
    )


def _link(finding: Finding, job: _Job) -> Text:
    """The cell, else the top of the sheet, as a link; plain where the file has no such sheet."""
    cell = finding.cell
    sheet = cell.sheet if cell else finding.sheet or ""
    if sheet not in job.submission.sheet_names:
        return Text("", _CENTRED)
    place = cell.address if cell else address(1, 1)
    return Text(place if cell else say("worklist.open"), _LINK, (sheet, place))
