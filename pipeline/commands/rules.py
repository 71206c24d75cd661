"""The catalogue of everything the program can find, and one entry of it explained."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pipeline.commands.layout_table import rule_in_layouts
from pipeline.messages import LANGUAGES, catalogue, say
from pipeline.messages.weights import weights_of
from pipeline.model import PipelineError, Severity
from schemas.crosschecks import crosschecks
from schemas.kit.form import FormSpec, Rule
from schemas.kit.rule_formulas import is_expressible

Entry = Mapping[str, object]


def rules(forms: tuple[FormSpec, ...]) -> list[Entry]:
    """Every rule, crosscheck and generic code: weight, form, sentence, example, source.

    `in_template` says of a rule whether the division's workbook checks it before it is sent.
    """
    of_forms = (_form_rule(rule, form) for form in forms for rule in form.rules)
    return [*of_forms, *_crosschecks(), *_generic()]


def explain(code: str, forms: tuple[FormSpec, ...]) -> Entry:
    """One entry by its code, in any case; PipelineError where there is none."""
    known = {str(entry["code"]).casefold(): entry for entry in rules(forms)}
    if code.casefold() not in known:
        near = get_close_matches(code.casefold(), known, cutoff=0.5)
        names = ", ".join(str(known[each]["code"]) for each in near) or "-"
        raise PipelineError("unknown-code", name=code, near=names)
    return known[code.casefold()]


def lines(entries: Sequence[Entry], lang: str) -> Iterator[str]:
    """The catalogue for a narrow screen: a block for each code."""
    for entry in entries:
        names = str(entry["severity"]).split(", ")
        weights = " / ".join(say(f"severity.{name}", lang) for name in names)
        place = f" · {entry['form']}" if entry["form"] else ""
        yield f"{entry['code']} [{weights}]{place}"
        yield f"    {entry[lang]}"
        yield f"    {say('screen.such-as', lang, example=entry[f'example_{lang}'])}"
        if entry.get(f"counterexample_{lang}"):
            counterexample = entry[f"counterexample_{lang}"]
            yield f"    {say('screen.but-not', lang, example=counterexample)}"
        if entry["source"]:
            yield f"    {say('screen.source', lang, source=entry['source'])}"
        if entry.get("in_template") is False:
            yield f"    {say('screen.after-sending', lang)}"
        yield from _in_layouts(entry, lang)


def _in_layouts(entry: Entry, lang: str) -> Iterator[str]:
    """In which other layouts of its form a rule looks, and why not in the rest."""
    layouts: Sequence[Mapping[str, Any]] = entry.get("layouts") or ()  # type: ignore[assignment]
    able = [each[lang] for each in layouts if not each["lacking"]]
    if able:
        yield f"    {say('screen.rule-looks', lang, layouts=', '.join(able))}"
    for each in layouts:
        if each["lacking"]:
            columns = ", ".join(f"“{heading}”" for heading in each["lacking"])
            yield f"    {say('screen.rule-blind', lang, layout=each[lang], columns=columns)}"


def _entry(
    code: str, weights: Iterable[Severity], sentence: Mapping[str, str], example: Mapping[str, str]
) -> dict[str, object]:
    """What all entries share; a place of a sentence that only a finding fills is an ellipsis."""
    blanks: Mapping[str, str] = defaultdict(lambda: "…")
    return {
        "code": code,
        "severity": ", ".join(weight.name for weight in weights),
        "form": "",
        **{lang: sentence[lang].format_map(blanks) for lang in LANGUAGES},
        **{f"example_{lang}": example[lang] for lang in LANGUAGES},
        "source": "",
    }


def _form_rule(rule: Rule, form: FormSpec) -> Entry:
    sentence = {lang: form.named(getattr(rule, lang), lang) for lang in LANGUAGES}
    blank = {lang: say("screen.nothing-typed", lang) for lang in LANGUAGES}
    breaks, holds = (
        {lang: form.as_typed(row, lang, blank[lang]) for lang in LANGUAGES}
        for row in (rule.breaks, rule.holds)
    )
    return {
        **_entry(rule.code, (rule.severity,), sentence, breaks),
        **{f"counterexample_{lang}": text for lang, text in holds.items()},
        "form": form.about.sheet,
        "columns": [" ".join(form.column(name).th.split()) for name in rule.on],
        "breaks": dict(rule.breaks),
        "holds": dict(rule.holds),
        "source": rule.source,
        "in_template": is_expressible(form, rule),
        "layouts": rule_in_layouts(rule, form),
    }


def _crosschecks() -> Iterator[Entry]:
    for check in crosschecks().values():
        sentence = {"th": check.th, "en": check.en}
        example = dict(zip(LANGUAGES, check.example, strict=True))
        entry = _entry(check.code, (check.severity,), sentence, example)
        yield entry | {"source": check.source, "in_template": False}


def _generic() -> Iterator[Entry]:
    for key, sentence in catalogue().items():
        if key.startswith("finding."):
            code = key.removeprefix("finding.")
            yield _entry(code, weights_of(code), sentence, catalogue()[f"example.{code}"])
