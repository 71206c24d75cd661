"""The figures of procurement: by quarter and method, by vendor, and what is usual by division."""

from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.aggregate.declared import Declared, Words, worded
from pipeline.aggregate.terms import Count, FigureTerm, Linear, Share, Sum, Term, Where, between
from pipeline.model import Plan
from schemas.crosschecks import LIMIT, NEAR_LIMIT
from schemas.kit.kinds import TICK
from schemas.kit.methods import COMPETITIVE, METHODS, SPECIFIC
from schemas.kit.vendors import MatchedBy

VENDORS = 30
FORM = "procurement"
AGREED = "agreed_price_satang"
_NO_METHOD = len(METHODS) + 1
Sums = Mapping[str, tuple[Term, str]]
Methods = list[tuple[int, str]]


def buying(plan: Plan, rows: pd.DataFrame) -> Iterator[Declared]:
    """All figures of procurement."""
    methods = _methods(rows)
    yield from _periods(plan, methods)
    yield from _vendors(rows, methods)
    yield from _matched()
    yield from _divisions(plan, rows)


def _methods(rows: pd.DataFrame) -> Methods:
    """The methods that occur; behind them, without a name, that of rows which state none."""
    present = set(rows["procurement_method"].dropna())
    methods = [(i, m) for i, m in enumerate(METHODS, 1) if m in present]
    counted = rows.loc[rows["fate"] == "accepted", "procurement_method"]
    return [*methods, (_NO_METHOD, "")] if counted.isna().any() else methods


def _periods(plan: Plan, methods: Methods) -> Iterator[Declared]:
    parts = []
    for quarter in plan.round.fiscal_year.quarters:
        prefix = f"procurement.quarter_{quarter.number}"
        parts.append(prefix)
        where = between("contract_date", quarter.start, quarter.end)
        of = worded("quarter", number=str(quarter.number))
        yield from _period(prefix, _sums(prefix, where, methods), of)
    whole = _sums("procurement.year", (), methods)
    yield from _period("procurement.year", whole, worded("year"))
    unknown = {
        name: (_rest(f"procurement.year.{name}", [f"{part}.{name}" for part in parts]), unit)
        for name, (_, unit) in whole.items()
    }
    yield from _period("procurement.unknown", unknown, worded("unknown_quarter"))


def _sums(prefix: str, where: tuple[Where, ...], methods: Methods) -> Sums:
    """What is added up of one period, whose figures begin with `prefix`: name to (term, unit)."""
    found: dict[str, tuple[Term, str]] = {"contracts": (Count(FORM, where), "count")}
    found["budget_baht"] = (Sum(FORM, where, column="budget_satang"), "baht")
    found["agreed_baht"] = (Sum(FORM, where, column=AGREED), "baht")
    both = (*where, Where("reference_price_satang", 0, ">="), Where(AGREED, 0, ">="))
    found["reference_compared_baht"] = (Sum(FORM, both, column="reference_price_satang"), "baht")
    found["agreed_compared_baht"] = (Sum(FORM, both, column=AGREED), "baht")
    for number, method in methods:
        of = (*where, Where("procurement_method", method))
        found[f"method_{number}.contracts"] = (Count(FORM, of), "count")
        found[f"method_{number}.agreed_baht"] = (Sum(FORM, of, column=AGREED), "baht")
    if methods and not methods[-1][1]:
        for name in ("contracts", "agreed_baht"):
            parts = [f"{prefix}.method_{number}.{name}" for number, _ in methods[:-1]]
            rest = _rest(f"{prefix}.{name}", parts)
            found[f"method_{_NO_METHOD}.{name}"] = (rest, found[name][1])
    return found


def _rest(whole: str, parts: list[str]) -> Term:
    """What a whole has beyond its parts: the rows of which the part is not known."""
    return Linear(((1, FigureTerm(whole)), *((-1, FigureTerm(part)) for part in parts)))


def _period(prefix: str, sums: Sums, of: Words) -> Iterator[Declared]:
    for name, (term, unit) in sums.items():
        method, _, what = name.rpartition(".")
        key = f"procurement.method.{what}" if method else f"procurement.{what}"
        words = {**of, **_method(method)} if method else of
        yield Declared(f"{prefix}.{name}", term, unit, key, words)
    saved = Linear(
        (
            (1, FigureTerm(f"{prefix}.reference_compared_baht")),
            (-1, FigureTerm(f"{prefix}.agreed_compared_baht")),
        )
    )
    share = Share(saved, FigureTerm(f"{prefix}.reference_compared_baht"))
    yield Declared(f"{prefix}.saving_pct", share, "pct", "procurement.saving_pct", of)


def _method(name: str) -> Words:
    number = int(name.removeprefix("method_"))
    if number == _NO_METHOD:
        return {"method": worded("no_method")["of"]}
    label = METHODS[number - 1]
    return {"method": (label, label)}


def _vendors(rows: pd.DataFrame, methods: Methods) -> Iterator[Declared]:
    """The sellers with the greatest sums, and one line for what is left of the year."""
    counted = rows[rows["fate"] == "accepted"]
    sums = counted.groupby("vendor")[AGREED].sum()
    order = sorted(sums.items(), key=lambda each: (-int(each[1]), str(each[0])))[:VENDORS]
    shown = [str(name) for name, _ in order]
    for number, name in enumerate(shown, 1):
        prefix = f"procurement.vendor_{number}"
        yield from _vendor(prefix, _bought(prefix, Where("vendor", name), methods), (name, name))
    if not counted["vendor"].isin(shown).all():
        left = {
            name: _rest(whole, [f"procurement.vendor_{each}.{name}" for each in _upto(shown)])
            for name, whole in _of_year(methods).items()
        }
        others = worded("other_vendors")["of"]
        yield from _vendor(f"procurement.vendor_{len(shown) + 1}", left, others)


