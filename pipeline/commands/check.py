"""Checking workbooks or mails before they are sent, as a colleague or the analyst would."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline.collect import received_from
from pipeline.explanations import with_explanations
from pipeline.files import writing
from pipeline.intake import intake
from pipeline.messages import finding_sentence, say
from pipeline.messages.blocks import blocks
from pipeline.model import (
    Channel,
    Contact,
    Division,
    Finding,
    Organisation,
    Outcome,
    PipelineError,
    Plan,
    Received,
    Severity,
    Submission,
    Table,
)
from pipeline.plan import ROUND_TOML, find_round, load_plan
from pipeline.read import read
from pipeline.reply.answers import findings_to_send
from pipeline.reply.marked_copies import copy_name, marked_copy
from pipeline.validate import validate
from pipeline.workbook.identity import Marks, marks_of
from pipeline.workbook.reader import NotAWorkbook, read_cells
from schemas.kit.form import FormSpec
from schemas.kit.thai.calendar import Round
from schemas.kit.thai.thai_text import matching_key

_BLANK = "not-filled"
_NOBODY = "-"  # the division of a file that does not say whose it is
_NO_ROUND = "2566-12"


@dataclass(frozen=True)
class Checked:
    """What a check found: per file its outcome, and every finding."""

    plan: Plan
    submissions: tuple[Submission, ...]
    findings: tuple[Finding, ...]
    tables: Mapping[str, Table] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 clean or blank, 1 something to correct or a file that would not be taken in."""
        grave = any(f.severity is Severity.ERROR for f in self.findings)
        turned = any(s.outcome is Outcome.REFUSED or _is_no_report(s) for s in self.submissions)
        return int(grave or turned)

    def lines(self, lang: str) -> Iterator[str]:
        """The result as lines for the screen."""
        judged = "not-judged" if self.plan.bare else "judged-by"
        yield say(f"screen.{judged}", lang, round=self.plan.name)
        if any(each.division == _NOBODY for each in self.submissions):
            yield say("screen.nobodys", lang)
        for each in self.submissions:
            blank = each.reason == _BLANK
            outcome = say("screen.blank" if blank else f"outcome.{each.outcome}", lang)
            yield say("screen.file-line", lang, file=each.name, outcome=outcome)
            mine = [f for f in self.findings if f.file == each.name]
            if _is_no_report(each) and not mine:
                why = say(f"ignored.{each.reason}", lang)
                yield "  " + say("screen.no-report", lang, why=why)
            elif not mine and not blank:
                yield "  " + say("screen.clean", lang)
            for block in blocks(mine, self.plan.forms, lang, each.sheet_names):
                weight = say(f"severity.{block.severity.name}", lang)
                yield f"  [{weight}] " + f"{block.place} {block.sentence}".strip()
                if block.found:
                    yield "      " + say("screen.value-seen", lang, value=block.found)
                for words in dict.fromkeys(f.explanation for f in block.findings if f.explanation):
                    yield "      " + say("screen.explanation", lang, words=words)

    def as_json(self) -> Mapping[str, object]:
        """`{files, findings}` as `check --json` prints it."""
        return {
            "files": [
                {"name": s.name, "outcome": str(s.outcome), "reason": s.reason or None}
                for s in self.submissions
            ],
            "findings": [
                {
                    "code": f.code,
                    "severity": f.severity.name,
                    "file": f.file,
                    "sheet": f.cell.sheet if f.cell else f.sheet,
                    "cell": f.cell.address if f.cell else None,
                    "value": f.value,
                    "th": finding_sentence(f, "th", self.plan.forms),
                    "en": finding_sentence(f, "en", self.plan.forms),
                }
                for f in self.findings
            ],
        }


def _is_no_report(submission: Submission) -> bool:
    """Whether what was given is no workbook to fill in at all: a text, a lock file, a bare mail."""
    return submission.outcome is Outcome.IGNORED and submission.reason != _BLANK


