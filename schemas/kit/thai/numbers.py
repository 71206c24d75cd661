"""Thai numbers: counts, money exact to the satang, amounts in words, numbers stated in prose."""

import re
from decimal import Context, Decimal
from typing import NamedTuple

from schemas.kit.thai.thai_text import (
    ParsedCell,
    ProblemCode,
    RepairCode,
    arabic_digits,
    clean,
    means_nothing,
    one_dash,
    typing_repairs,
)

# A cell may hold 32,767 characters; no number does.
_LONGEST = 200
_FIGURES = re.compile(r"([+-]?)\s*([1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]*)((?:\.[0-9]+)?)")
_WRONG_COMMAS = re.compile(r"[+-]?\s*[0-9][0-9,.]*,[0-9,.]*")
_DOTTED_GROUPS = re.compile(r"[+-]?\s*[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_DOTTED_THOUSAND = re.compile(r"[+-]?\s*[1-9][0-9]{0,2}\.[0-9]{2}0")
_CURRENCY = re.compile(r"^฿\s*|\s*(?:บาท\s?(?:ถ้วน)?|บ\.|฿)$")
_PERCENT = re.compile(r"^ร้อยละ\s*|\s*(?:%|เปอร์เซ็นต์)$")
_DASH_SUFFIX = re.compile(r"(?<=[0-9])\s?\.-$")
_LARGEST = Decimal(10) ** 15
_SATANG_DECIMALS = 2
# A double shows at most 15 digits that were meant; Excel stores what follows but never shows it.
_SHOWN_BY_EXCEL = Context(prec=15)
_MILLION = 1_000_000
_TEN = 10
_DIGITS = ("ศูนย์", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_PLACES = ("", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน")
_TENS = {1: "", 2: "ยี่"}
_RATE = "ร้อยละ"
_STATED = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?")


def parse_money(text: str) -> ParsedCell[int]:
    """An amount of baht as satang, exactly; words beside the figures must say the same."""
    plain, words = _split_words(arabic_digits(clean(text)))
    bare = _DASH_SUFFIX.sub("", one_dash(_CURRENCY.sub("", plain)))
    if _DOTTED_THOUSAND.fullmatch(bare):
        return ParsedCell(None, problem=ProblemCode.AMBIGUOUS_NUMBER)
    number = _number_in(bare, plain)
    if number.value is None:
        return ParsedCell(None, number.repairs, _rate_or(number.problem, plain))
    baht = _to_satang(number.value)
    if baht is None:
        return ParsedCell(None, problem=ProblemCode.TOO_PRECISE)
    satang = int(baht.scaleb(_SATANG_DECIMALS))
    if words and _spoken(words) != _spoken(baht_text(abs(satang))):
        return ParsedCell(None, problem=ProblemCode.AMOUNT_WORDS_DIFFER)
    repairs = typing_repairs(text) + _money_repairs(plain, words) + number.repairs
    return ParsedCell(satang, repairs + (RepairCode.BINARY_NOISE,) * (baht != number.value))


def parse_count(text: str, unit: str = "") -> ParsedCell[int]:
    """A whole number, with the word of its own unit or without; a dash or ไม่มี is none, not zero."""
    plain = one_dash(arabic_digits(clean(text)))
    bare = plain.removesuffix(unit).rstrip() if unit else plain
    if _DOTTED_THOUSAND.fullmatch(bare):
        return ParsedCell(None, problem=ProblemCode.AMBIGUOUS_NUMBER)
    number = _number_in(bare, plain)
    if number.value is None:
        return ParsedCell(None, number.repairs, _rate_or(number.problem, plain))
    whole = _SHOWN_BY_EXCEL.plus(number.value)
    if _decimals(whole):
        return ParsedCell(None, problem=ProblemCode.NOT_WHOLE)
    noise = (RepairCode.BINARY_NOISE,) * (whole != number.value)
    worded = (RepairCode.UNIT_WORD,) * (bare != plain)
    return ParsedCell(int(whole), typing_repairs(text) + worded + number.repairs + noise)


def parse_percent(text: str) -> ParsedCell[Decimal]:
    """A percentage, with or without its word or sign."""
    plain = one_dash(arabic_digits(clean(text)))
    bare = _PERCENT.sub("", plain)
    number = _number_in(bare, plain)
    if number.value is None:
        return number
    worded = (RepairCode.PERCENT_WORD,) * (bare != plain)
    return ParsedCell(number.value, typing_repairs(text) + worded + number.repairs)


def percent_of_share(raw: str) -> Decimal:
    """The percentage that a cell shows for the share it holds, as Excel would show it in full."""
    return _SHOWN_BY_EXCEL.plus(Decimal(raw) * 100).normalize()


def _rate_or(problem: str | None, plain: str) -> str | None:
    """A rate where an amount is asked for is a number, but not of what is asked."""
    is_rate = _PERCENT.search(plain) and parse_percent(plain).value is not None
    return ProblemCode.A_RATE if problem and is_rate else problem


def _refused(problem: ProblemCode) -> ParsedCell[Decimal]:
    return ParsedCell(None, problem=problem)


def _split_words(plain: str) -> tuple[str, str]:
    """The figures, and the amount in words where that stands behind them in parentheses."""
    figures, opened, words = plain.rpartition("(")
    is_amount = opened and figures and words.endswith(")") and ("บาท" in words or "สตางค์" in words)
    if not is_amount or re.search("[0-9]", words):
        return plain, ""
    return figures.strip(), words[:-1]


def _spoken(words: str) -> str:
    """Words of an amount without what varies between right spellings: blanks, ถ้วน, เอ็ด."""
    return re.sub(r"[\s=-]+|ถ้วน", "", words).replace("เอ็ด", _DIGITS[1])


def _money_repairs(plain: str, words: str) -> tuple[str, ...]:
    without = _CURRENCY.sub("", plain)
    applies = {
        RepairCode.CURRENCY_WORD: without != plain,
        RepairCode.DASH_SUFFIX: _DASH_SUFFIX.search(one_dash(without)) is not None,
        RepairCode.LOOK_ALIKE: one_dash(without) != without,
        RepairCode.AMOUNT_WORDS_AGREE: bool(words),
    }
    return tuple(code for code, is_so in applies.items() if is_so)


def _number_in(bare: str, plain: str) -> ParsedCell[Decimal]:
    """The number in what is left of a text; a word of a unit that stands alone is none."""
    return _number(bare) if bare or not plain else _refused(ProblemCode.NOT_A_NUMBER)


def _number(bare: str) -> ParsedCell[Decimal]:
    """A number out of figures, rightly grouped commas, a sign, or parentheses for a minus."""
    nothing: ParsedCell[Decimal] | None = means_nothing(bare)
    if nothing:
        return nothing
    if len(bare) > _LONGEST:
        return _refused(ProblemCode.NOT_A_NUMBER)
    inner = re.fullmatch(r"\(\s*([0-9.,]+)\s*\)", bare)
    figures = _FIGURES.fullmatch(inner[1] if inner else bare)
    if figures is None or not (figures[2] or figures[3]):
        return _refused(_why_not(inner[1] if inner else bare))
    value = Decimal(figures[2].replace(",", "") + figures[3])
    if value >= _LARGEST:
        return _refused(ProblemCode.OUT_OF_RANGE)
    repairs = (RepairCode.THOUSANDS_COMMAS,) * ("," in figures[2])
    repairs += (RepairCode.PARENTHESES_NEGATIVE,) * (inner is not None)
    return ParsedCell(value.copy_negate() if inner or figures[1] == "-" else value, repairs)


def _why_not(bare: str) -> ProblemCode:
    """Figures that could be meant in two ways are told from what is no number."""
    if _WRONG_COMMAS.fullmatch(bare) or _DOTTED_GROUPS.fullmatch(bare):
        return ProblemCode.AMBIGUOUS_NUMBER
    return ProblemCode.NOT_A_NUMBER


def _decimals(value: Decimal) -> int:
    return len(f"{value:f}".partition(".")[2].rstrip("0"))


def _to_satang(value: Decimal) -> Decimal | None:
    """The baht with at most two decimals; None where more are meant.

    A calculated cell holds 0.30000000000000004 for 0.3: digits beyond the fifteenth are not meant.
    """
    if _decimals(value) <= _SATANG_DECIMALS:
        return value
    shown = _SHOWN_BY_EXCEL.plus(value)
    return shown if _decimals(shown) <= _SATANG_DECIMALS else None


def baht_text(satang: int) -> str:
    """The amount in Thai words, as it stands in official papers."""
    if satang < 0:
        return "ลบ" + baht_text(-satang)
    baht, rest = divmod(satang, 100)
    whole = _words(baht) + "บาท" if baht or not rest else ""
    return whole + (_words(rest) + "สตางค์" if rest else "ถ้วน")


def _words(number: int) -> str:
    if number >= _MILLION:
        millions, rest = divmod(number, _MILLION)
        return _words(millions) + "ล้าน" + (_below_million(rest, follows=True) if rest else "")
    return _below_million(number, follows=False) if number else _DIGITS[0]


def _below_million(number: int, *, follows: bool) -> str:
    more = follows or number >= _TEN
    digits = [int(digit) for digit in reversed(str(number))]
    words = [_digit(d, place, more=more) + _PLACES[place] for place, d in enumerate(digits) if d]
    return "".join(reversed(words))


def _digit(digit: int, place: int, *, more: bool) -> str:
    """How a digit is said at its place: สิบ, ยี่สิบ, and เอ็ด for a one that ends a number."""
    if place == 1 and digit in _TENS:
        return _TENS[digit]
    return "เอ็ด" if place == 0 and digit == 1 and more else _DIGITS[digit]


class StatedNumber(NamedTuple):
    """A number found in prose: its value, where it stands, and ร้อยละ where that is before it."""

    value: Decimal
    start: int
    end: int
    before: str


def numbers_in(text: str) -> list[StatedNumber]:
    """Every number stated in a text, in Thai or Arabic digits; positions are those of the text.

    A dash before a number is a list mark or a span, never a minus.
    """
    plain = arabic_digits(text)
    return [_stated(plain, match) for match in _STATED.finditer(plain)]


def _stated(plain: str, match: re.Match[str]) -> StatedNumber:
    start, end = match.span()
    before = plain[max(0, start - 2 * len(_RATE)) : start].rstrip()
    rate = _RATE if before.endswith(_RATE) else ""
    return StatedNumber(Decimal(match[0].replace(",", "")), start, end, rate)
