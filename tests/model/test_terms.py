"""A figure's term says all that is known of it: value, formula, rows, parts, and what adds up."""

import random
import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.aggregate import _scope
from pipeline.aggregate.declared import Declared, compute, counted, summed
from pipeline.aggregate.figures import declare
from pipeline.aggregate.previous_round import Recorded
from pipeline.model.conditions import Where
from pipeline.model.terms import (
    AtMost,
    Band,
    Count,
    CriterionTerm,
    Evaluation,
    FigureTerm,
    Linear,
    Quantity,
    Share,
    Sum,
)
from pipeline.run import assess

NAMES = re.compile(r'"(?:[^"]|"")*"|([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)')
GIFTS = pd.DataFrame({"fate": ["accepted"] * 4, "kind": list("aabb"), "n": [1, 2, 3, 4]})
HELD = pd.concat([GIFTS, GIFTS.assign(fate="held_back")], ignore_index=True)


@pytest.fixture(scope="module")
def settled(plan_messy):
    return assess(plan_messy)


@pytest.fixture(scope="module")
def scope(settled):
    return _scope(settled.tables, settled.frames, settled.plan)


def over(frame, **figures):
    known = {key: Quantity(Count("gifts"), each, "count") for key, each in figures.items()}
    return Evaluation({"gifts": frame}, {"least": Decimal("2.5")}, known)


# --- each term ----------------------------------------------------------------------------------


def test_a_count_and_a_sum_take_the_rows_that_they_name():
    of_a, here = Where("kind", "a"), Where("fate", "accepted", shown="นำมารวม")
    count, total = Count("gifts", (of_a,), here), Sum("gifts", (of_a,), here, "n")
    assert (count.value(over(HELD)), total.value(over(HELD))) == (2, 3)
    assert count.rows(over(HELD)) == {count: (0, 1)}
    assert total.formula() == 'SUMIFS(gifts.n,gifts.kind,"=a",gifts.fate,"=นำมารวม")'
    assert (count.columns, total.columns) == (("kind", "fate"), ("n", "kind", "fate"))
    assert (count.telling, total.telling) == ("kind", "n")


def test_money_is_kept_in_satang_and_given_in_baht():
    frame = GIFTS.assign(value_satang=[150, 250, 0, 1])
    total = Sum("gifts", (Where("kind", "a"),), None, "value_satang")
    assert (total.value(over(frame)), total.unit(over(frame))) == (4, "baht")
    assert total.formula() == 'SUMIFS(gifts.value_baht,gifts.kind,"=a")'
    assert total.columns == ("value_baht", "kind")


def test_a_share_has_no_value_without_a_base_and_asks_its_denominator_first():
    share = Share(FigureTerm("a.done"), FigureTerm("a.all"))
    assert share.value(over(GIFTS, **{"a.done": 1, "a.all": 3})) == Decimal("33.33")
    assert share.value(over(GIFTS, **{"a.done": 1, "a.all": 0})) is None
    assert share.value(over(GIFTS, **{"a.done": None, "a.all": 3})) is None
    assert [each.name for each in share.operands()] == ["a.all", "a.done"]
    assert share.formula(lambda name: f"old.{name}") == (
        'IF(old.a.all=0,"",ROUND((old.a.done)/(old.a.all)*100,2))'
    )


def test_a_weighted_sum_is_a_mere_number():
    plain = Linear(((1, FigureTerm("a")), (-1, FigureTerm("b"))))
    weighted = Linear(((CriterionTerm("least"), FigureTerm("a")), (2, FigureTerm("b"))))
    known = over(GIFTS, a=4, b=1)
    assert (plain.value(known), plain.unit(known), plain.formula()) == (3, "count", "a-b")
    assert (weighted.value(known), weighted.unit(known)) == (12, "number")
    assert weighted.formula() == "a*criteria.least+2*b"
    assert weighted.value(over(GIFTS, a=4, b=None)) is None


def test_a_band_is_half_open_and_shown_by_its_word():
    band = Band(FigureTerm("a"), ((CriterionTerm("least"), "high", "มาก"),), ("low", "น้อย"))
    values = {Decimal("2.49"): "low", Decimal("2.5"): "high", None: None}
    assert {v: band.value(over(GIFTS, a=v)) for v in values} == values
    assert band.formula() == 'IF(a="","",IF(a>=criteria.least,"มาก","น้อย"))'
    assert band.unit(over(GIFTS, a=1)) == "text"


def test_what_is_capped_is_counted_in_what_it_was():
    capped = AtMost(FigureTerm("a"), 3)
    assert [capped.value(over(GIFTS, a=each)) for each in (2, 4, None)] == [2, 3, None]
    assert capped.unit(over(GIFTS, a=2)) == "count"


