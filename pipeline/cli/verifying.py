"""The screen of `verify`: what each of the three witnesses says, and what moved."""

from itertools import islice
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
    table,
)

if TYPE_CHECKING:
    from pipeline.audit.causes import Evidence
    from pipeline.audit.differences import Difference
    from pipeline.audit.outside_digest import Outside, SignedRecord
    from pipeline.audit.verify import MovedFigure, Verified

_MOST_LINES = 40
_BEFORE = 12  # characters before the first that differs
_LONGEST = 60  # characters of a value on the screen


@click.command()
@click.argument("report", type=click.Path(path_type=Path))
@click.option("--digest", metavar="HEX", help="The digest of the figures, as written elsewhere.")
@command
def verify(settings: Settings, report: Path, digest: str | None) -> int:
    """Rebuild a report from the inputs and say whether it is the same."""
    from pipeline.audit.outside_digest import signed_record
    from pipeline.audit.verify import verify as made

    signed = signed_record(report, settings.inputs, digest)
    with busy(settings.say("trace.busy", file=report.name)):
        verified = made(report, settings.inputs, settings.forms())
    if settings.as_json:
        print_json({**verified.as_json(), **signed.as_json()})
    else:
        _Screen(settings, verified).show()
        _signed(settings, signed)
    return int(not (verified.same and signed.holds))


def _signed(settings: Settings, signed: "SignedRecord") -> None:
    """What no longer fits of what was signed, and the digest from outside."""
    from pipeline.messages import finding_sentence
    from pipeline.model import Finding, Severity

    for fault in signed.faults:
        finding = Finding(fault.code, Severity.ERROR, params=fault.params)
        paragraphs(["✗ " + finding_sentence(finding, settings.lang, settings.forms())])
    if signed.outside:
        _digest(settings, signed.outside)


