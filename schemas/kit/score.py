"""Rounding as Excel's ROUND does it, exact and half-up."""

from decimal import ROUND_HALF_UP, Decimal


def half_up(value: Decimal, places: int = 2) -> Decimal:
    """Rounded to that many decimals, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
