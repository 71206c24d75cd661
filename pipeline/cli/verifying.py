"""The screen of `verify`: what each of the three witnesses says, and what moved."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.console import (
    Settings,
    bullets,
    busy,
    command,
    echo,
    paragraphs,
    print_json,
)
from pipeline.cli.worded import WordedCommand

if TYPE_CHECKING:
    from pipeline.audit.differences import Difference
    from pipeline.audit.outside_digest import SignedRecord
    from pipeline.audit.verify import MovedFigure, Verified

_MOST_LINES = 40
_BEFORE = 12  # characters before the first that differs
_LONGEST = 60  # characters of a value on the screen


@click.command(cls=WordedCommand)
@click.argument("report", metavar="REPORT", type=click.Path(path_type=Path))
@click.option("--digest", metavar="HEX")
@command
def verify(settings: Settings, report: Path, digest: str | None) -> int:
    """Rebuild a report from the inputs and say whether it is the same."""
    from pipeline.audit import verify as witnesses
    from pipeline.audit.outside_digest import signed_record

    signed = signed_record(report, settings.inputs, digest)
    with busy(settings.say("trace.busy", file=report.name)):
        verified = witnesses.verify(report, settings.inputs, settings.forms())
    if settings.as_json:
        print_json({**verified.as_json(), **signed.as_json()})
    else:
        _Screen(settings, verified).show()
        _signed(settings, signed)
    return int(not (verified.same and signed.holds))


def _signed(settings: Settings, signed: "SignedRecord") -> None:
    """What no longer fits of what was signed, and whose signing an outside digest belongs to."""
    from pipeline.commands.status import signature
    from pipeline.messages import finding_sentence
    from pipeline.model import Finding, Severity

    for fault in signed.faults:
        finding = Finding(fault.code, Severity.ERROR, params=fault.params)
        paragraphs(["✗ " + finding_sentence(finding, settings.lang, settings.forms())])
    if outside := signed.outside:
        paragraphs([settings.say(f"verify.digest-{'same' if outside.same else 'differs'}")])
        paragraphs([f"    {outside.digest}"])
        line = outside.signing and signature(outside.signing, settings.lang)
        paragraphs(
            [settings.say("verify.digest-of" if line else "verify.digest-of-none", line=line)]
        )


class _Screen:
    """What came of verifying one report, in the words of one language."""

    def __init__(self, settings: Settings, verified: "Verified") -> None:
        self._settings, self._verified = settings, verified
        self._say = settings.say

    def show(self) -> None:
        """The three witnesses one after another, the cause last."""
        self._seen()
        self._figures()
        self._cause()

    # --- what a person sees ---------------------------------------------------------------------

    def _seen(self) -> None:
        from pipeline.audit.differences import explanations

        seen = self._verified.seen
        if seen.differences:
            paragraphs([self._say("verify.seen-other", count=f"{len(seen.differences):,}")])
            self._first()
            self._list()
        else:
            paragraphs([self._say("verify.seen-same")])
        if seen.met:
            paragraphs(["  " + self._say("verify.rewritten")])
        for each in explanations(seen.met):
            reason, count = getattr(each, self._settings.lang), f"{seen.met[each.name]:,}"
            bullets([self._say("verify.rewritten-line", reason=reason, count=count)])

    def _first(self) -> None:
        first = self._verified.first
        if first is None:
            return
        figures = {(e.place.sheet, e.place.address): e for e in self._verified.figures}
        figure = figures.get(first.spot[:2])
        title = f"  {self._title(figure)}" if figure else ""
        printed, expected = self._texts(first)
        paragraphs(
            [
                "  " + self._say("verify.first", place=self._place(first)) + title,
                "    " + self._say("verify.printed", value=printed),
                "    " + self._say("verify.expected", value=expected),
            ]
        )

    def _list(self) -> None:
        """Every difference; the same one of several places stands once, with their number."""
        groups: dict[tuple[str, ...], list[Difference]] = {}
        for each in self._verified.seen.differences:
            key = (each.spot.sheet, each.what, str(each.printed), str(each.expected))
            groups.setdefault(key, []).append(each)
        shown = list(groups.values())[:_MOST_LINES]
        rows = [
            [
                self._place(first) + (f" (+{len(others):,})" if others else ""),
                self._what(first.what),
                *self._texts(first),
            ]
            for first, *others in shown
        ]
        self._settings.table("verify", ("place", "what", "in-report", "in-inputs"), rows)
        rest = len(self._verified.seen.differences) - sum(map(len, shown))
        if rest:
            echo("  " + self._say("verify.more", count=f"{rest:,}"))

    def _texts(self, each: "Difference") -> tuple[str, str]:
        """Both values, long ones from a little before where they part."""
        printed, expected = each.printed or "", each.expected or ""
        pairs = enumerate(zip(printed, expected, strict=False))
        same = next((number for number, (one, other) in pairs if one != other), 0)
        start = max(0, same - _BEFORE) if max(len(printed), len(expected)) > _LONGEST else 0
        return self._text(each.printed, start), self._text(each.expected, start)

    def _text(self, value: str | None, start: int) -> str:
        """A value as it fits on the screen; what is not there, or blank, in words."""
        if not value:
            return self._say("verify.absent" if value is None else "verify.blank")
        text = f"…{value[start:]}" if start else value
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

    def _what(self, name: str) -> str:
        """The kind of thing in words, and the fact's own name in the file."""
        from pipeline.audit.differences import kind_of

        short = name if len(name) <= _LONGEST else f"…{name[-_LONGEST:]}"
        return f"{self._say(f'verify.kind.{kind_of(name)}')}: {short}"

    def _place(self, each: "Difference") -> str:
        return "!".join(filter(None, each.spot[:2])) or self._say("verify.workbook")

    # --- the figures ----------------------------------------------------------------------------

    def _figures(self) -> None:
        checked = self._verified.figures_checked
        counts = {"count": f"{checked.count:,}", "wrong": f"{len(checked.wrong):,}"}
        key = "verify.figures-same" if checked.agrees else "verify.figures-other"
        paragraphs([self._say(key, **counts)])
        rows = [
            [
                str(each.place) if each.place.sheet else self._say("verify.workbook"),
                each.kept,
                self._say("verify.not-computed", why=each.why) if each.why else each.value,
                each.expected,
            ]
            for each in checked.wrong[:_MOST_LINES]
        ]
        keys = ("place", "kept", "computed", "in-inputs")
        self._settings.table("verify", keys, rows, numbers=(1, 2, 3))
        moved = [
            [self._title(each), each.printed, each.expected, str(each.place)]
            for each in self._verified.figures
        ]
        keys = ("figure", "in-report", "in-inputs", "at")
        self._settings.table("verify", keys, moved, numbers=(1, 2))

    def _title(self, figure: "MovedFigure") -> str:
        return figure.title_th if self._settings.lang == "th" else figure.title_en

    # --- the cause ------------------------------------------------------------------------------

    def _cause(self) -> None:
        from pipeline.audit.causes import Cause
        from pipeline.software import PROGRAM

        verified = self._verified
        version, program = verified.versions[PROGRAM]
        params = {"file": verified.file, "version": version, "program": program}
        paragraphs([self._say("verify.cause"), self._say(f"verify.{verified.cause}", **params)])
        for each in verified.evidence:
            params = {"count": f"{each.count:,}", "example": each.example}
            text = self._say(f"verify.evidence.{each.key}", **params)
            bullets([self._say("verify.by-evidence", text=text)])
        if verified.cause in (Cause.VERSION, Cause.LIBRARIES):
            paragraphs([self._say("verify.compared-anyway")])
        for name, (report, program) in verified.other_libraries.items():
            params = {"name": name, "report": report, "program": program}
            paragraphs([self._say("verify.other-libraries", **params)])
        if verified.cause is Cause.INPUTS and not verified.files:
            paragraphs([self._say("verify.no-file")])
        for file in verified.files:
            echo(self._say("verify.file", name=file.name))
            for key, hashes in (("verify.was", file.was), ("verify.now", file.now)):
                lines = "\n    ".join(["", *hashes.split()]) or self._say("verify.not-there")
                echo("  " + self._say(key, hash=lines))