def test_what_another_round_recorded_leads_to_no_row_of_this_one():
    share = Share(FigureTerm("a"), FigureTerm("b"))
    live, fixed = (Recorded(Decimal(5), "pct", "earlier.", each) for each in (share, None))
    assert "earlier.b=0" in live.formula()
    assert fixed.formula() == ""
    known = over(GIFTS, a=1, b=2)
    assert (live.value(known), live.operands(), list(live.leaves(known.figures))) == (5, (), [])


# --- every figure of a round --------------------------------------------------------------------


def test_a_formula_names_what_the_term_says_that_it_combines(settled):
    """In the same order; a count names the columns that its conditions and its sum are about."""
    checked = 0
    for figure in settled.figures.values():
        named = dict.fromkeys(hit[1] for hit in NAMES.finditer(figure.formula) if hit[1])
        operands = figure.term.operands()
        if all(each.name for each in operands) and not isinstance(figure.term, Recorded):
            assert list(named) == [each.name for each in operands], figure.id
            checked += 1
        else:
            frames = {each.frame for each in operands if isinstance(each, Count)}
            own = {name.partition(".")[0] for name in named} - {"criteria", "earlier"}
            assert own == frames, figure.id
    assert checked > 100


def test_the_rows_of_a_figure_give_its_value(settled, scope):
    for figure in settled.figures.values():
        if not figure.term.addends():
            continue
        total = Decimal(0)
        for factor, leaf in figure.term.addends():
            frame = scope.frames[leaf.frame].loc[list(figure.taken[leaf])]
            worth = int(frame[leaf.column].sum()) if leaf.column else len(frame)
            total += Decimal(factor * worth) / (100 if leaf.column.endswith("_satang") else 1)
        assert total == figure.value, figure.id


@pytest.mark.parametrize("seed", range(5))
def test_partial_results_combine_in_any_tree(settled, scope, seed):
    """What adds up is added; any other figure is computed from what it combines, never added."""
    chance = random.Random(seed)
    declared = list(declare(settled.plan, scope.frames))
    results = [compute(declared, each, settled.plan.forms) for each in parts(scope, 7, chance)]
    while len(results) > 1:
        chance.shuffle(results)
        one, other = results.pop(), results.pop()
        results.append(merged(declared, one, other, scope))
    for each in declared:
        assert results[0][each.id].value == settled.figures[each.id].value, each.id


def parts(scope, count, chance):
    """The rows of all frames, dealt out at random."""
    dealt = {
        name: np.array([chance.randrange(count) for _ in frame.index], dtype=int)
        for name, frame in scope.frames.items()
    }
    for number in range(count):
        frames = {name: frame[dealt[name] == number] for name, frame in scope.frames.items()}
        yield Evaluation(frames, scope.criteria, {})


def merged(declared, one, other, scope):
    found = {}
    for each in declared:
        here = Evaluation({}, scope.criteria, found)
        if each.term.addends():
            value = one[each.id].value + other[each.id].value
        else:
            value = each.term.value(here)
        found[each.id] = Quantity(each.term, value, one[each.id].unit)
    return found


# --- declared in one place ----------------------------------------------------------------------


def test_a_count_without_words_of_its_own_is_described_by_its_form(settled, scope):
    where = Where("manual_type", "คู่มือสำหรับประชาชน")
    declared = [
        Declared("extra", "rows", counted("service_manual", where)),
        Declared("extra", "baht", summed("gift_report", "estimated_value_satang")),
    ]
    rows, baht = compute(declared, scope, settled.plan.forms).values()
    assert rows.id == "extra.rows"
    assert rows.value == settled.figures["manuals.public"].value
    assert "ประเภทคู่มือ = คู่มือสำหรับประชาชน" in rows.title_th.replace("\n", " ")
    assert rows.title_en.startswith(settled.plan.form("service_manual").about.en)
    assert baht.unit == "baht"
    assert (
        settled.plan.form("gift_report").column("estimated_value_satang").en in baht.definition_en
    )


def test_no_figure_is_read_back_from_text():
    """Formulas, titles and ids are written from what is known, and parsed by nobody who knows it."""
    root = Path(__file__).parents[2] / "pipeline"
    patterns = (
        r"(?:figure|said|each|part)\.formula\.(?:startswith|partition|split)",
        r"in [\w.]*figure\.formula",
    )
    patterns += (r"title_\w\w\.(?:partition|rpartition|removesuffix|split)",)
    lax = re.compile("|".join(patterns))
    folders = ("aggregate", "audit", "record", "report")
    found = (path for folder in folders for path in (root / folder).glob("*.py"))
    assert [path.name for path in found if lax.search(path.read_text("utf-8"))] == []
