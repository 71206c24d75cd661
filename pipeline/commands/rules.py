"""The catalogue of everything the program can find, and one entry of it explained."""

from collections.abc import Iterator, Mapping

from pipeline.messages import catalogue
from pipeline.model import PipelineError
from schemas.crosschecks import crosschecks
from schemas.kit.form import FormSpec, Rule

Entry = Mapping[str, object]


def rules(forms: tuple[FormSpec, ...]) -> list[Entry]:
    """Every rule, crosscheck and generic code: code, severity, form, Thai, English, source."""
    return [*_form_rules(forms), *_crosschecks(), *_generic()]


def explain(code: str, forms: tuple[FormSpec, ...]) -> Entry:
    """One entry by its code, in any case; PipelineError where there is none."""
    for entry in rules(forms):
        if str(entry["code"]).casefold() == code.casefold():
            return entry
    raise PipelineError("unknown-code", name=code)


def _form_rules(forms: tuple[FormSpec, ...]) -> Iterator[Entry]:
    for form in forms:
        yield from (_entry(rule, form) for rule in form.rules)


def _entry(rule: Rule, form: FormSpec) -> Entry:
    return {
        "code": rule.code,
        "severity": rule.severity.name,
        "form": form.about.sheet,
        "th": _named(rule.th, form, "th"),
        "en": _named(rule.en, form, "en"),
        "columns": [" ".join(form.column(name).th.split()) for name in rule.on],
        "breaks": dict(rule.breaks),
        "holds": dict(rule.holds),
        "source": rule.source,
    }


def _named(sentence: str, form: FormSpec, lang: str) -> str:
    """The sentence with the headings of its columns in the places of their values."""
    return sentence.format_map({c.name: f"“{getattr(c, lang)}”" for c in form.columns})


def _crosschecks() -> Iterator[Entry]:
    for check in crosschecks().values():
        yield {
            "code": check.code,
            "severity": check.severity.name,
            "form": "",
            "th": check.th,
            "en": check.en,
            "source": check.source,
        }


def _generic() -> Iterator[Entry]:
    for key, sentence in catalogue().items():
        if key.startswith("finding."):
            code = key.removeprefix("finding.")
            yield {"code": code, "severity": "", "form": "", **sentence, "source": ""}
