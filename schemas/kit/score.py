"""The score of the anti-corruption plan, exact and rounded half-up as Excel's ROUND does."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal


def half_up(value: Decimal, places: int = 2) -> Decimal:
    """Rounded to that many decimals, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def score_pct(
    done: int, in_progress: int, cannot: int, base: Decimal, weights: Mapping[str, Decimal]
) -> Decimal | None:
    """The weighted projects ÷ the minimum number of projects × 100; None where the base is 0.

    `weights` has the keys done, in_progress and cannot. Source: the e-PlanNACC score; both rates of
    the report of fiscal year 2566 follow from it with the base 35.
    """
    if base <= 0:
        return None
    weighted = (
        done * weights["done"] + in_progress * weights["in_progress"] + cannot * weights["cannot"]
    )
    return half_up(weighted / base * 100)


def level(score: Decimal, high: Decimal, medium: Decimal) -> str:
    """The band of a score, half-open: high from `high`, medium from `medium`, else low."""
    return "high" if score >= high else "medium" if score >= medium else "low"
