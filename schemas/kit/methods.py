"""The methods of buying in the words of the Act of B.E. 2560, and how else they are spelt."""

METHODS = (
    "ตลาดอิเล็กทรอนิกส์ (e-market)",
    "ประกวดราคาอิเล็กทรอนิกส์ (e-bidding)",
    "สอบราคา",
    "คัดเลือก",
    "เฉพาะเจาะจง",
    "อื่น ๆ",
)
COMPETITIVE, SPECIFIC = METHODS[:4], METHODS[4]
_NAMED = {
    METHODS[0]: ("e-market", "ตลาดอิเล็กทรอนิกส์"),
    METHODS[1]: ("e-bidding", "ประกวดราคาอิเล็กทรอนิกส์"),
    METHODS[4]: (
        "เฉพาะเจาะจง – ไม่เกิน 500,000 บาท (ม.56(2)(ข))",
        "เฉพาะเจาะจง – กฎกระทรวง (ม.56(2)(ช))",
    ),
    METHODS[5]: ("ตกลงราคา", "กรณีพิเศษ", "พิเศษ", "ประกวดแบบ"),
}
SPELT = {
    f"{before}{name}": method
    for method in METHODS
    for name in (method, *_NAMED.get(method, ()))
    for before in ("", "วิธี", "โดยวิธี", "ด้วยวิธี")
}

# What offices write around a method: its section of the Act, abbreviations, another language.
_BOUGHT = r"(?:(?:จัด)?ซื้อ)?(?:/|หรือ)?(?:(?:จัด)?จ้าง(?:เหมา)?)?"
_BY = rf"(?:{_BOUGHT}(?:โดย|ด้วย|ใช้)?(?:วิธี(?:การ)?)?)"
_ACT = r"(?:ตาม)?(?:พรบ(?:การ)?(?:จัดซื้อจัดจ้าง[ก-๙]*)?(?:พศ)?(?:2560)?)?(?:ม|มาตรา)?"
_LETTER = r"(?:\(?[กขคงจฉชซ]\)?)?"
_LIMIT = r"(?:[-(]?(?:วงเงิน)?ไม่เกิน(?:5แสน|500,?000)(?:บาท)?\)?)?"
_TENDER = r"(?:ประกวดราคา)?(?:ด้วยวิธี(?:การ)?(?:ทาง)?)?อิเล็กทรอนิกส์"


def _section(article: str, paragraph: int) -> str:
    """A paragraph of an article, as in มาตรา 56 วรรคหนึ่ง (2) (ข)."""
    return rf"{_ACT}{article}(?:วรรค(?:หนึ่ง|แรก|1))?\({paragraph}\){_LETTER}"


def _named(name: str, section: str) -> str:
    """A method by its name, with its section or a letter of it behind it."""
    return rf"{_BY}{name}(?:\(?(?:{section}|{_ACT}{_LETTER})\)?)?{_LIMIT}"


_ASKED, _CHOSEN = _section("56", 2), _section("56", 1)
PHRASES = (
    (_named(r"(?:เฉพาะเจาะจง|ฉพจ?)", _ASKED), SPECIFIC),
    (rf"{_BY}{_ASKED}", SPECIFIC),
    (_named("คัดเลือก", _CHOSEN), METHODS[3]),
    (rf"{_BY}{_CHOSEN}", METHODS[3]),
    (_named("สอบราคา", _section("55", 3)), METHODS[2]),
    (rf"{_BY}(?:ประกาศเชิญชวนทั่วไป)?\(?e-?bidding\)?(?:\({_TENDER}\))?", METHODS[1]),
    (rf"{_BY}ประกวดราคา(?:\(?e-?bidding\)?)", METHODS[1]),
    (rf"{_BY}ประกวดราคา(?:ด้วยวิธี(?:การ)?(?:ทาง)?)?อิเล็กทรอนิกส์(?:\(?e-?bidding\)?)?", METHODS[1]),
    (rf"{_BY}(?:ประกาศเชิญชวนทั่วไป)?\(?e-?market\)?(?:\(ตลาดอิเล็กทรอนิกส์\))?", METHODS[0]),
)
