"""The figures of procurement: by quarter and method, by vendor, and what is usual by division."""

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from pipeline.aggregate.declared import Declared, counted, rest_of, slice_of, summed
from pipeline.model import Plan, Slice
from pipeline.model.conditions import Where, between
from pipeline.model.terms import FigureTerm, Linear, Share, Term
from schemas.crosschecks import LIMIT, NEAR_LIMIT
from schemas.kit.kinds import TICK
from schemas.kit.methods import COMPETITIVE, METHODS, SPECIFIC
from schemas.kit.vendors import MatchedBy

VENDORS = 30
FORM = "procurement"
AGREED, REFERENCE = "agreed_price_satang", "reference_price_satang"
_SUBJECT = "procurement"
_YEAR = f"{_SUBJECT}.year"
# The terms of one line: by (None, name) those of all its rows, by (method, name) those by a method.
Terms = Mapping[tuple[Slice | None, str], Term]


def buying(plan: Plan, rows: pd.DataFrame) -> Iterator[Declared]:
    """What was bought in each period by each method, and from whom."""
    methods = _methods(rows)
    yield from _periods(plan, methods)
    yield from _vendors(rows, methods)


def _methods(rows: pd.DataFrame) -> Mapping[Slice, str]:
    """The methods that occur; behind them, without a name, that of rows which state none."""
    present = set(rows["procurement_method"].dropna())
    methods = {
        slice_of(f"method_{number}", "method", name=name): name
        for number, name in enumerate(METHODS, 1)
        if name in present
    }
    used = rows.loc[rows["fate"] == "accepted", "procurement_method"]
    unstated = slice_of(f"method_{len(METHODS) + 1}", "no_method")
    return {**methods, unstated: ""} if used.isna().any() else methods


def _rest(whole: str, parts: Iterable[str], name: str) -> Linear:
    """What of that name a whole has beyond its parts: the rows of which the part is not known."""
    return rest_of(f"{whole}.{name}", [f"{part}.{name}" for part in parts])


def _line(dimension: str, here: Slice, terms: Terms, key: str) -> Iterator[Declared]:
    for (method, name), term in terms.items():
        of = {dimension: here} if method is None else {dimension: here, "method": method}
        words = ".".join(filter(None, (key, "method" if method else "", name)))
        yield Declared(_SUBJECT, name, term, of, words)


def _periods(plan: Plan, methods: Mapping[Slice, str]) -> Iterator[Declared]:
    parts = []
    for quarter in plan.round.fiscal_year.quarters:
        of = slice_of(f"quarter_{quarter.number}", "quarter", number=str(quarter.number))
        parts.append(f"{_SUBJECT}.{of.code}")
        where = between("contract_date", quarter.start, quarter.end)
        yield from _period(of, _sums(parts[-1], where, methods))
    whole = _sums(_YEAR, (), methods)
    yield from _period(slice_of("year", "year", is_whole=True), whole)
    paths = {key: f"{key[0].code}.{key[1]}" if key[0] else key[1] for key in whole}
    unknown = {key: _rest(_YEAR, parts, path) for key, path in paths.items()}
    yield from _period(slice_of("unknown", "unknown_quarter"), unknown)


def _sums(prefix: str, where: tuple[Where, ...], methods: Mapping[Slice, str]) -> Terms:
    """What is added up of one period, whose figures begin with `prefix`."""
    both = (*where, Where(REFERENCE, 0, ">="), Where(AGREED, 0, ">="))
    found: dict[tuple[Slice | None, str], Term] = {
        (None, "contracts"): counted(FORM, *where),
        (None, "budget_baht"): summed(FORM, "budget_satang", *where),
        (None, "agreed_baht"): summed(FORM, AGREED, *where),
        (None, "reference_compared_baht"): summed(FORM, REFERENCE, *both),
        (None, "agreed_compared_baht"): summed(FORM, AGREED, *both),
    }
    known = [f"{prefix}.{method.code}" for method, name in methods.items() if name]
    for method, name in methods.items():
        of = (*where, Where("procurement_method", name))
        contracts, agreed = counted(FORM, *of), summed(FORM, AGREED, *of)
        found[method, "contracts"] = contracts if name else _rest(prefix, known, "contracts")
        found[method, "agreed_baht"] = agreed if name else _rest(prefix, known, "agreed_baht")
    return found


def _period(period: Slice, terms: Terms) -> Iterator[Declared]:
    """The sums of a period, and how far the agreed prices are below the reference prices."""
    prefix = f"{_SUBJECT}.{period.code}"
    reference, agreed = (
        FigureTerm(f"{prefix}.{name}_compared_baht") for name in ("reference", "agreed")
    )
    saving = Share(Linear(((1, reference), (-1, agreed))), reference)
    yield from _line("period", period, {**terms, (None, "saving_pct"): saving}, _SUBJECT)


def _vendors(rows: pd.DataFrame, methods: Mapping[Slice, str]) -> Iterator[Declared]:
    """The sellers with the greatest sums, and one line for what is left of the year."""
    used = rows[rows["fate"] == "accepted"]
    sums = used.groupby("vendor")[AGREED].sum()
    order = sorted(sums.items(), key=lambda each: (-int(each[1]), str(each[0])))[:VENDORS]
    prefixes = []
    for number, (name, _) in enumerate(order, 1):
        vendor = Slice(f"vendor_{number}", str(name), str(name))
        prefixes.append(f"{_SUBJECT}.{vendor.code}")
        yield from _vendor(vendor, *_bought(prefixes[-1], Where("vendor", str(name)), methods))
    if not used["vendor"].isin([name for name, _ in order]).all():
        contracts, agreed = (_rest(_YEAR, prefixes, n) for n in ("contracts", "agreed_baht"))
        by_method = {
            each: rest_of(f"{_YEAR}.{each.code}.contracts", [f"{p}.{each.code}" for p in prefixes])
            for each in methods
        }
        others = slice_of(f"vendor_{len(order) + 1}", "other_vendors")
        yield from _vendor(others, contracts, agreed, by_method)


