"""A figure in words where it has none of its own: what is counted or summed, of which rows."""

from collections.abc import Iterator, Sequence

from pipeline.messages import say
from pipeline.model.conditions import Where
from pipeline.model.terms import Count
from schemas.kit.form import FormSpec

_SIGNS = {">=": "≥", "<=": "≤", "<>": "≠"}


def described(term: Count, forms: Sequence[FormSpec]) -> Iterator[str]:
    """Title and definition, each in Thai and in English, in the words of the form."""
    form = next(each for each in forms if each.name == term.frame)
    for sentence in ("title", "definition"):
        for lang, sheet in (("th", form.about.sheet), ("en", form.about.en)):
            conditions = ", ".join(_condition(each, form, lang) for each in term.where)
            places = {"form": sheet, "where": f" ({conditions})" if conditions else ""}
            if term.column:
                places["column"] = _heading(form, term.column, lang)
            kind = "sum" if term.column else "count"
            yield say(f"figure.described.{kind}.{sentence}", lang, **places)


def _condition(each: Where, form: FormSpec, lang: str) -> str:
    blank = say("figure.described.blank", lang)
    value = each.key or each.shown or (blank if each.value is None else each.value)
    sign = _SIGNS.get(each.operator, each.operator)
    return f"{_heading(form, each.column, lang)} {sign} {value}"


def _heading(form: FormSpec, column: str, lang: str) -> str:
    found = form.column(column)
    return " ".join((found.th if lang == "th" else found.en).split())
