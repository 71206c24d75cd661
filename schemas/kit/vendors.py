"""Sellers told apart: by a taxpayer number that is sound, else by the name, spelt one way."""

import re
from collections import defaultdict
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from schemas.kit.thai.thai_text import arabic_digits, matching_key
from schemas.kit.thai.wording import is_masked

_COMPANY, _LIMITED = matching_key("บริษัท"), matching_key("จำกัด")
_PUBLIC = matching_key("จำกัด (มหาชน)")
_PARTNERSHIP = matching_key("ห้างหุ้นส่วนจำกัด")
_HEAD_OFFICE = re.compile(r"\(" + matching_key("สำนักงานใหญ่") + r"\)")
# How a legal form begins, to how it is written out: before the name, and behind it.
_FORMS: Mapping[str, tuple[str, str]] = {
    _COMPANY: (_COMPANY, ""),
    "บจก": (_COMPANY, _LIMITED),
    "บมจ": (_COMPANY, _PUBLIC),
    _PARTNERSHIP: (_PARTNERSHIP, ""),
    "หจก": (_PARTNERSHIP, ""),
}
_FORM = re.compile("|".join(_FORMS))
_DIGITS = 13


class MatchedBy(StrEnum):
    """What a purchase's seller was told by."""

    NUMBER = "เลขประจำตัวผู้เสียภาษี"
    NAME = "ชื่อ"


class _Seller(NamedTuple):
    """One purchase's seller: the number if it is sound, the key of the name, and the name."""

    number: str | None
    key: str | None
    name: str


def tax_number(text: str) -> str | None:
    """The thirteen digits of a taxpayer number whose check digit (modulo 11) is right."""
    digits = re.sub(r"[\s-]", "", arabic_digits(text))
    if re.fullmatch(rf"[0-9]{{{_DIGITS}}}", digits) is None:
        return None
    weighted = sum(int(d) * w for d, w in zip(digits[:12], range(13, 1, -1), strict=True))
    return digits if (11 - weighted % 11) % 10 == int(digits[12]) else None


def is_tax_number(text: str) -> bool:
    """Whether a taxpayer number is sound, or was masked by its office as 130990115xxxx is."""
    if is_masked(text):
        return len(re.sub(r"[\s-]", "", text)) == _DIGITS
    return tax_number(text) is not None


@lru_cache(maxsize=8192)
def vendor_key(name: str) -> str:
    """What the spellings of one seller's name share; only for comparing, never printed.

    Legal forms are written out and said once, and the head office is the seller itself.
    """
    whole = key = _HEAD_OFFICE.sub("", matching_key(name))
    before = behind = ""
    while (form := _FORM.match(key)) and before in ("", _FORMS[form[0]][0]):
        before, ending = _FORMS[form[0]]
        behind, key = behind or ending, key[form.end() :]
    if not key:
        return whole
    return before + key + ("" if key.endswith((behind, _PUBLIC)) else behind)


def with_vendors(rows: pd.DataFrame) -> pd.DataFrame:
    """The seller of each purchase under one name, and whether a number or the name told it.

    Reads winner_name and winner_tin; fills vendor and vendor_matched_by (string). A name without a
    number is the seller whose number stands beside that name elsewhere, if there is only one.
    """
    numbers, names = rows["winner_tin"].fillna(""), rows["winner_name"].fillna("")
    sellers = [
        _Seller(tax_number(number), vendor_key(name) if name else None, name)
        for number, name in zip(numbers, names, strict=True)
    ]
    numbers_by_key: dict[str, set[str]] = defaultdict(set)
    for seller in sellers:
        if seller.number and seller.key:
            numbers_by_key[seller.key].add(seller.number)
    identities = [_identity(seller, numbers_by_key) for seller in sellers]
    labels = _labels(identities, sellers)
    vendors = [labels.get(identity, identity) if identity else None for identity in identities]
    matched = [_matched_by(seller) for seller in sellers]
    return rows.assign(
        vendor=pd.Series(vendors, index=rows.index, dtype="string"),
        vendor_matched_by=pd.Series(matched, index=rows.index, dtype="string"),
    )


def _identity(seller: _Seller, numbers: Mapping[str, set[str]]) -> str | None:
    """The number, else the only number that stands beside the name, else the name's key."""
    beside = numbers.get(seller.key or "", set())
    return seller.number or (next(iter(beside)) if len(beside) == 1 else seller.key)


def _labels(identities: list[str | None], sellers: list[_Seller]) -> Mapping[str, str]:
    """Each seller's name as it was met first; with the number where two sellers share a name."""
    sharing: dict[str, set[str]] = defaultdict(set)
    for identity, seller in zip(identities, sellers, strict=True):
        if identity and seller.key:
            sharing[seller.key].add(identity)
    labels: dict[str, str] = {}
    for identity, seller in zip(identities, sellers, strict=True):
        if identity and seller.name and identity not in labels:
            shared = len(sharing[seller.key or ""]) > 1 and identity != seller.key
            labels[identity] = f"{seller.name} ({identity})" if shared else seller.name
    return labels


def _matched_by(seller: _Seller) -> str | None:
    if seller.number:
        return str(MatchedBy.NUMBER)
    return str(MatchedBy.NAME) if seller.key else None
