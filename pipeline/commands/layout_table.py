"""The other layouts in which forms arrive: their headings, what is read below each, which rules."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from pipeline.commands.dictionary import examples
from pipeline.messages import LANGUAGES, say
from schemas.kit.columns import Column
from schemas.kit.form import FormSpec, Rule
from schemas.kit.kinds import IN_EXAMPLES, Typed
from schemas.kit.layouts import Layout

Entry = Mapping[str, Any]
_MOST = 8  # cells shown of a column without a list; all of them stand in the table of values


def layout_table(forms: tuple[FormSpec, ...]) -> list[Entry]:
    """One entry a layout: form, title, whether it may count, headings and values by column."""
    return [
        {
            "form": form.name,
            "layout": layout.name,
            "th": layout.th,
            "en": layout.en,
            "period": layout.period or None,
            "columns": [_column(form, layout, names, said) for names, said in _headings(layout)],
            "unused": list(layout.unused),
            "nothing": list(layout.nothing),
        }
        for form in forms
        for layout in form.variants.layouts
    ]


def layout_lines(entries: Sequence[Entry], lang: str) -> Iterator[str]:
    """The table for a narrow screen: a column, the headings it is known by, typed → read."""
    for entry in entries:
        yield f"{entry['form']} · {entry[lang]}"
        for column in entry["columns"]:
            yield f"  {column[lang]} ← {' · '.join(column['headings'])}"
            for each in column["values"]:
                yield f"      {each['typed']} → {each[lang] or say('screen.not-read', lang)}"
        if entry["unused"]:
            yield "  " + say("screen.layout-unused", lang, headings=" · ".join(entry["unused"]))


def rule_in_layouts(rule: Rule, form: FormSpec) -> list[Entry]:
    """For each layout that counts whether a rule can find anything there, else what is lacking."""
    return [
        {
            "layout": layout.name,
            **{lang: getattr(layout, lang) for lang in LANGUAGES},
            "lacking": [
                " ".join(form.column(name).th.split())
                for name in rule.on
                if name not in form.columns_in(layout)
            ],
        }
        for layout in form.variants.layouts
        if not layout.into_template
    ]


def _headings(layout: Layout) -> Iterator[tuple[list[str], tuple[str, ...]]]:
    for names, said in (*layout.headings.items(), *layout.optional.items()):
        yield names.split("+"), said
    for name, said in layout.follows.items():
        yield [name], said


def _column(form: FormSpec, layout: Layout, names: list[str], said: tuple[str, ...]) -> Entry:
    columns = [form.column(name) for name in names]
    return {
        "columns": names,
        **{
            lang: " + ".join(" ".join(getattr(c, lang).split()) for c in columns)
            for lang in LANGUAGES
        },
        "headings": list(said),
        "optional": not set(names) <= set(layout.columns),
        "values": [each for column in columns for each in _values(column)],
    }


def _values(column: Column) -> Iterator[Entry]:
    """What is typed and read: every spelling of a list, else the examples of the kind."""
    if column.choices:
        typed = [Typed("text", each) for each in dict.fromkeys((*column.choices, *column.also))]
    else:
        typed = [each.typed for each in islice(examples(column.kind), _MOST)]
    for each in typed:
        reading = column.read(each, IN_EXAMPLES)
        read = {
            lang: None if reading.problem else column.show(reading.value, lang, IN_EXAMPLES)
            for lang in LANGUAGES
        }
        yield {"typed": each.raw, "sort": each.sort, **read}
