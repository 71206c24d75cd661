"""The score of the anti-corruption plan, exact and rounded half-up as Excel's ROUND does."""

from decimal import ROUND_HALF_UP, Decimal


def half_up(value: Decimal, places: int = 2) -> Decimal:
    """Rounded to that many decimals, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def level(score: Decimal, high: Decimal, medium: Decimal) -> str:
    """The band of a score, half-open: high from `high`, medium from `medium`, else low."""
    return "high" if score >= high else "medium" if score >= medium else "low"
