"""What led from one report to another, figure by figure: two rounds, two editions, two files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from pipeline.aggregate import aggregate
from pipeline.commands.check import received_now, with_nobody
from pipeline.intake import intake
from pipeline.merge import merge
from pipeline.messages import catalogue, figure_text, figure_title, say
from pipeline.model import Assessment, Figure, Ledger, PipelineError, Plan
from pipeline.model.bridges import Bridge, Change, ChangeName, bridges
from pipeline.plan import ROUND_TOML, load_plan
from pipeline.plan.corrections_file import CORRECTIONS_TOML
from pipeline.read import read
from pipeline.run import assess
from pipeline.validate import validate
from schemas.kit.form import FormSpec
from schemas.kit.kinds import given_out

_COUNTED_BEHIND = ("rows", "balance")  # what became of rows and files: behind every figure


@dataclass(frozen=True)
class Bridged:
    """Two settled rounds by the names they were asked for by, and the bridges between them."""

    names: tuple[str, str]
    sides: tuple[Assessment, Assessment]
    bridges: tuple[Bridge, ...]

    @property
    def told(self) -> tuple[Bridge, ...]:
        """The figures that are otherwise, but for those that only count rows and files."""
        return tuple(each for each in self.moved if each.now.subject not in _COUNTED_BEHIND)

    @property
    def moved(self) -> tuple[Bridge, ...]:
        """Every figure that is otherwise, or is a level that begins elsewhere."""
        return tuple(each for each in self.bridges if each.moved or self._begins_elsewhere(each))

    def _begins_elsewhere(self, bridge: Bridge) -> bool:
        return any(then != now for _, then, now in bridge.thresholds(*self.sides))

    def as_json(self) -> Mapping[str, object]:
        """`{a, b, figures: [{figure, old, new, changes: [{name, delta}]}]}`, and what explains."""
        figures = [self._figure(each) for each in self.moved]
        return {"a": self.names[0], "b": self.names[1], "figures": figures}

    def _figure(self, bridge: Bridge) -> Mapping[str, object]:
        unit = bridge.now.unit
        ends = {
            key: {"old": _number(a, ""), "new": _number(b, "")}
            for key, (a, b) in bridge.ends.items()
        }
        bands = [
            {"level": code, "old": float(then), "new": float(now)}
            for code, then, now in bridge.thresholds(*self.sides)
        ]
        return {
            "figure": bridge.now.id,
            "title": figure_title(bridge.now),
            "unit": unit,
            "old": _number(bridge.then.value, unit),
            "new": _number(bridge.now.value, unit),
            "changes": [self._change(each, unit) for each in bridge.changes],
            **ends,
            **({"thresholds": bands} if bands else {}),
        }

    def _change(self, change: Change, unit: str) -> Mapping[str, object]:
        named = change.named
        parts = (named.of, named.kind, named.form, given_out(named.column), named.then, named.now)
        return {
            "name": ".".join(filter(None, parts)),
            "delta": _number(change.delta, unit),
            "th": sentence(named, self.sides[1].plan, "th"),
            "en": sentence(named, self.sides[1].plan, "en"),
            "rows": [
                {"old": self._place(0, named, old), "new": self._place(1, named, new)}
                for old, new in change.rows
            ],
        }

    def _place(self, side: int, named: ChangeName, index: int | None) -> str | None:
        """The cell that a row is seen by; of a line that no form gives what it is about."""
        assessment = self.sides[side]
        if index is None:
            return None
        if named.form in assessment.tables:
            table = assessment.tables[named.form]
            seen = named.column if named.column in table.frame else table.form.columns[0].name
            cell = table.cell(index, seen)
            return f"{cell.file} '{cell.sheet}'!{cell.address}"
        row = assessment.frames[named.form].loc[index]
        told = (row.get(name) for name in ("division", "form", "month", "measure_no", "name"))
        return " ".join(str(each) for each in told if pd.notna(each))

    def lines(self, lang: str) -> Iterator[str]:
        """The bridges for the screen: a figure, then the changes that lead to it."""
        if not self.told:
            yield say("diff.same", lang, a=self.names[0], b=self.names[1])
        for each in self.told:
            then, now = figure_text(each.then, lang), figure_text(each.now, lang)
            title = figure_title(each.now, lang)
            yield say("diff.figure", lang, title=title, id=each.now.id, then=then, now=now)
            for change in each.changes:
                yield "    " + self._line(change, each.now, lang)
            for key, (old, new) in each.ends.items():
                yield "    " + say(f"diff.{key}", lang, then=f"{old:,f}", now=f"{new:,f}")
            for code, was, least in each.thresholds(*self.sides):
                level = say(f"level.{code}", lang)
                yield "    " + say("diff.band", lang, level=level, then=was, now=least)
        behind = len(self.moved) - len(self.told)
        if behind:
            yield say("diff.behind", lang, count=behind)

    def _line(self, change: Change, figure: Figure, lang: str) -> str:
        money = figure.unit in ("baht", "pct")
        delta = f"{change.delta:+,.2f}" if money else f"{change.delta.normalize():+,f}"
        words = sentence(change.named, self.sides[1].plan, lang)
        rows = say("diff.rows", lang, count=len(change.rows)) if change.rows else ""
        return f"{delta}  {words}{rows}"


def sentence(named: ChangeName, plan: Plan, lang: str) -> str:
    """What a change is called, in the words of the form, column or criterion that it is about."""
    form = next((each for each in plan.forms if each.name == named.form), None)
    kind = named.kind if named.then or named.now or named.kind != "moved" else "moved-only"
    words = say(
        f"diff.name.{kind}",
        lang,
        form=_form_words(form, named.form, lang),
        column=_column_words(form, named.column, lang),
        then=_value_words(named, named.then, lang),
        now=_value_words(named, named.now, lang),
    )
    return f"{say(f'diff.of.{named.of}', lang)} {words}" if named.of else words


def _form_words(form: FormSpec | None, name: str, lang: str) -> str:
    if form is None:
        return say(f"diff.frame.{name}", lang) if name else ""
    return form.about.sheet if lang == "th" else form.about.en


def _column_words(form: FormSpec | None, name: str, lang: str) -> str:
    if form is not None and name in {each.name for each in form.columns}:
        column = form.column(name)
        return " ".join((column.th if lang == "th" else column.en).split())
    key = f"diff.column.{name}"
    return say(key, lang) if key in catalogue() else name


def _value_words(named: ChangeName, value: str, lang: str) -> str:
    """A value as people say it; a blank is said to be one."""
    if not value:
        return say("diff.blank", lang)
    for key in (f"fate.{value}", f"state.{value}", f"outcome.{value}"):
        if named.column in ("fate", "state", "outcome") and key in catalogue():
            return say(key, lang)
    return value


def _number(value: object, unit: str) -> object:
    """Money as text with satang, other numbers as numbers, as the record has them."""
    if unit == "baht" and isinstance(value, (int, Decimal)):
        return f"{value:.2f}"
    if isinstance(value, Decimal):
        return int(value) if value == int(value) and unit == "count" else float(value)
    return value


# --- the two sides ------------------------------------------------------------------------------


def compare(names: tuple[str, str], sides: tuple[Assessment, Assessment]) -> Bridged:
    """Bridge every figure that both have."""
    return Bridged(names, sides, bridges(*sides))


def of_file(file: Path, plan: Plan) -> Assessment:
    """A round as if this file were all that had been received."""
    plan = with_nobody(replace(plan, earlier=None))
    reading = validate(read(intake(tuple(received_now(file, "")), plan), plan), plan)
    return aggregate(reading, merge(reading), plan)


def as_signed(plan: Plan, number: int) -> Assessment:
    """A round as it was signed: by the settings kept then, from what had been received by then.

    What the record of the signature says of a figure stands, whatever the inputs give today.
    """
    signing = next((each for each in plan.ledger.every if each.number == number), None)
    if signing is None:
        numbers = ", ".join(str(each.number) for each in plan.ledger.every) or "-"
        raise PipelineError("diff-not-signed", round=plan.name, number=number, numbers=numbers)
    settled = assess(_as_of(plan, signing.folder, signing.as_of))
    kept = signing.substance.get("figures", {})
    figures = {k: f.with_text(kept[k]) if k in kept else f for k, f in settled.figures.items()}
    return replace(settled, figures=figures)


def _as_of(plan: Plan, kept: Path, as_of: datetime) -> Plan:
    """The plan by the settings in another folder; what was received still lies in its own."""
    with TemporaryDirectory() as place:
        draft = Path(place) / plan.name
        draft.mkdir()
        for name in (ROUND_TOML, CORRECTIONS_TOML):
            if (kept / name).is_file():
                (draft / name).write_bytes((kept / name).read_bytes())
        found = load_plan(draft, plan.forms, as_of, earlier=False)
    return replace(found, folder=plan.folder, earlier=plan.earlier, ledger=Ledger())
