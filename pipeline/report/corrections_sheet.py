"""What was done to the data, each kind in a section of its own; an empty one says so."""

from collections.abc import Iterator, Sequence
from datetime import date

from pipeline.digests import since_signed
from pipeline.messages import finding_sentence, say
from pipeline.model import (
    Correction,
    Exclusion,
    Explanation,
    Fate,
    Release,
    Repair,
    Settled,
    Severity,
    Signing,
    Waiver,
)
from pipeline.report.cell_content import Cell, Value, one_line
from pipeline.report.labels import criterion_name
from pipeline.report.page import Page
from pipeline.report.writers import sheet
from pipeline.workbook.addresses import address
from schemas.kit.thai.dates import format_date, format_month

AGREED = "agreed-correction"
RELEASED = "released"
_WHERE = ("division", "file", "sheet", "cell", "column")
_CHANGED = (*_WHERE, "typed", "read")
_LAST = ("approved", "effect")
_UNDONE = ("number", "signed-on", "signed-by", "figures", "undone-on", "undone-by", "reason")


@sheet("changes")
def changes_sheet(page: Page) -> None:
    """Write what people have changed, then what the program has, and what is hidden."""
    page.columns(26, 32, 24, 24, 34, 34, 34, 44, 26, 26)
    page.title()
    page.printed()
    since = [_since(page, *each) for each in since_signed(page.book.assessment)]
    if page.book.plan.signings:
        _block(page, "signed", ("what", "name", "then", "now"), since)
    if page.book.plan.ledger.undone:
        _block(page, "undone", _UNDONE, [_undone(each) for each in page.book.plan.ledger.undone])
    _by_hand(page)
    _block(page, "criteria", ("criterion", "key", "then", "now"), list(_criteria(page)))
    _block(page, "held-back", (*_WHERE, "typed", "sentence"), list(_held_back(page)))
    own = [r for r in page.book.assessment.repairs if AGREED not in r.codes]
    read = [[*_repaired(page, repair), _why(repair)] for repair in own]
    _block(page, "repaired", (*_CHANGED, "reason"), read)
    _block(page, "hidden", ("division", "file", "sheet", "what", "where"), list(_hidden(page)))
    _block(page, "generated", ("measure", "text"), list(_generated(page)))


def _by_hand(page: Page) -> None:
    """What `corrections.toml` says, entry by entry, with what became of it."""
    assessment = page.book.assessment
    corrected = [_correction(page, *each) for each in assessment.entries(Correction)]
    _block(page, "correction", (*_CHANGED, "reason", *_LAST), corrected)
    excluded = [_exclusion(page, *each) for each in assessment.entries(Exclusion)]
    _block(page, "exclusion", (*_WHERE[:3], "row", "reason", *_LAST), excluded)
    waived = [_waiver(page, *each) for each in assessment.entries(Waiver)]
    waiver = ("division", "form", "month", "until", "reason", *_LAST)
    _block(page, "waiver", waiver, waived)
    extended = ("division", "form", "", "until", "reason", "approved")
    _block(page, "extension", extended, list(_extensions(page)))
    answered = [_explanation(page, *each) for each in assessment.entries(Explanation)]
    explained = (*_WHERE[:3], "cell", "code", "answer", "by", "on", "effect")
    _block(page, "explanation", explained, answered)
    released = [_release(page, *each) for each in assessment.entries(Release)]
    let_in = (*_WHERE[:2], "sender", "sha256", "doubt", "reason", *_LAST)
    _block(page, "release", let_in, released)