def _bought(
    prefix: str, seller: Where, methods: Mapping[Slice, str]
) -> tuple[Term, Term, Mapping[Slice, Term]]:
    """The contracts of a seller, their sum, and how many there are by each method."""
    known = [f"{prefix}.{method.code}" for method, name in methods.items() if name]
    by_method: dict[Slice, Term] = {
        method: counted(FORM, seller, Where("procurement_method", name))
        if name
        else rest_of(f"{prefix}.contracts", known)
        for method, name in methods.items()
    }
    return counted(FORM, seller), summed(FORM, AGREED, seller), by_method


def _vendor(
    vendor: Slice, contracts: Term, agreed: Term, by_method: Mapping[Slice, Term]
) -> Iterator[Declared]:
    """The figures of one line of sellers, with its share of the year."""
    own, whole = (f"{each}.agreed_baht" for each in (f"{_SUBJECT}.{vendor.code}", _YEAR))
    terms: dict[tuple[Slice | None, str], Term] = {
        (None, "contracts"): contracts,
        (None, "agreed_baht"): agreed,
        (None, "share_pct"): Share(FigureTerm(own), FigureTerm(whole)),
    }
    terms |= {(method, ""): term for method, term in by_method.items()}
    yield from _line("vendor", vendor, terms, "procurement.vendor")


def matched() -> Iterator[Declared]:
    """By what the sellers of the contracts were told."""
    prefix = f"{_SUBJECT}.matched"
    yield Declared(_SUBJECT, "matched.contracts", counted(FORM))
    for name, by in (("number", MatchedBy.NUMBER), ("name", MatchedBy.NAME)):
        yield Declared(_SUBJECT, f"matched.{name}", counted(FORM, Where("vendor_matched_by", by)))
    known = [f"{prefix}.number", f"{prefix}.name"]
    yield Declared(_SUBJECT, "matched.unknown", rest_of(f"{prefix}.contracts", known))


def usual(plan: Plan, rows: pd.DataFrame) -> Iterator[Declared]:
    """What is usual in each division that a row names, in the rows that name none, and in all."""
    named = set(rows.loc[rows["fate"] == "accepted", "requesting_division_code"].dropna())
    parts = []
    for number, division in enumerate(plan.divisions, 1):
        if division.code in named:
            of = Slice(f"division_{number}", division.name, division.name)
            parts.append(f"{_SUBJECT}.{of.code}")
            here = Where("requesting_division_code", division.code, shown=division.name)
            yield from _usage(of, _signs(plan, here))
    every, whole = slice_of("division_all", "all", is_whole=True), _signs(plan)
    yield from _usage(every, whole)
    rest = {name: _rest(f"{_SUBJECT}.{every.code}", parts, name) for name in whole}
    yield from _usage(slice_of("division_unknown", "no_division"), rest)


def _signs(plan: Plan, *where: Where) -> Mapping[str, Term]:
    """What is counted of a division: rows with a sign, and rows in which it could be seen."""
    specific = (*where, Where("procurement_method", SPECIFIC))
    found: dict[str, Term] = {
        "contracts": counted(FORM, *where),
        "referenced": counted(FORM, *where, Where(REFERENCE, 0, ">=")),
    }
    for name in ("at_reference_price", "reference_is_budget"):
        found[name] = counted(FORM, *where, Where(name, TICK))
    found["specific"] = counted(FORM, *specific)
    if plan.criteria.keys() >= {LIMIT, NEAR_LIMIT}:
        close = (
            Where(AGREED, operator=">=", key=NEAR_LIMIT),
            Where(AGREED, operator="<=", key=LIMIT),
        )
        found["near_limit"] = counted(FORM, *specific, *close)
    found["competitive"] = _competitive(*where, Where("bidder_count", 1, ">="))
    found["single_bidder"] = _competitive(*where, Where("bidder_count", 1))
    return found


def _competitive(*where: Where) -> Linear:
    methods = (Where("procurement_method", each) for each in COMPETITIVE)
    return Linear(tuple((1, counted(FORM, *where, method)) for method in methods))


_RATES = {
    "at_reference_price": "referenced",
    "reference_is_budget": "referenced",
    "specific": "contracts",
    "near_limit": "specific",
    "single_bidder": "competitive",
}


def _usage(division: Slice, signs: Mapping[str, Term]) -> Iterator[Declared]:
    """The counts of a division, and its rates over the rows in which a sign could be seen."""
    prefix, of = f"{_SUBJECT}.{division.code}", {"division": division}
    rates = {
        f"{name}_pct": Share(FigureTerm(f"{prefix}.{name}"), FigureTerm(f"{prefix}.{base}"))
        for name, base in _RATES.items()
        if name in signs
    }
    for name, term in {**signs, **rates}.items():
        yield Declared(_SUBJECT, name, term, of, f"procurement.usual.{name}")
