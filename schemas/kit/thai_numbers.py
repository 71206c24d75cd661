"""Thai numbers: counts, money exact to the satang, amounts in words, numbers stated in prose."""

import re
from decimal import Decimal
from typing import NamedTuple

from schemas.kit.thai import Reading, arabic_digits, clean

_NONE = frozenset({"-", "–", "—", "ไม่มี", "−"})
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_AMBIGUOUS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_WORDS = re.compile(r"\(([^()0-9]*(?:บาท|สตางค์)[^()0-9]*)\)\s*$")
_LARGEST = Decimal(10) ** 15
_DIGITS = ("ศูนย์", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_PLACES = ("", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน")


def parse_money(text: str) -> Reading[int]:
    """An amount of baht as satang, exactly; words beside the figures must say the same."""
    plain, words = _split_words(arabic_digits(clean(text)))
    found = _parse(plain)
    if found.value is None:
        return Reading(None, found.repairs, found.problem)
    satang = found.value * 100
    if satang != satang.to_integral_value():
        return Reading(None, problem="too_precise")
    if words and _squeezed(words) != _squeezed(baht_text(int(satang))):
        return Reading(None, problem="amount_words_differ")
    repairs = _repairs(text, found.repairs) + (("amount_words_agree",) if words else ())
    return Reading(int(satang), repairs)


def parse_count(text: str) -> Reading[int]:
    """A whole number; a dash or ไม่มี is none, never zero."""
    found = _parse(arabic_digits(clean(text)))
    if found.value is None:
        return Reading(None, found.repairs, found.problem)
    if found.value != found.value.to_integral_value():
        return Reading(None, problem="not_whole")
    return Reading(int(found.value), _repairs(text, found.repairs))


def parse_percent(text: str) -> Reading[Decimal]:
    """A percentage with or without its word or sign."""
    plain = arabic_digits(clean(text))
    bare = plain.replace("ร้อยละ", "").replace("%", "").strip()
    found = _parse(bare)
    worded = ("percent_word",) if bare != plain else ()
    return Reading(found.value, _repairs(text, found.repairs) + worded, found.problem)


def _split_words(plain: str) -> tuple[str, str]:
    words = _WORDS.search(plain)
    return (plain[: words.start()].strip(), words.group(1)) if words else (plain, "")


def _squeezed(words: str) -> str:
    return re.sub(r"\s+", "", words)


def _repairs(text: str, repairs: tuple[str, ...]) -> tuple[str, ...]:
    thai = ("thai_digits",) if arabic_digits(text) != text else ()
    return thai + repairs


def _parse(plain: str) -> Reading[Decimal]:
    """A number out of figures, commas, currency, a trailing dash, or parentheses for a minus."""
    if plain in _NONE:
        return Reading(None, ("dash_means_none",))
    repairs: list[str] = []
    bare = re.sub(r"(?:บาท(?:ถ้วน)?|฿)", "", plain).strip()
    if bare != plain:
        repairs.append("currency_word")
    if re.search(r"\.-$", bare):
        bare = bare[:-2]
        repairs.append("dash_suffix")
    negative = re.fullmatch(r"\((.+)\)", bare)
    if negative:
        bare = negative.group(1)
        repairs.append("parentheses_negative")
    sign = -1 if negative or bare.startswith("-") else 1
    bare = bare.lstrip("-+").strip()
    if "," in bare and _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
        repairs.append("thousands_commas")
    if _AMBIGUOUS.fullmatch(bare):
        return Reading(None, problem="ambiguous_number")
    if not _PLAIN.fullmatch(bare):
        return Reading(None, problem="not_a_number")
    value = sign * Decimal(bare)
    return (
        Reading(value, tuple(repairs))
        if abs(value) < _LARGEST
        else Reading(None, problem="out_of_range")
    )


def baht_text(satang: int) -> str:
    """The amount in Thai words, as it stands in official papers."""
    if satang < 0:
        return "ลบ" + baht_text(-satang)
    baht, rest = divmod(satang, 100)
    whole = _words(baht) + "บาท" if baht or not rest else ""
    return whole + (_words(rest) + "สตางค์" if rest else "ถ้วน")


def _words(number: int) -> str:
    if number >= 1_000_000:
        millions, rest = divmod(number, 1_000_000)
        return _words(millions) + "ล้าน" + (_below_million(rest, follows=True) if rest else "")
    return _below_million(number, follows=False) if number else _DIGITS[0]


def _below_million(number: int, *, follows: bool) -> str:
    digits = [int(digit) for digit in reversed(str(number))]
    spoken = ""
    for place, digit in enumerate(digits):
        if digit:
            more = follows or number >= 10
            spoken = _digit(digit, place, more=more) + _PLACES[place] + spoken
    return spoken


def _digit(digit: int, place: int, *, more: bool) -> str:
    if place == 1 and digit <= 2:
        return {1: "", 2: "ยี่"}[digit]
    return "เอ็ด" if place == 0 and digit == 1 and more else _DIGITS[digit]


class Stated(NamedTuple):
    """A number found in prose: its value, where it stands, the words before and after."""

    value: Decimal
    start: int
    end: int
    before: str
    after: str


def numbers_in(text: str) -> list[Stated]:
    """Every number stated in a text, in Thai or Arabic digits, with its neighbours."""
    plain = arabic_digits(text)
    found = []
    for match in re.finditer(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?", plain):
        before = re.search(r"(\S+)\s*$", plain[: match.start()])
        after = re.match(r"\s*([ก-๙]+)", plain[match.end() :])
        found.append(
            Stated(
                Decimal(match.group().replace(",", "")),
                *match.span(),
                before.group(1) if before else "",
                after.group(1) if after else "",
            )
        )
    return found