def _upto(shown: list[str]) -> range:
    return range(1, len(shown) + 1)


def _of_year(methods: Methods) -> Mapping[str, str]:
    """The figure of the year that each figure of a seller is a part of."""
    year = "procurement.year"
    by_method = {f"method_{each}": f"{year}.method_{each}.contracts" for each, _ in methods}
    return {name: f"{year}.{name}" for name in ("contracts", "agreed_baht")} | by_method


def _bought(prefix: str, seller: Where, methods: Methods) -> Mapping[str, Term]:
    """The contracts of a seller, their sum, and how many there are by each method."""
    found: dict[str, Term] = {"contracts": Count(FORM, (seller,))}
    found["agreed_baht"] = Sum(FORM, (seller,), column=AGREED)
    for place, method in methods:
        found[f"method_{place}"] = Count(FORM, (seller, Where("procurement_method", method)))
    if methods and not methods[-1][1]:
        known = [f"{prefix}.method_{each}" for each, _ in methods[:-1]]
        found[f"method_{_NO_METHOD}"] = _rest(f"{prefix}.contracts", known)
    return found


def _vendor(prefix: str, terms: Mapping[str, Term], name: tuple[str, str]) -> Iterator[Declared]:
    """The figures of one line of sellers, with its share of the year."""
    key, words = "procurement.vendor", {"vendor": name}
    contracts, agreed = (f"{prefix}.{each}" for each in ("contracts", "agreed_baht"))
    yield Declared(contracts, terms["contracts"], "count", f"{key}.contracts", words)
    yield Declared(agreed, terms["agreed_baht"], "baht", f"{key}.agreed", words)
    share = Share(FigureTerm(agreed), FigureTerm("procurement.year.agreed_baht"))
    yield Declared(f"{prefix}.share_pct", share, "pct", f"{key}.share", words)
    for method in [each for each in terms if each.startswith("method_")]:
        of = {**words, **_method(method)}
        yield Declared(f"{prefix}.{method}", terms[method], "count", f"{key}.method", of)


def _matched() -> Iterator[Declared]:
    """By what the sellers of the contracts were told."""
    prefix = "procurement.matched"
    yield Declared(f"{prefix}.contracts", Count(FORM))
    for name, by in (("number", MatchedBy.NUMBER), ("name", MatchedBy.NAME)):
        yield Declared(f"{prefix}.{name}", Count(FORM, (Where("vendor_matched_by", by),)))
    known = [f"{prefix}.number", f"{prefix}.name"]
    yield Declared(f"{prefix}.unknown", _rest(f"{prefix}.contracts", known))


def _divisions(plan: Plan, rows: pd.DataFrame) -> Iterator[Declared]:
    """What is usual in each division that a row names, in the rows that name none, and in all."""
    named = set(rows.loc[rows["fate"] == "accepted", "requesting_division_code"].dropna())
    whole = _usual((), plan)
    parts = []
    for number, division in enumerate(plan.divisions, 1):
        if division.code in named:
            prefix = f"procurement.division_{number}"
            parts.append(prefix)
            here = Where("requesting_division_code", division.code, shown=division.name)
            yield from _usage(prefix, _usual((here,), plan), (division.name, division.name))
    yield from _usage("procurement.division_all", whole, worded("all")["of"])
    rest = {
        name: _rest(f"procurement.division_all.{name}", [f"{part}.{name}" for part in parts])
        for name in whole
    }
    yield from _usage("procurement.division_unknown", rest, worded("no_division")["of"])


def _usual(where: tuple[Where, ...], plan: Plan) -> Mapping[str, Term]:
    """What is counted of a division: rows with a sign, and rows in which it could be seen."""
    specific = (*where, Where("procurement_method", SPECIFIC))
    referenced = (*where, Where("reference_price_satang", 0, ">="))
    found: dict[str, Term] = {
        "contracts": Count(FORM, where),
        "referenced": Count(FORM, referenced),
    }
    for name in ("at_reference_price", "reference_is_budget"):
        found[name] = Count(FORM, (*where, Where(name, TICK)))
    found["specific"] = Count(FORM, specific)
    if plan.criteria.keys() >= {LIMIT, NEAR_LIMIT}:
        close = (
            Where(AGREED, operator=">=", key=NEAR_LIMIT),
            Where(AGREED, operator="<=", key=LIMIT),
        )
        found["near_limit"] = Count(FORM, (*specific, *close))
    found["competitive"] = _competitive((*where, Where("bidder_count", 1, ">=")))
    found["single_bidder"] = _competitive((*where, Where("bidder_count", 1)))
    return found


def _competitive(where: tuple[Where, ...]) -> Term:
    methods = (Count(FORM, (*where, Where("procurement_method", each))) for each in COMPETITIVE)
    return Linear(tuple((1, count) for count in methods))


_RATES = {
    "at_reference_price": "referenced",
    "reference_is_budget": "referenced",
    "specific": "contracts",
    "near_limit": "specific",
    "single_bidder": "competitive",
}


def _usage(prefix: str, counted: Mapping[str, Term], name: tuple[str, str]) -> Iterator[Declared]:
    """The counts of a division, and its rates over the rows in which a sign could be seen."""
    of = {"of": name}
    for what, term in counted.items():
        yield Declared(f"{prefix}.{what}", term, "count", f"procurement.usual.{what}", of)
    for what, base in _RATES.items():
        if what in counted:
            share = Share(FigureTerm(f"{prefix}.{what}"), FigureTerm(f"{prefix}.{base}"))
            key = f"procurement.usual.{what}_pct"
            yield Declared(f"{prefix}.{what}_pct", share, "pct", key, of)
