"""Rows known again: one row to one row, by the strongest set that tells them apart."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.kit.known_again import known_again
from tests.support.form_rows import FORMS

SETS = (("number",), ("item", "seller"))


def rows(*given_rows: tuple[str, str | None, str | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(
        given_rows, columns=["division", "number", "item", "seller"], dtype="string"
    )


def known(before, now):
    return known_again(rows(*before), rows(*now), SETS)


def test_the_strongest_set_goes_before_a_weaker_one():
    before = [("02", "1", "นม", "ก"), ("02", "2", "น้ำ", "ข")]
    now = [("02", "2", "นม", "ก"), ("02", "1", "น้ำ", "ข")]
    assert known(before, now).pairs == ((0, 1), (1, 0))


def test_a_blank_is_known_by_the_next_set():
    found = known([("02", None, "นม", "ก")], [("02", "9", "นม", "ก")])
    assert (found.pairs, found.gone, found.added) == (((0, 0),), (), ())


def test_what_two_rows_of_a_version_share_tells_neither():
    twins = [("02", None, "นม", "ก"), ("02", None, "นม", "ก")]
    found = known(twins, twins[:1])
    assert (found.pairs, found.doubtful, found.gone) == ((), (0, 1), ())


def test_what_is_nowhere_is_gone():
    found = known([("02", "1", "นม", "ก")], [("02", "2", "น้ำ", "ข")])
    assert (found.pairs, found.doubtful, found.gone, found.added) == ((), (), (0,), (0,))


def test_a_row_of_the_own_division_goes_before_anothers():
    before = [("02", "1", "นม", "ก")]
    now = [("03", "1", "นม", "ก"), ("02", "1", "นม", "ก")]
    assert known(before, now).pairs == ((0, 1),)
    assert known(before, now[:1]).pairs == ((0, 0),)


def test_spellings_of_one_name_are_one():
    assert known([("02", None, "นม  สด", "ก")], [("02", None, "นมสด", "ก")]).pairs == ((0, 0),)


TEXTS = st.sampled_from([None, "1", "2", "3"])
ROWS = st.lists(st.tuples(st.sampled_from(["02", "03"]), TEXTS, TEXTS, TEXTS), max_size=7)


@settings(max_examples=120, deadline=None)
@given(ROWS, ROWS)
def test_every_row_has_one_answer(before, now):
    found = known(before, now)
    old, new = [a for a, _ in found.pairs], [b for _, b in found.pairs]
    assert sorted([*old, *found.doubtful, *found.gone]) == list(range(len(before)))
    assert sorted([*new, *found.added]) == list(range(len(now)))
    for a, b in found.pairs:
        assert any(
            None not in left and left == right
            for left, right in (
                ((before[a][1],), (now[b][1],)),
                (before[a][2:], now[b][2:]),
            )
        )


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_a_version_beside_itself_has_nothing_gone(before):
    found = known(before, before)
    assert all(a == b for a, b in found.pairs)
    unknown = {i for i, row in enumerate(before) if row[1] is None and None in row[2:]}
    assert set(found.gone) <= unknown


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_that_can_be_restated_is_known_by_something(form):
    if form.about.carried:
        assert form.identities, form.name
        names = {name for each in form.identities for name in each}
        assert names <= {column.name for column in form.columns}
