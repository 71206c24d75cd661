"""From a figure of one round to the same one of another: old + named changes = new, always."""

import random
from dataclasses import replace
from decimal import Decimal

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.aggregate.declared import compute
from pipeline.aggregate.figures import declare
from pipeline.model.bridges import ChangeName, bridges
from pipeline.model.terms import Evaluation
from schemas.procurement import Procurement  # noqa: F401 (its form is asked for by name)
from schemas.project_register import Status

REGISTER, BOUGHT, COMPLAINTS = "project_register", "procurement", "complaint_statistics"


def told(settled, tables=None, frames=None, criteria=None):
    """The round with other rows, lines or criteria, and the figures that then follow."""
    found = {
        name: table.with_frame(frame)
        for name, frame in (tables or {}).items()
        for table in [settled.tables[name]]
    }
    changed = {k: replace(settled.plan.criteria[k], value=v) for k, v in (criteria or {}).items()}
    plan = replace(settled.plan, criteria={**settled.plan.criteria, **changed})
    every = {**settled.tables, **found}
    lines = {**settled.frames, **(frames or {})}
    over = {name: table.frame for name, table in every.items()} | lines
    scope = Evaluation(over, {key: each.value for key, each in plan.criteria.items()}, {})
    figures = compute(declare(plan, over), scope, plan.forms)
    return replace(settled, plan=plan, tables=every, frames=lines, figures=figures)


def rows_of(settled, form):
    return settled.tables[form].frame.copy()


def bridge(then, now, figure):
    (found,) = [each for each in bridges(then, now) if each.now.id == figure]
    assert found.sums
    return found


def named(found):
    return [(each.named.kind, each.delta, len(each.rows)) for each in found.changes]


def test_nothing_moves_between_a_round_and_itself(settled_12):
    assert [each.now.id for each in bridges(settled_12, settled_12) if each.moved] == []


def test_both_rounds_of_the_example_are_bridged_to_the_last_satang(settled_06, settled_12):
    found = bridges(settled_06, settled_12)
    assert len(found) > 200
    assert [each.now.id for each in found if not each.sums] == []
    kinds = {change.named.kind for each in found for change in each.changes}
    assert "unexplained" not in kinds
    assert {"moved", "appeared", "period", "rounding"} <= kinds
    by_id = {each.now.id: each for each in found}
    done, waiting = (
        ChangeName("moved", REGISTER, "project_status", Status.IN_PROGRESS, now, "numerator")
        for now in (Status.DONE, "")
    )
    score = by_id["plan.score_pct"]
    assert [(c.named, c.delta, len(c.rows)) for c in score.changes] == [
        (done, Decimal("28.57"), 20),
        (waiting, Decimal("-4.29"), 3),
        (ChangeName("rounding"), Decimal("0.01"), 0),
    ]
    assert score.ends == {"numerator": (Decimal("24.5"), Decimal(33)), "denominator": (35, 35)}
    level = list(by_id["plan.level"].thresholds(settled_06, settled_12))
    assert level == [("high", "50", "80"), ("medium", "20", "50")]


def test_every_kind_of_change_has_its_name(settled_12):
    rows = rows_of(settled_12, BOUGHT)
    counted = rows.index[rows["fate"] == "accepted"]
    price, gone, held, again = (counted[n] for n in (0, 1, 2, 3))
    was = int(rows.at[price, "agreed_price_satang"])
    rows.at[price, "agreed_price_satang"] = was + 1
    rows.at[held, "fate"] = "held_back"
    new = rows.loc[[again]].assign(contract_no="9999/2599", item_name="ใหม่ (ตัวอย่าง)", vendor="ใหม่")
    new.index = [int(rows.index.max()) + 1]
    table = settled_12.tables[BOUGHT]
    rows = pd.concat([rows.drop(index=gone), new])
    typed = pd.concat([table.typed.drop(index=gone), table.typed.loc[[again]].set_axis(new.index)])
    now = told(
        replace(
            settled_12,
            tables={**settled_12.tables, BOUGHT: replace(table, frame=rows, typed=typed)},
        )
    )
    found = bridge(settled_12, now, "procurement.year.agreed_baht")
    then = settled_12.tables[BOUGHT].frame["agreed_price_satang"]
    assert {kind: delta for kind, delta, _ in named(found)} == {
        "changed": Decimal("0.01"),
        "vanished": -Decimal(int(then[gone])) / 100,
        "fate": -Decimal(int(then[held])) / 100,
        "appeared": Decimal(int(then[again])) / 100,
    }


