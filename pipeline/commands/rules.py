"""The catalogue of everything the program can find, and one entry of it explained."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    return [*_form_rules(forms), *_crosschecks(), *_generic()]


def explain(code: str, forms: tuple[FormSpec, ...]) -> Entry:
    """One entry by its code, in any case; PipelineError where there is none."""
    for entry in rules(forms):
        if str(entry["code"]).casefold() == code.casefold():
            return entry
    raise PipelineError("unknown-code", name=code)


def lines(entries: Sequence[Entry], lang: str) -> Iterator[str]:
    """The catalogue for a narrow screen: a block for each code."""
    for entry in entries:
        weights = " / ".join(say(f"severity.{name}", lang) for name in _names(entry["severity"]))
        place = f" · {entry['form']}" if entry["form"] else ""
        yield f"{entry['code']} [{weights}]{place}"
        yield f"    {entry[lang]}"
        yield f"    {say('screen.such-as', lang, example=entry[f'example_{lang}'])}"
        if entry.get(f"counterexample_{lang}"):
            kept = entry[f"counterexample_{lang}"]
            yield f"    {say('screen.but-not', lang, example=kept)}"
        if entry["source"]:
            yield f"    {say('screen.source', lang, source=entry['source'])}"
        if entry.get("in_template") is False:
            yield f"    {say('screen.after-sending', lang)}"


def _names(weights: object) -> Iterable[str]:
    return str(weights).split(", ")


def _entry(
    code: str, weights: Iterable[Severity], said: Mapping[str, str], example: Mapping[str, str]
) -> dict[str, object]:
    """What all entries share; a place of a sentence that only a finding fills is an ellipsis."""
    blanks: Mapping[str, str] = defaultdict(lambda: "…")
    return {
        "code": code,
        "severity": ", ".join(weight.name for weight in weights),
        "form": "",
        **{lang: said[lang].format_map(blanks) for lang in LANGUAGES},
        **{f"example_{lang}": example[lang] for lang in LANGUAGES},
        "source": "",
    }


def _form_rules(forms: tuple[FormSpec, ...]) -> Iterator[Entry]:
    for form in forms:
        yield from (_form_rule(rule, form) for rule in form.rules)


def _form_rule(rule: Rule, form: FormSpec) -> Entry:
    said = {lang: form.named(getattr(rule, lang), lang) for lang in LANGUAGES}
    breaks = {lang: _cells(rule.breaks, form, lang) for lang in LANGUAGES}
    return {
        **_entry(rule.code, (rule.severity,), said, breaks),
        **{f"counterexample_{lang}": _cells(rule.holds, form, lang) for lang in LANGUAGES},
        "form": form.about.sheet,
        "columns": [_one_line(form.column(name).th) for name in rule.on],
        "breaks": dict(rule.breaks),
        "holds": dict(rule.holds),
        "source": rule.source,
        "in_template": is_expressible(form, rule),
    }


def _cells(row: Mapping[str, str], form: FormSpec, lang: str) -> str:
    """The cells of an example, for a blank the word for it."""
    return form.as_typed(row, lang, say("screen.nothing-typed", lang))


def _one_line(heading: str) -> str:
    return " ".join(heading.split())


def _crosschecks() -> Iterator[Entry]:
    for check in crosschecks().values():
        said = {"th": check.th, "en": check.en}
        example = dict(zip(LANGUAGES, check.example, strict=True))
        entry = _entry(check.code, (check.severity,), said, example)
        yield entry | {"source": check.source, "in_template": False}


def _generic() -> Iterator[Entry]:
    for key, said in catalogue().items():
        if key.startswith("finding."):
            code = key.removeprefix("finding.")
            yield _entry(code, weights_of(code), said, catalogue()[f"example.{code}"])
