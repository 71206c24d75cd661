"""Every rule in every layout: it can fire there, or the layout has not the columns it asks."""

from dataclasses import replace

import pytest

from pipeline.validate import judge
from schemas.kit.form import FormSpec
from schemas.kit.layouts import Layout
from tests.support.form_rows import CONTEXT, FORMS, table

# No rule looks at what only goes back as rows of our template: nothing of it counts.
LAYOUTS = [
    (form, each)
    for form in FORMS.values()
    for each in form.variants.layouts
    if not each.into_template
]
# A list of reference prices tells of no purchase.
PURCHASES = [(form, each) for form, each in LAYOUTS if "winner_and_price_raw" in each.columns]
RULES = [(form, layout, rule) for form, layout in LAYOUTS for rule in form.rules]
# What each layout cannot be asked, since it has no such column.
OUT_OF_REACH = {
    "quarterly": {"PRC-02", "PRC-03", "PRC-06"},
    "monthly": {"PRC-05", "PRC-06"},
    "oit": {"PRC-04"},
    "open_data": {"PRC-04"},
    "printed": set(),
    "reference_price": {"PRC-01", "PRC-02", "PRC-03", "PRC-04", "PRC-05", "PRC-06"},
}


def in_layout(form: FormSpec, layout: Layout, changes):
    """The row as a sheet of that layout would hold it: blank where it has no column."""
    held = form.columns_in(layout)
    kept = {n: v for n, v in changes.items() if n in held}
    blank = {c.name: "" for c in form.columns if c.name not in held and not c.derived}
    made = table(form, blank | kept)
    (sheet, places), *_ = made.positions.items()
    typed = {n: at for n, at in places.items() if n in layout.columns or kept.get(n)}
    return replace(made, positions={sheet: typed}, optional={sheet: layout.optional_columns})


@pytest.mark.parametrize(
    ("form", "layout", "rule"),
    RULES,
    ids=lambda each: getattr(each, "name", getattr(each, "code", "")),
)
def test_a_rule_can_fire_in_every_layout_that_has_its_columns(form, layout, rule) -> None:
    reach = set(rule.on) <= form.columns_in(layout)
    assert reach == (rule.code not in OUT_OF_REACH[layout.name])
    found = {finding.code for finding in judge(in_layout(form, layout, rule.breaks), CONTEXT)}
    assert (rule.code in found) == reach


@pytest.mark.parametrize(("form", "layout"), PURCHASES, ids=lambda each: each.name)
@pytest.mark.parametrize("winner", ["ร้านตัวอย่าง", "ยกเลิก", "ร้านตัวอย่าง 2499"])
def test_no_purchase_counts_without_its_price_in_any_layout(form, layout, winner) -> None:
    changes = {"winner_and_price_raw": winner, "agreed_price_satang": ""}
    errors = {f.code for f in judge(in_layout(form, layout, changes), CONTEXT) if f.severity == 3}
    assert errors & {"PRC-01", "required"}
