"""What the texts state beside the figures that they are about, and what differs as findings."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd

from pipeline.aggregate.figure_lookup import Known, added_up, by_name, own_figures
from pipeline.explanations import with_explanations
from pipeline.messages import figure_text, figure_title, say
from pipeline.model import Figure, Measure, Plan, ReadRound, Table
from pipeline.model.terms import Evaluation
from pipeline.violations import finding_of
from schemas.crosschecks import claim_patterns_for, crosschecks, language
from schemas.kit.claims.comparison import Comparison
from schemas.kit.claims.extraction import EVERY, NONE, Claim, claims_in
from schemas.kit.claims.modifiers import Setting
from schemas.kit.cross_rules import Evidence
from schemas.kit.thai.calendar import stated_round
from schemas.measure_progress import OVERVIEW

_TYPED = ("result_summary", "outcome_text")


@dataclass(frozen=True)
class _Text:
    """A text of the public table: a configured one with its key, or a cell of a division's row."""

    measure: Measure
    words: str
    key: str = ""
    division: str = ""
    overview: bool = False
    index: int | None = None
    column: str = ""
    place: str = ""

    @property
    def own(self) -> bool:
        """Whether a division speaks for itself on a measure of all divisions."""
        return self.measure.owner == "ALL" and not self.key and not self.overview

    @property
    def shared(self) -> bool:
        """Whether it sums up what all divisions did."""
        return self.measure.owner == "ALL" and self.overview


def comparisons(
    plan: Plan, table: Table, reading: ReadRound, figures: Mapping[str, Figure], scope: Evaluation
) -> tuple[Comparison[Figure], ...]:
    """Everything that the texts state of a figure, in the order of the measures."""
    own = own_figures(plan, reading, scope)
    return tuple(
        comparison
        for text in _texts(plan, table, reading)
        for said in _said(text, plan)
        if (comparison := _compared(text, said, _known(text, plan, figures, own))) is not None
    )


def with_contradictions(
    reading: ReadRound, plan: Plan, compared: tuple[Comparison[Figure], ...]
) -> ReadRound:
    """The reading with a finding for each text that says otherwise than is computed."""
    evidence = Evidence(round=plan.round, comparisons=compared)
    checks = [each for each in crosschecks().values() if each.after_figures]
    found = tuple(
        finding_of(check, violation, reading)
        for check in checks
        if check.code not in plan.rules_off
        for violation in check.search(evidence)
    )
    told = with_explanations(replace(reading, findings=found)).findings
    return replace(reading, findings=(*reading.findings, *told))


def _texts(plan: Plan, table: Table, reading: ReadRound) -> Iterator[_Text]:
    divisions = {each.name: each.division or "" for each in reading.submissions}
    rows = table.frame[table.frame["fate"] == "accepted"]
    for measure in plan.measures:
        key = f"measures.{measure.number}.procedure"
        yield _Text(measure, measure.procedure, key=key)
        for row in rows[(rows["measure_no"] == measure.number).fillna(False)].itertuples():
            for column in _TYPED:
                words = getattr(row, column)
                if not pd.isna(words):
                    cell = table.cell(int(row.Index), column)
                    yield _Text(
                        measure,
                        str(words),
                        division=divisions[row.submission],
                        overview=row.scope == OVERVIEW,
                        index=int(row.Index),
                        column=column,
                        place=f"{cell.file}\n{cell.sheet}!{cell.address}",
                    )


def _said(text: _Text, plan: Plan) -> tuple[Claim, ...]:
    """What a text states; of a division's own the names of the others mean a part."""
    number = text.measure.number
    claim_patterns = claim_patterns_for(number, own=text.own, shared=text.shared)
    names = tuple(
        name
        for division in plan.divisions
        if not (text.own and division.code == text.division)
        for name in (division.name, *division.aliases)
    )
    months = stated_round(text.measure.title) or plan.round.months
    setting = Setting(plan.round.fiscal_year.be, months, names)
    return claims_in(text.words, language(), claim_patterns, setting)


def _known(
    text: _Text, plan: Plan, figures: Mapping[str, Figure], own: Callable[[str], Known]
) -> Known:
    """The figures that a text is about: the division's, the earlier round's, or all of them."""
    if text.own:
        return own(text.division)
    months = stated_round(text.measure.title)
    if months is None or months == plan.round.months:
        return lambda figure_id: by_name(figures.get(figure_id))
    return lambda figure_id: by_name(figures.get(f"earlier.{figure_id}"))


def _compared(text: _Text, said: Claim, known: Known) -> Comparison[Figure] | None:
    """The statement beside its figure, else beside the one of its alternatives that agrees."""
    number = text.measure.number
    names = [name.format(measure=number) for name in (said.figure, *said.pattern.alternatives)]
    found = [each for name in names if (each := added_up(name, known)) is not None]
    if not found:
        return None
    every = added_up(said.pattern.whole.format(measure=number), known)
    whole = _value(every) if every else None
    agreeing = [each for each in found if said.agrees(_value(each), whole)]
    figure = (agreeing or found)[0]
    return Comparison(
        measure=number,
        claim=said,
        words=" ".join(text.words[said.start : said.end].split()),
        stated=_stated(said, whole),
        computed=_value(figure),
        agrees=bool(agreeing),
        title_th=figure_title(figure),
        title_en=figure_title(figure, "en"),
        shown_th=_shown(figure, said, every, "th"),
        shown_en=_shown(figure, said, every, "en"),
        figure=figure,
        whole=every,
        key=text.key,
        index=text.index,
        column=text.column,
        place=text.place,
    )


def _stated(said: Claim, whole: Decimal | str | None) -> Decimal | str:
    """The value of what is said: of a claim without a number, none or the whole."""
    if said.value == NONE:
        return Decimal(0)
    return whole if said.value == EVERY and whole is not None else said.value


def _value(figure: Figure) -> Decimal | str:
    return str(figure.value) if figure.unit == "text" else Decimal(str(figure.value))


def _shown(figure: Figure, said: Claim, whole: Figure | None, lang: str) -> str:
    """The value as a sentence says it; where all is claimed, of how many."""
    if said.value == EVERY and whole is not None:
        return say(
            "figure.of-whole", lang, value=figure_text(figure, lang), whole=figure_text(whole, lang)
        )
    return figure_text(figure, lang)
