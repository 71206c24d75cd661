"""A criterion of the round that was changed."""

from dataclasses import replace
from decimal import Decimal

from pipeline.record import run_json
from pipeline.run import assess
from tests.support.corrections import SOON


def test_a_changed_criterion_is_told_with_both_values(plan_12):
    criteria = dict(plan_12.criteria)
    key = "min_project_count"
    criteria[key] = replace(criteria[key], value=Decimal(33))
    made = assess(replace(plan_12, criteria=criteria, as_of=SOON))
    (finding,) = [f for f in made.findings if f.code == "criterion-changed"]
    assert finding.params == {"key": f"criteria.{key}", "old": "35", "new": "33"}
    assert (finding.to, finding.severity.name) == ("analyst", "WARNING")
    assert run_json(made, {})["changes"]["criteria"] == [{"key": key, "then": 35.0, "now": 33.0}]
    assert plan_12.changed_criteria == {}