def _block(page: Page, name: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """A section; where it says what became of entries, the balance counts that column by name."""
    page.section(name)
    if not rows:
        page.line(page.say("none"), "note")
        return
    head = page.headings([page.say(f"head.{head}") if head else "" for head in heads])
    for row in rows:
        page.row(row)
    if "effect" in heads:
        column = heads.index("effect")
        page.book.define_column(f"changes.{name}", page.name, (head + 1, page.at - 1), column)


def _division(page: Page, file: str) -> str:
    names = {each.code: each.name for each in page.book.plan.divisions}
    codes = {each.name: each.division for each in page.book.assessment.submissions}
    return names.get(codes.get(file) or "", "")


# --- what people changed ------------------------------------------------------------------------


def _effect(settled: Settled) -> Value:
    """What became of the entry; of one that was taken back when, by whom and why, too."""
    words, back = say(f"effect.{settled.effect}"), settled.entry.withdrawn
    if back:
        day = format_date(back.at.date())
        words += "\n" + say("withdrawn.line", day=day, by=back.by, reason=back.reason)
    return Value(words, "text" if settled.in_effect else "warn")


def _correction(page: Page, entry: Correction, settled: Settled) -> list[Cell]:
    repairs = page.book.assessment.repairs
    repair = next((r for r in repairs if r.cell == entry.cell and AGREED in r.codes), None)
    column = page.book.plan.form(repair.form).column(repair.column).th if repair else ""
    typed = repair.typed if repair else settled.now or entry.old
    place = [_division(page, entry.file), entry.file, entry.sheet, entry.cell.address]
    values = [typed or page.say("blank"), entry.new or page.say("blank")]
    agreed = page.say(
        "agreed",
        who=entry.agreed_with,
        day=format_date(entry.agreed_on),
        channel=entry.channel,
    )
    reason = f"{entry.reason}\n{page.book.own(agreed)}"
    reason += f"\n{page.say('evidence', evidence=entry.evidence)}" if entry.evidence else ""
    return [*place, one_line(column), *values, reason, entry.approved_by, _effect(settled)]


def _exclusion(page: Page, entry: Exclusion, settled: Settled) -> list[Cell]:
    place = [_division(page, entry.file), entry.file, entry.sheet]
    whole = "sheet" if entry.sheet else "file"
    return [
        *place,
        Value(str(entry.row) if entry.row else page.say(f"whole-{whole}"), "code"),
        entry.reason,
        entry.approved_by,
        _effect(settled),
    ]


def _waiver(page: Page, entry: Waiver, settled: Settled) -> list[Cell]:
    plan = page.book.plan
    part = format_month(entry.month) if entry.month else ""
    part = page.say("measure", number=entry.measure) if entry.measure else part
    names = [plan.division(entry.division).name, plan.form(entry.form).about.sheet]
    return [*names, page.book.own(part), *_reasoned(entry.until, entry), _effect(settled)]


def _reasoned(until: date, entry: object) -> list[Cell]:
    """A last day, the reason and the approver."""
    said = [getattr(entry, name) for name in ("reason", "approved_by")]
    return [Value(until, "date"), *said]


def _extensions(page: Page) -> Iterator[list[Cell]]:
    """The extensions that were granted in `round.toml`."""
    plan = page.book.plan
    for each in plan.extensions:
        form = plan.form(each.form).about.sheet if each.form else page.say("every-form")
        names = [plan.division(each.division).name, form, None]
        yield [*names, *_reasoned(each.due.date(), each)]


def _explanation(page: Page, entry: Explanation, settled: Settled) -> list[Cell]:
    cell = address(*entry.cell) if entry.cell else ""
    place = [_division(page, entry.file), entry.file or entry.key, entry.sheet, cell]
    code, on = Value(entry.code, "code"), Value(entry.on, "date")
    return [*place, code, entry.text, entry.by, on, _effect(settled)]


def _release(page: Page, entry: Release, settled: Settled) -> list[Cell]:
    """A file that was let in: who sent it, and what it waited for."""
    notes = (f for f in page.book.assessment.findings if f.file == entry.file)
    said = next((f.params for f in notes if f.code == RELEASED), {})
    place = [_division(page, entry.file), entry.file, said.get("sender", "-")]
    codes = [Value(text, "code") for text in (entry.sha256, said.get("doubt", "-"))]
    return [*place, *codes, entry.reason, entry.approved_by, _effect(settled)]


def _since(page: Page, kind: str, name: str, then: str | None, now: str | None) -> list[Cell]:
    """What differs from the signed report: a figure, a printed text, or the rows of a form."""
    what = page.say(f"since.{kind}")
    if kind == "figures":
        figure = page.book.figure(name)
        what = figure.title_th if figure else what
    elif kind == "texts":
        number, _, cell = name.partition(".")
        measure = page.book.own(page.say("measure", number=number))
        what = f"{measure} {say(f'report.public.cell.{cell}')}"
    else:
        what = f"{what} {page.book.plan.form(name).about.sheet}"
    return [what, Value(name, "code"), then or "-", now or "-"]


def _undone(signing: Signing) -> list[Cell]:
    """A signing that was taken back, and when, by whom and why."""
    said: list[Cell] = [Value(signing.number, "count"), Value(signing.signed_on, "date")]
    said += [signing.signed_by, Value(signing.figures_sha256, "code")]
    back = signing.undone
    return [*said, Value(back.on, "date"), back.by, back.reason] if back else said


def _criteria(page: Page) -> Iterator[list[Cell]]:
    for key, values in page.book.plan.changed_criteria.items():
        then, now = (None if each is None else Value(float(each), "rate") for each in values)
        yield [criterion_name(key), Value(key, "code"), then, now]


# --- what the program did, and what is hidden ---------------------------------------------------


def _held_back(page: Page) -> Iterator[list[Cell]]:
    """Every fault that keeps a row from being counted."""
    tables, plan = page.book.assessment.tables, page.book.plan
    for finding in page.book.assessment.findings:
        if finding.severity is not Severity.ERROR or finding.index is None or not finding.cell:
            continue
        table = tables[finding.form or ""]
        if table.frame.at[finding.index, "fate"] != str(Fate.HELD_BACK):
            continue
        cell, column = finding.cell, table.form.column(finding.column or "")
        place = [_division(page, cell.file), cell.file, cell.sheet, cell.address]
        sentence = finding_sentence(finding, "th", plan.forms)
        yield [*place, one_line(column.th), finding.value, sentence]


def _repaired(page: Page, repair: Repair) -> list[Cell]:
    cell = repair.cell
    column = page.book.plan.form(repair.form).column(repair.column)
    place = [_division(page, cell.file), cell.file, cell.sheet, cell.address]
    return [*place, one_line(column.th), repair.typed, repair.read]


def _why(repair: Repair) -> str:
    """The reasons for which the value was read so for certain."""
    return " · ".join(say(f"repair.{code}") for code in repair.codes)


def _hidden(page: Page) -> Iterator[list[Cell]]:
    for each in page.book.assessment.hidden:
        what = say(f"report.hidden.{each.what}")
        yield [_division(page, each.file), each.file, each.sheet, what, each.where]


def _generated(page: Page) -> Iterator[list[Cell]]:
    """The sentences of the public table that were made from the figures."""
    for printed in page.book.assessment.printed:
        texts = {"summary": printed.summary, "outcome": printed.outcome}
        for name, text in texts.items():
            if printed.marks.get(name) == "generated":
                measure = page.book.own(page.say("measure", number=printed.measure.number))
                yield [f"{measure}\n{say(f'report.public.cell.{name}')}", text]
