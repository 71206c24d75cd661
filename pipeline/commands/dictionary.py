"""The data dictionary: every column of every form, and what is read of what clerks type."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.files import writing
from pipeline.messages import LANGUAGES, finding_sentence, say
from pipeline.model import Finding, Plan
from pipeline.template.guide import guide, guide_forms
from schemas.kit.columns import Column, column_of
from schemas.kit.form import FormSpec
from schemas.kit.kinds import IN_EXAMPLES, ColumnKind, Context, Typed, kinds
from schemas.kit.thai.thai_text import ParsedCell

Entry = Mapping[str, Any]


class Example(NamedTuple):
    """One cell, the column it stands in, what is known beside it, and what it is read as."""

    column: Column
    typed: Typed
    context: Context
    reading: ParsedCell[Any]


def dictionary(forms: tuple[FormSpec, ...]) -> list[Entry]:
    """One entry per column: form, identifier, both headings, kind, whether required, choices."""
    return [
        {
            "form": form.name,
            "sheet": form.about.sheet,
            "version": form.about.version,
            "column": column.identifier,
            "th": " ".join(column.th.split()),
            "en": column.en,
            "kind": column.kind.name,
            "type": column.kind.exported,
            "required": column.required.name if column.required else None,
            "choices": list(column.choices),
            "was": list(column.was),
            "help_th": column.help_th,
            "help_en": column.help_en,
            "example": column.example,
        }
        for form in forms
        for column in form.columns
    ]


def write_guide(plan: Plan, path: Path) -> int:
    """Write the guide to the forms of a round; how many there are.

    Raises PipelineError where another program holds the file open.
    """
    data = guide(plan)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return len(guide_forms(plan))


# --- the table of values, read by the real parsers ----------------------------------------------


def values() -> list[Entry]:
    """One entry per example: kind, sort of cell, typed, read, the codes and what they say."""
    return [_entry(example) for example in examples()]


def lines(entries: Sequence[Entry], lang: str) -> Iterator[str]:
    """The table for a narrow screen: what was typed → what is read, its codes and words below."""
    heading = ""
    for entry in entries:
        if entry[f"heading_{lang}"] != heading:
            heading = entry[f"heading_{lang}"]
            yield heading
        cell = "" if entry["cell"] == "text" else say(f"screen.cell-{entry['cell']}", lang)
        typed = say("screen.typed-in", lang, typed=entry["typed"], cell=cell)
        read = entry["problem"] and say("screen.not-read", lang)
        yield f"  {typed} → {read or entry[f'read_{lang}']}"
        codes = [entry["problem"]] if entry["problem"] else entry["repairs"]
        if codes:
            yield f"      {', '.join(codes)}: {entry[lang]}"


def _sort(example: Example) -> str:
    """The sort of the cell, or what else decides how it is read."""
    if example.context.round is None:
        return "no-round"
    return "percent" if example.typed.percent else example.typed.sort


def _entry(example: Example) -> Entry:
    reading, column = example.reading, example.column
    problem = f"unreadable-{reading.problem.replace('_', '-')}" if reading.problem else None
    return {
        "kind": column.kind.name,
        "heading_th": column.th,
        "heading_en": column.en,
        "cell": _sort(example),
        "typed": example.typed.raw,
        **{
            f"read_{lang}": None if problem else column.show(reading.value, lang, example.context)
            for lang in LANGUAGES
        },
        "repairs": [str(code) for code in reading.repairs],
        "problem": problem,
        **{lang: _said(example, problem, lang) for lang in LANGUAGES},
    }


def _said(example: Example, problem: str | None, lang: str) -> str:
    """The sentence of the problem as a clerk gets it, else what was put right."""
    if problem is None:
        return " · ".join(say(f"repair.{code}", lang) for code in example.reading.repairs)
    column, suggested = example.column, example.reading.suggestion
    params = {
        "heading": column.th,
        "expected_th": column.readable("th", example.context),
        "expected_en": column.readable("en", example.context),
    }
    if suggested is not None:
        params[f"suggestion_{lang}"] = column.show(suggested, lang, example.context)
    return finding_sentence(Finding(problem, column.defect, params=params), lang, ())


def examples(*of: ColumnKind) -> Iterator[Example]:
    """Every example, or those of some kinds, read by the real parser of its kind."""
    for kind, of_kind in ((each, more) for each in of or kinds() for more in each.examples):
        column = column_of(kind, of_kind.th, of_kind.en, **of_kind.options)
        cells = [(_typed(each), IN_EXAMPLES) for each in of_kind.cells]
        cells += [(Typed("text", each), Context()) for each in of_kind.without_round]
        for typed, context in cells:
            read = of_kind.read(typed.raw) if of_kind.read else column.read(typed, context)
            yield Example(column, typed, context, read)


def _typed(cell: str | tuple[str, str] | Typed) -> Typed:
    if isinstance(cell, Typed):
        return cell
    return Typed("text", cell) if isinstance(cell, str) else Typed(*cell)
