"""A figure before it is computed, and the computing of all of them in order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from pipeline.messages import catalogue, say
from pipeline.model import Figure, Slice
from pipeline.model.conditions import Where
from pipeline.model.terms import Count, Evaluation, FigureTerm, Linear, Scalar, Sum, Term
from schemas.kit.form import FormSpec

DIVISION = "division"  # whose rows they are: no column of a form, but one of many frames
_SIGNS = {">=": "≥", "<=": "≤", "<>": "≠"}
_COUNTED = Where("fate", "accepted", shown=say("fate.accepted"))


@dataclass(frozen=True)
class Declared:
    """One figure before it is computed: what it is about, its own name, its term, its dimensions.

    Its sentences stand in the catalogue under `key`, by default its subject and its name, and may
    have the places of its dimensions and {of} for the first of them; a count or a sum without
    sentences is described by its form.
    """

    subject: str
    name: str
    term: Term
    dimensions: Mapping[str, Slice] = field(default_factory=dict)
    key: str = ""
    sheet: str = ""

    @property
    def id(self) -> str:
        """The name that formulas know it by."""
        codes = (each.code for each in self.dimensions.values())
        return ".".join(filter(None, (self.subject, *codes, self.name)))

    def computed(self, scope: Evaluation, forms: Sequence[FormSpec]) -> Figure:
        """The figure with its value and its rows."""
        unit = self.term.unit(scope)
        title_th, title_en, definition_th, definition_en = self._sentences(forms)
        return Figure(
            id=self.id,
            term=self.term,
            value=_in_unit(self.term.value(scope), unit),
            unit=unit,
            title_th=title_th,
            title_en=title_en,
            definition_th=definition_th,
            definition_en=definition_en,
            taken=self.term.rows(scope),
            subject=self.subject,
            name=self.name,
            dimensions=self.dimensions,
            sheet=self.sheet,
        )

    def _sentences(self, forms: Sequence[FormSpec]) -> Iterator[str]:
        """Title and definition, each in Thai and in English."""
        key = f"figure.{self.key or f'{self.subject}.{self.name}'}"
        if f"{key}.title" not in catalogue() and isinstance(self.term, Count):
            yield from _described(self.term, forms)
            return
        for sentence in ("title", "definition"):
            for lang in ("th", "en"):
                places = {name: getattr(each, lang) for name, each in self.dimensions.items()}
                of = next(iter(places.values()), say("figure.of.all", lang))
                yield say(f"{key}.{sentence}", lang, of=of, **places)


def _in_unit(value: Scalar, unit: str) -> int | Decimal | str | None:
    if isinstance(value, Decimal) and unit == "count" and value % 1 == 0:
        return int(value)
    return value


def _described(term: Count, forms: Sequence[FormSpec]) -> Iterator[str]:
    """What is counted or summed, of which rows, in the words of the form."""
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
    if column == DIVISION:
        return say("figure.described.division", lang)
    found = form.column(column)
    return " ".join((found.th if lang == "th" else found.en).split())


def compute(
    declared: Iterable[Declared], over: Evaluation, forms: Sequence[FormSpec]
) -> dict[str, Figure]:
    """Every figure in the order of its declaration; later ones may refer to earlier ones."""
    figures: dict[str, Figure] = {}
    scope = replace(over, figures=figures)
    for each in declared:
        figures[each.id] = each.computed(scope, forms)
    return figures


def counted(form: str, *where: Where) -> Count:
    """How many rows of a form count and meet the conditions."""
    return Count(form, where, _COUNTED)


def summed(form: str, column: str, *where: Where) -> Sum:
    """The sum of a column over the rows of a form that count and meet the conditions."""
    return Sum(form, where, _COUNTED, column)


def slice_of(code: str, key: str, *, is_whole: bool = False, **params: str) -> Slice:
    """A slice that the catalogue has words for."""
    th, en = (say(f"figure.of.{key}", lang, **params) for lang in ("th", "en"))
    return Slice(code, th, en, is_whole)


def sum_of(prefix: str, names: Iterable[str]) -> Linear:
    """The figures of these names below a prefix, added up."""
    return Linear(tuple((1, FigureTerm(f"{prefix}.{name}")) for name in names))


def rest_of(whole: str, parts: Iterable[str]) -> Linear:
    """What a figure has beyond those that are parts of it."""
    return Linear(((1, FigureTerm(whole)), *((-1, FigureTerm(part)) for part in parts)))
