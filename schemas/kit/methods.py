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
_BY = r"(?:โดย|ด้วย|ใช้)?(?:วิธี(?:การ)?)?"
_ACT = r"(?:ตาม)?(?:ม|มาตรา)?"
_SPECIFIC = r"(?:เฉพาะเจาะจง|ฉพจ?)"
_TENDER = r"(?:ประกวดราคา)?(?:ด้วยวิธี(?:การ)?(?:ทาง)?)?อิเล็กทรอนิกส์"
PHRASES = (
    (rf"{_BY}{_SPECIFIC}(?:\(?{_ACT}(?:56\(2\))?(?:\([กขคงจฉชซ]\))?\)?)?", SPECIFIC),
    (rf"{_BY}(?:(?:จัด)?ซื้อ)?(?:/|หรือ)?(?:(?:จัด)?จ้าง)?{_ACT}56\(2\)(?:\([กขคงจฉชซ]\))?", SPECIFIC),
    (rf"{_BY}คัดเลือก(?:\(?{_ACT}(?:56\(1\))?(?:\([กขคงจฉชซ]\))?\)?)?", METHODS[3]),
    (rf"{_BY}{_ACT}56\(1\)(?:\([กขคงจฉชซ]\))?", METHODS[3]),
    (rf"{_BY}e-?bidding(?:\({_TENDER}\))?|{_BY}ประกวดราคา(?:\(?e-?bidding\)?)", METHODS[1]),
    (rf"{_BY}ประกวดราคาด้วยวิธี(?:การ)?(?:ทาง)?อิเล็กทรอนิกส์(?:\(?e-?bidding\)?)?", METHODS[1]),
    (rf"{_BY}e-?market(?:\(ตลาดอิเล็กทรอนิกส์\))?", METHODS[0]),
)
