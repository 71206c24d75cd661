"""Every generic sentence, Thai and English side by side, in the TOML files of this folder.

A rule's own sentences stand beside the rule; `finding_sentence` serves both by one look-up.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from pipeline.model import Figure, Finding, OpenItem, Plan
from schemas.crosschecks import crosschecks
from schemas.kit.form import FormSpec, Rule
from schemas.kit.thai.dates import format_month

LANGUAGES = ("th", "en")


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every sentence by its dotted key ("finding.required"), each with "th" and "en".

    A bare string is a sentence that stands in Thai files alone: it has no "en".
    """
    sentences: dict[str, Mapping[str, str]] = {}
    for file in sorted(files(__package__).iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            _flatten(tomllib.loads(file.read_text("utf-8")), "", sentences)
    return sentences


def say(key: str, lang: str = "th", /, **params: object) -> str:
    """The sentence of a key in one language, its {places} filled; KeyError for a strange key."""
    pattern = catalogue()[key][lang]
    return pattern.format_map(_Places(params, lang)) if params else pattern


def template_sheets() -> tuple[str, ...]:
    """The names of the sheets that we add to a template: they hold nothing that is reported."""
    return tuple(say(f"template.{name}-sheet") for name in ("precheck", "lists", "marks"))


@lru_cache(maxsize=4)
def rules_of(forms: tuple[FormSpec, ...]) -> Mapping[str, Rule]:
    """Every rule of the forms by its code."""
    return {rule.code: rule for form in forms for rule in form.rules}


def finding_sentence(finding: Finding, lang: str, forms: tuple[FormSpec, ...]) -> str:
    """What a finding says: a rule's own sentence, else the catalogue's, with its parameters."""
    rule = rules_of(forms).get(finding.code) or crosschecks().get(finding.code)
    pattern = getattr(rule, lang) if rule else catalogue()[f"finding.{finding.code}"][lang]
    places = _Places(finding.params, lang)
    if f"suggestion_{lang}" in places:
        pattern += catalogue().get(f"suggested.{finding.code}", {}).get(lang, "")
    return str(pattern.format_map(places))


def note_sentence(finding: Finding, lang: str) -> str:
    """What is printed of a finding under the public table."""
    pattern = crosschecks()[finding.code].note[LANGUAGES.index(lang)]
    return pattern.format_map(_Places(finding.params, lang))


def codes(forms: tuple[FormSpec, ...]) -> tuple[str, ...]:
    """The code of everything that can be found: of rules, of crosschecks, of generic findings."""
    keys = (key.partition(".") for key in catalogue())
    generic = (code for kind, _, code in keys if kind == "finding")
    return (*rules_of(forms), *crosschecks(), *generic)


def figure_title(figure: Figure, lang: str = "th") -> str:
    """A figure's title; what is a part of a subject has the subject in front."""
    title = figure.title_th if lang == "th" else figure.title_en
    subject = f"figure.subject.{figure.subject}"
    return f"{say(subject, lang)} {title}" if subject in catalogue() else title


def figure_text(figure: Figure, lang: str = "th") -> str:
    """A figure's value as a sentence says it; a dash where it has no base."""
    if figure.value is None:
        return "-"
    if figure.unit == "text":
        return say(f"level.{figure.value}", lang)
    return f"{figure.value:,.2f}" if figure.unit in ("baht", "pct") else f"{figure.value:,}"


def edition_name(edition: str, lang: str = "th") -> str:
    """The edition's words; the number of an amendment follows its code."""
    name, _, number = edition.partition("-")
    return say(f"edition.{name}", lang, **({"number": number} if number else {}))


def open_sentence(item: OpenItem, plan: Plan, lang: str) -> str:
    """What an open item says, its form by its sheet, its month in words."""
    params = _dated(item.params, lang) | {"form": form_words(item, plan, lang)}
    return " ".join(say(f"open.{item.kind}", lang, **params).split())


def form_words(item: OpenItem, plan: Plan, lang: str) -> str:
    """The form that an open item is about, with the parts of the division that owe it."""
    if not item.form:
        return ""
    about, parts = plan.form(item.form).about, item.params.get("parts")
    name = about.sheet if lang == "th" else about.en
    return f"{name} [{parts}]" if parts else name


def _dated(params: Mapping[str, str], lang: str) -> dict[str, str]:
    """The parameters with their month, where they have one, as people write it."""
    month = params.get("month", "")
    words = format_month(date.fromisoformat(month)) if month and lang == "th" else month[:7]
    return {**params, "month": words}


class _Places(dict[str, object]):
    """Parameters of a sentence; `name_th` and `name_en` serve the place {name}."""

    def __init__(self, params: Mapping[str, object], lang: str) -> None:
        super().__init__(params)
        self._lang = lang

    def __missing__(self, key: str) -> object:
        found = self.get(f"{key}_{self._lang}")
        if found is None:
            raise KeyError(key)
        return found


def _flatten(node: Mapping[str, Any], prefix: str, into: dict[str, Mapping[str, str]]) -> None:
    for key, value in node.items():
        if isinstance(value, str):
            into[prefix + key] = {"th": value}
        elif set(value) == set(LANGUAGES) and all(isinstance(v, str) for v in value.values()):
            into[prefix + key] = value
        else:
            _flatten(value, f"{prefix}{key}.", into)