def test_a_number_of_the_criteria_is_a_change_of_its_own(settled_12):
    now = told(
        settled_12, criteria={"weights.done": Decimal("0.9"), "min_project_count": Decimal(40)}
    )
    weighted = bridge(settled_12, now, "plan.weighted")
    assert [(c.named, c.delta) for c in weighted.changes] == [
        (ChangeName("criterion", "", "weights.done", "1", "0.9"), Decimal("-3.3")),
    ]
    score = bridge(settled_12, now, "plan.score_pct")
    assert [c.named.column for c in score.changes if c.named.kind == "criterion"] == [
        "weights.done",
        "min_project_count",
    ]
    near = told(settled_12, criteria={"thresholds.near_limit_baht": Decimal(1)})
    kinds = {c.named.kind for each in bridges(settled_12, near) for c in each.changes}
    assert "criterion" in kinds
    assert "unexplained" not in kinds


def test_twins_are_no_news_and_one_more_of_them_is(settled_12):
    rows = rows_of(settled_12, BOUGHT)
    table = settled_12.tables[BOUGHT]
    first = rows.index[rows["fate"] == "accepted"][0]

    def with_twins(count):
        more = rows.loc[[first] * count].set_axis(range(9000, 9000 + count))
        typed = table.typed.loc[[first] * count].set_axis(more.index)
        made = replace(table, frame=pd.concat([rows, more]), typed=pd.concat([table.typed, typed]))
        return told(replace(settled_12, tables={**settled_12.tables, BOUGHT: made}))

    two, again, three = with_twins(1), with_twins(1), with_twins(2)
    assert [each.now.id for each in bridges(two, again) if each.moved] == []
    found = bridge(two, three, "procurement.year.contracts")
    assert named(found) == [("appeared", Decimal(1), 1)]


def test_what_was_recorded_otherwise_is_said_to_have_no_row(settled_12):
    figure = settled_12.figures["plan.done"]
    then = replace(
        settled_12, figures={**settled_12.figures, "plan.done": replace(figure, value=30)}
    )
    assert named(bridge(then, settled_12, "plan.done")) == [("unexplained", Decimal(3), 0)]


def test_a_share_without_a_base_is_not_bridged(settled_06, settled_12):
    found = bridge(settled_06, settled_12, "measures.4.completion_pct")
    assert (found.then.value, found.now.value, found.changes) == (None, Decimal("100.00"), ())


# --- whatever changes, it sums --------------------------------------------------------------------


def _scrambled(frame, columns, chance):
    """Cells exchanged for those of other rows or blanked, rows left out and doubled."""
    frame = frame.copy()
    for column in columns:
        values = list(frame[column])
        for index in frame.index:
            if chance.random() < 0.25:
                frame.at[index, column] = chance.choice([*values, pd.NA])
    kept = [index for index in frame.index if chance.random() < 0.9] or list(frame.index)
    return frame.loc[kept]


CELLS = {
    REGISTER: ["project_status", "dimension_no", "disbursed_satang", "fate"],
    BOUGHT: ["agreed_price_satang", "reference_price_satang", "contract_date", "procurement_method", "vendor", "fate"],
    COMPLAINTS: ["received_count", "finished_count", "fiscal_month", "complaint_category"],
}  # fmt: skip
LINES = {"annex": ["progress_status", "reported"], "obligations": ["state", "late"]}


def scrambled(settled, seed):
    chance = random.Random(seed)
    tables = {name: _scrambled(rows_of(settled, name), CELLS[name], chance) for name in CELLS}
    for name in (REGISTER, BOUGHT):
        tables[name]["fate"] = tables[name]["fate"].fillna("accepted")
    frames = {name: _scrambled(settled.frames[name], LINES[name], chance) for name in LINES}
    criteria = {"weights.in_progress": Decimal(chance.randrange(1, 9)) / 10}
    criteria |= {"min_project_count": Decimal(chance.randrange(1, 60))}
    criteria |= {"thresholds.near_limit_baht": Decimal(chance.randrange(1, 10**6))}
    return told(settled, tables, frames, criteria)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
@settings(max_examples=6)
def test_whatever_cells_rows_and_criteria_change_every_bridge_sums(settled_12, seed, other):
    then, now = scrambled(settled_12, seed), scrambled(settled_12, other)
    found = bridges(then, now)
    assert [each.now.id for each in found if not each.sums] == []
    odd = [e.now.id for e in found for c in e.changes if c.named.kind == "unexplained"]
    assert odd == []
    plain = [e for e in found if e.now.unit in ("count", "baht")]
    rounded = [e.now.id for e in plain for c in e.changes if c.named.kind == "rounding"]
    assert rounded == []  # what is counted or paid is explained by rows to the last of it
    for each in plain:
        assert all(change.rows or change.named.kind == "criterion" for change in each.changes)
