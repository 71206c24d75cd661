"""A figure that has no words of its own is told in those of its form."""

from dataclasses import replace

from pipeline.aggregate.declared import DIVISION, Declared, compute, counted
from pipeline.model.conditions import Where
from pipeline.model.terms import Evaluation


def test_a_divisions_own_count_without_words_names_the_division(settled_12):
    """What was written of one division is held against its own rows of any figure."""
    rows = settled_12.tables["service_manual"].frame.assign(**{DIVISION: "02"})
    scope = Evaluation({"service_manual": rows}, {}, {})
    where = Where(DIVISION, "02", shown="กองคลัง")
    term = replace(counted("service_manual"), where=(where,))
    (figure,) = compute(
        [Declared("manuals", "strange", term)], scope, settled_12.plan.forms
    ).values()
    assert "ส่วนราชการที่ส่ง = กองคลัง" in figure.title_th
    assert "Division that sent it" in figure.title_en
    assert figure.value == (rows["fate"] == "accepted").sum() > 0