def check_files(
    files: Sequence[Path],
    inputs: Path,
    round_name: str | None,
    forms: tuple[FormSpec, ...],
    division: str = "",
) -> Checked:
    """Judge the files by a round's plan, without its other divisions, or else by themselves.

    `division` is the code or name of whose they are, for those that do not say so. PipelineError
    where a file, or the round that was named, is not there, or no division is called so.
    """
    received = [each for file in files for each in received_now(file, division)]
    if round_name is None and not any(inputs.glob(f"*/{ROUND_TOML}")):
        plan = _bare_plan(received, forms, division)
    else:
        plan = load_plan(find_round(inputs, round_name), forms)
    if division and matching_key(division) not in plan.context.division_keys and not plan.bare:
        raise PipelineError("unknown-division", division=division, names=plan.roster)
    plan = with_nobody(plan)
    reading = with_explanations(validate(read(intake(received, plan), plan), plan))
    return Checked(plan, reading.submissions, reading.findings, reading.tables)


def with_nobody(plan: Plan) -> Plan:
    """The plan with a division for the files that do not say whose they are."""
    if any(each.code == _NOBODY for each in plan.divisions):
        return plan
    return replace(plan, divisions=(*plan.divisions, Division(_NOBODY, "-", in_all=False)))


def mark(checked: Checked, lang: str) -> Iterator[str]:
    """Write the marked copy of each file beside it, under a new name; say where, or why not."""
    for each in checked.submissions:
        findings = findings_to_send(each, checked.findings)
        copy = marked_copy(each, findings, checked.plan, checked.tables)
        if copy.data is not None:
            path = _new_path(each.received.path.parent, copy_name(each))
            with writing(path):
                path.write_bytes(copy.data)
            yield say("screen.marked", lang, path=path.as_posix())
        elif any(f.file == each.name and f.severity > Severity.NOTE for f in checked.findings):
            reason = f"reply.alone-{copy.alone}" if copy.alone else "reply.alone-unread"
            yield say("screen.not-marked", lang, file=each.name, reason=say(reason, lang))


def _new_path(folder: Path, name: str) -> Path:
    """A path that nothing stands at: an earlier copy may hold corrections already."""
    stem, _, suffix = name.rpartition(".")
    names = (name, *(f"{stem}-{number}.{suffix}" for number in range(2, 1000)))
    return next(folder / each for each in names if not (folder / each).exists())


def _bare_plan(received: Sequence[Received], forms: tuple[FormSpec, ...], division: str) -> Plan:
    """A plan that promises nothing but the division and round that the workbooks name."""
    for each in received:
        with suppress(NotAWorkbook):
            marks = marks_of(read_cells(each.data))
            if marks:
                break
    else:
        marks = Marks("", division or _NOBODY, _NO_ROUND, {})
    never = datetime.max.replace(tzinfo=UTC)
    return Plan(
        folder=Path(),
        organisation=Organisation(marks.organisation, "-", "", ""),
        round=Round.parse(marks.round),
        due=never,
        summary_due=never,
        contact=Contact("", "", ""),
        signers=(),
        criteria={},
        measures=(),
        divisions=(Division(marks.division, marks.division, senders=(marks.division,)),),
        forms=forms,
        sha256="",
        bare=True,
    )


def received_now(file: Path, division: str) -> Iterator[Received]:
    """A file as if it had been received just now; the sender of a loose file is not in doubt."""
    if not file.is_file():
        raise PipelineError("no-such-file", file=file.as_posix())
    for number, each in enumerate(received_from(file, {})):
        name = each.name if number == 0 else f"{number}-{each.name}"
        found = replace(each, name=name, sha256=hashlib.sha256(each.data).hexdigest())
        stated = division or each.channel is Channel.LOOSE
        yield _sent_by(found, division or _NOBODY) if stated and not each.ignored else found


def _sent_by(received: Received, division: str) -> Received:
    return replace(received, sender=division, channel=Channel.LOOSE, message=None)