def _digest(settings: Settings, outside: "Outside") -> None:
    """Whether a digest from outside is the report's, and whose signing it belongs to."""
    from pipeline.commands.status import signature

    paragraphs([settings.say(f"verify.digest-{'same' if outside.same else 'differs'}")])
    paragraphs([f"    {outside.digest}"])
    told = settings.say("verify.digest-of-none")
    if outside.signing:
        told = settings.say("verify.digest-of", line=signature(outside.signing, settings.lang))
    paragraphs([told])


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

        found, met = self._verified.seen.differences, self._verified.seen.met
        if found:
            paragraphs([self._say("verify.seen-other", count=f"{len(found):,}")])
            self._first()
            self._list()
        else:
            paragraphs([self._say("verify.seen-same")])
        if met:
            paragraphs(["  " + self._say("verify.rewritten")])
            thai = self._settings.lang == "th"
            lines = [
                (each.th if thai else each.en, f"{met[each.name]:,}") for each in explanations(met)
            ]
            bullets([self._say("verify.rewritten-line", reason=r, count=n) for r, n in lines])

    def _first(self) -> None:
        first = self._verified.first
        if first is not None:
            figures = self._verified.figures
            places = {(each.place.sheet, each.place.address): each for each in figures}
            figure = places.get(first.spot[:2])
            printed, expected = self._texts(first)
            named = f"  {self._title(figure)}" if figure else ""
            paragraphs(
                [
                    "  " + self._say("verify.first", place=self._place(first)) + named,
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
        shown = list(islice(groups.values(), _MOST_LINES))
        keys = ("verify.place", "verify.what", "verify.in-report", "verify.in-inputs")
        table([self._say(key) for key in keys], [self._line(each) for each in shown])
        rest = len(self._verified.seen.differences) - sum(map(len, shown))
        if rest:
            echo("  " + self._say("verify.more", count=f"{rest:,}"))

    def _line(self, group: "list[Difference]") -> list[str]:
        first = group[0]
        others = f" (+{len(group) - 1:,})" if len(group) > 1 else ""
        return [self._place(first) + others, self._what(first), *self._texts(first)]

    def _texts(self, each: "Difference") -> tuple[str, str]:
        """Both values, long ones from a little before where they part."""
        here, there = each.printed or "", each.expected or ""
        same = next((n for n, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), 0)
        start = max(0, same - _BEFORE) if max(len(here), len(there)) > _LONGEST else 0
        cut = "…{}" if start else "{}"
        return (
            self._text(here and cut.format(here[start:]), there=each.printed is not None),
            self._text(there and cut.format(there[start:]), there=each.expected is not None),
        )

    def _what(self, each: "Difference") -> str:
        """The kind of thing in words, and the fact's own name in the file."""
        from pipeline.audit.differences import kind_of

        name = each.what if len(each.what) <= _LONGEST else f"…{each.what[-_LONGEST:]}"
        return f"{self._say(f'verify.kind.{kind_of(each.what)}')}: {name}"

    def _place(self, each: "Difference") -> str:
        sheet, place = each.spot[:2]
        return "!".join(filter(None, (sheet, place))) or self._say("verify.workbook")

    def _text(self, value: str, *, there: bool) -> str:
        """A value as it fits on the screen; what is not there, or blank, in words."""
        if not value:
            return self._say("verify.blank" if there else "verify.absent")
        return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"

    # --- the figures ----------------------------------------------------------------------------

    def _figures(self) -> None:
        checked = self._verified.figures_checked
        said = {"count": f"{checked.count:,}", "wrong": f"{len(checked.wrong):,}"}
        key = "verify.figures-same" if checked.agrees else "verify.figures-other"
        paragraphs([self._say(key, **said)])
        lines = [
            [
                str(each.place) if each.place.sheet else self._say("verify.workbook"),
                each.kept,
                self._say("verify.not-computed", why=each.why) if each.why else each.value,
                each.expected,
            ]
            for each in checked.wrong[:_MOST_LINES]
        ]
        if lines:
            keys = ("verify.place", "verify.kept", "verify.computed", "verify.in-inputs")
            table([self._say(key) for key in keys], lines, numbers=(1, 2, 3))
        self._moved()

    def _title(self, figure: "MovedFigure") -> str:
        return figure.title_th if self._settings.lang == "th" else figure.title_en

    def _moved(self) -> None:
        lines = [
            [self._title(each), each.printed, each.expected, str(each.place)]
            for each in self._verified.figures
        ]
        if lines:
            keys = ("verify.figure", "verify.in-report", "verify.in-inputs", "trace.at")
            table([self._say(key) for key in keys], lines, numbers=(1, 2))

    # --- the cause ------------------------------------------------------------------------------

    def _cause(self) -> None:
        from pipeline.audit.causes import Cause
        from pipeline.versions import PROGRAM

        verified = self._verified
        version, program = (verified.versions or {}).get(PROGRAM, ("", ""))
        told = {"file": verified.file, "version": version, "program": program}
        paragraphs([self._say("verify.cause"), self._say(f"verify.{verified.cause}", **told)])
        bullets([self._evidence(each) for each in verified.evidence])
        if verified.cause in (Cause.VERSION, Cause.LIBRARIES):
            paragraphs([self._say("verify.compared-anyway")])
        for name, (here, there) in verified.other_libraries.items():
            said = {"name": name, "report": here, "program": there}
            paragraphs([self._say("verify.other-libraries", **said)])
        self._changed()

    def _evidence(self, each: "Evidence") -> str:
        text = self._say(
            f"verify.evidence.{each.key}", count=f"{each.count:,}", example=each.example
        )
        return self._say("verify.by-evidence", text=text)

    def _changed(self) -> None:
        if self._verified.cause == "inputs" and not self._verified.files:
            paragraphs([self._say("verify.no-file")])
        for each in self._verified.files:
            echo(self._say("verify.file", name=each.name))
            for key, hashes in (("verify.was", each.was), ("verify.now", each.now)):
                echo("  " + self._say(key, hash=self._hashes(hashes)))

    def _hashes(self, hashes: str) -> str:
        return "\n    ".join(["", *hashes.split()]) if hashes else self._say("verify.not-there")
