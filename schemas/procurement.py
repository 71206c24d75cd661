"""T3 จัดซื้อจัดจ้าง: every purchase, in the ten columns of สขร.1 and six optional ones."""

import re
from enum import StrEnum

import pandas as pd

from schemas.kit.columns import (
    Day,
    Money,
    Severity,
    Text,
    choice,
    code,
    day,
    division,
    money,
    month,
    text,
)
from schemas.kit.form import About, Form, rule
from schemas.kit.kinds import Context
from schemas.kit.thai import arabic_digits, clean
from schemas.kit.thai_numbers import parse_money

ERROR, WARNING = Severity.ERROR, Severity.WARNING
METHODS = (
    "ตลาดอิเล็กทรอนิกส์ (e-market)",
    "ประกวดราคาอิเล็กทรอนิกส์ (e-bidding)",
    "สอบราคา",
    "คัดเลือก",
    "เฉพาะเจาะจง",
    "อื่น ๆ",
)
_ALSO = {
    "e-market": METHODS[0],
    "ตลาดอิเล็กทรอนิกส์": METHODS[0],
    "e-bidding": METHODS[1],
    "ประกวดราคาอิเล็กทรอนิกส์": METHODS[1],
    "ประกาศเชิญชวนทั่วไป": METHODS[1],
    "ตกลงราคา": METHODS[5],
    "กรณีพิเศษ": METHODS[5],
    "พิเศษ": METHODS[5],
}
_SPOKEN = {
    prefix + name: method
    for prefix in ("วิธี", "โดยวิธี", "ด้วยวิธี")
    for name, method in (_ALSO | {each: each for each in METHODS}).items()
}
_BID = re.compile(r"^(.*?)[\s/:]*([0-9][0-9,]*(?:\.[0-9]+)?(?:\.-)?)\s*(?:บาท)?(?:ถ้วน)?\.?\s*$")


class ContractStatus(StrEnum):
    """Where a contract stands, in the words of the open-data layout."""

    UNSIGNED = "ยังไม่ลงนามในสัญญา"
    RUNNING = "อยู่ระหว่างระยะสัญญา"
    ENDED = "สิ้นสุดระยะสัญญา"
    CANCELLED = "ยกเลิกการดำเนินการ"


def parse_bid(line: str) -> tuple[str, int | None]:
    """A bidder and the price offered, in satang, out of one line; None where no price is in it."""
    found = _BID.match(arabic_digits(clean(line)))
    if found is None:
        return clean(line), None
    name = clean(line)[: len(found[1])]
    return name.strip(" /:"), parse_money(found[2]).value


def with_winner(rows: pd.DataFrame) -> pd.DataFrame:
    """The winner's name and, where its own column is blank, the agreed price out of column 7."""
    bids = [parse_bid(str(t)) if pd.notna(t) else (None, None) for t in rows["winner_and_price_raw"]]
    names = pd.Series([name or None for name, _ in bids], index=rows.index, dtype="string")
    prices = pd.Series([price for _, price in bids], index=rows.index, dtype="Int64")
    agreed = rows["agreed_price_satang"].fillna(prices)
    return rows.assign(winner_name=names, agreed_price_satang=agreed)


def procurement_bids(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per bidder: row (index of `rows`), bidder_name, bid_price_satang, is_winner."""
    bids = []
    for index, raw, winner in zip(
        rows.index, rows["bidders_and_prices_raw"], rows["winner_name"], strict=True
    ):
        for line in str(raw).splitlines() if pd.notna(raw) else []:
            name, price = parse_bid(line)
            bids.append((index, name, price, pd.notna(winner) and name == winner))
    made = pd.DataFrame(bids, columns=["row", "bidder_name", "bid_price_satang", "is_winner"])
    dtypes = {"row": "int64", "bidder_name": "string", "bid_price_satang": "Int64"}
    return made.astype(dtypes | {"is_winner": "bool"})


class Procurement(
    Form,
    about=About(
        sheet="จัดซื้อจัดจ้าง",
        title="สรุปผลการดำเนินการจัดซื้อจัดจ้าง (แบบ สขร.1)",
        en="Procurement",
        version="2566.1",
        order=3,
        measures=(5,),
        monthly="parts",
        month="report_month",
        carried=True,
        derive=with_winner,
        blank_rows=120,
        history="2566.1: ฉบับแรก",
    ),
):
    """One row for each purchase of the month."""

    report_month: Day = month(
        "เดือนที่รายงาน",
        "Month reported",
        help_th="เลือกเดือนจากรายการ",
        help_en="Choose the month.",
        example="ตุลาคม 2565",
        required=True,
        defect=ERROR,
        within="round",
    )
    seq_no: Text = code("ลำดับที่", "No.", example="1", was=("ลำดับ", "ที่"), width=8)
    work_item: Text = text(
        "งานที่จัดซื้อหรือจัดจ้าง", "Work item", example="ซื้อวัสดุ", required=True, was=("งานจัดซื้อจัดจ้าง",)
    )
    budget_satang: Money = money(
        "วงเงินที่จะซื้อหรือจ้าง (บาท)",
        "Budget (baht)",
        help_th="จำนวนเงินเป็นบาท เช่น 12,500.00",
        help_en="Amount in baht, such as 12,500.00.",
        example="12,500.00",
        required=True,
        defect=ERROR,
        was=("วงเงินงบประมาณ", "วงเงินงบประมาณ (บาท)", "วงเงินที่จะซื้อหรือจ้าง"),
    )
    reference_price_satang: Money = money(
        "ราคากลาง (บาท)",
        "Reference price (baht)",
        help_th="ไม่มีราคากลางให้พิมพ์ -",
        help_en="Type - where there is none.",
        example="12,000.00",
        defect=ERROR,
        was=("ราคากลาง",),
    )
    procurement_method: Text = choice(
        METHODS, "วิธีซื้อหรือจ้าง", "Method", example="เฉพาะเจาะจง", required=True, also=_ALSO | _SPOKEN, width=20
    )
    bidders_and_prices_raw: Text = text(
        "รายชื่อผู้เสนอราคาและราคาที่เสนอ",
        "Bidders and prices offered",
        help_th="หนึ่งบรรทัดต่อราย: ชื่อ / ราคา บาท",
        help_en="One line each: name / price.",
        example="ร้านตัวอย่าง / 12,000.00 บาท",
        required=True,
    )
    winner_and_price_raw: Text = text(
        "ผู้ได้รับการคัดเลือกและราคาที่ตกลงซื้อหรือจ้าง",
        "Winner and agreed price",
        help_th="ชื่อ / ราคา บาท",
        help_en="Name / price.",
        example="ร้านตัวอย่าง / 12,000.00 บาท",
        required=True,
        defect=ERROR,
        was=("ผู้ได้รับการคัดเลือกและราคา",),
    )
    selection_reason: Text = text(
        "เหตุผลที่คัดเลือกโดยสรุป", "Reason for selection", example="ราคาต่ำสุด", required=True, width=24
    )
    contract_no: Text = code(
        "เลขที่ของสัญญาหรือข้อตกลงในการซื้อหรือจ้าง",
        "Contract no.",
        example="1/2566",
        required=True,
        was=("เลขที่สัญญา", "เลขที่ของสัญญา"),
    )
    contract_date: Day = day(
        "วันที่ของสัญญาหรือข้อตกลงในการซื้อหรือจ้าง",
        "Contract date",
        help_th="พิมพ์ วัน/เดือน/ปี พ.ศ. เช่น 5/10/2565",
        help_en="Day/month/year, such as 5/10/2565.",
        example="5/10/2565",
        required=True,
        within="year",
        was=("วันที่สัญญา", "วันที่ของสัญญา"),
    )
    requesting_division_code: Text = division(
        "ส่วนราชการเจ้าของงบประมาณ", "Division of the budget", example="กองคลัง", was=("ส่วนราชการเจ้าของงบ",)
    )
    egp_project_no: Text = code(
        "เลขที่โครงการ e-GP", "e-GP project no.", example="65107000001", pattern="[0-9]{11,12}"
    )
    winner_tin: Text = code(
        "เลขประจำตัวผู้เสียภาษี", "Taxpayer no.", example="0993500000012", help_th="เฉพาะนิติบุคคล 13 หลัก"
    )
    agreed_price_satang: Money = money(
        "ราคาที่ตกลง (บาท)",
        "Agreed price (baht)",
        help_th="กรอกเฉพาะเมื่อราคาไม่ชัดในช่องผู้ได้รับการคัดเลือก",
        help_en="Only where the winner's cell does not say it clearly.",
        example="12,000.00",
        defect=ERROR,
    )
    budget_source: Text = text("แหล่งที่มาของงบประมาณ", "Budget source", example="เทศบัญญัติ", was=("แหล่งงบประมาณ",))
    contract_status: Text = choice(
        ContractStatus,
        "สถานะการจัดซื้อจัดจ้าง",
        "Contract status",
        example="สิ้นสุดระยะสัญญา",
        also={"สิ้นสุดสัญญา": ContractStatus.ENDED},
    )
    winner_name: Text = text("ชื่อผู้ได้รับการคัดเลือก", "Winner", derived=True)

    @rule(
        "PRC-01",
        on="winner_and_price_raw",
        severity=ERROR,
        th="ไม่พบราคาที่ตกลงในช่องนี้และช่อง “ราคาที่ตกลง” ว่าง โปรดพิมพ์ ชื่อ / ราคา บาท",
        en="No agreed price is in this cell and its own column is blank; please type name / price.",
        breaks={"winner_and_price_raw": "ร้านตัวอย่าง", "agreed_price_satang": ""},
        holds={"winner_and_price_raw": "ร้านตัวอย่าง", "agreed_price_satang": "12000"},
    )
    def price_is_known(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """Every purchase has an agreed price."""
        return rows["agreed_price_satang"].notna()

    @rule(
        "PRC-02",
        on=("winner_and_price_raw", "agreed_price_satang", "reference_price_satang"),
        severity=WARNING,
        th="ราคาที่ตกลงสูงกว่าราคากลาง ({reference_price_satang}) โปรดตรวจสอบ",
        en="The agreed price is above the reference price ({reference_price_satang}); please check.",
        breaks={"reference_price_satang": "11,999.99"},
        holds={"reference_price_satang": "12,000.00"},
        source="พ.ร.บ. การจัดซื้อจัดจ้าง 2560",
    )
    def within_reference_price(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """The agreed price is not above the reference price."""
        return rows["agreed_price_satang"] <= rows["reference_price_satang"]

    @rule(
        "PRC-03",
        on=("winner_and_price_raw", "agreed_price_satang", "budget_satang"),
        severity=WARNING,
        th="ราคาที่ตกลงสูงกว่าวงเงิน ({budget_satang}) โปรดตรวจสอบ",
        en="The agreed price is above the budget ({budget_satang}); please check.",
        breaks={"budget_satang": "11,999.99", "reference_price_satang": "-"},
        holds={"budget_satang": "12,000.00", "reference_price_satang": "-"},
    )
    def within_budget(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """The agreed price is not above the budget."""
        return rows["agreed_price_satang"] <= rows["budget_satang"]

    @rule(
        "PRC-04",
        on=("contract_date", "report_month"),
        severity=WARNING,
        th="วันที่ของสัญญาไม่อยู่ในเดือนที่รายงาน ({report_month}) โปรดตรวจสอบ",
        en="The contract date is not in the month reported ({report_month}); please check.",
        breaks={"report_month": "ตุลาคม 2565", "contract_date": "1/11/2565"},
        holds={"report_month": "ตุลาคม 2565", "contract_date": "31/10/2565"},
    )
    def dated_in_month(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """A contract is dated in the month in which it is reported."""
        return rows["contract_date"].dt.strftime("%Y-%m") == rows["report_month"].dt.strftime("%Y-%m")

    @rule(
        "PRC-05",
        on="winner_tin",
        severity=WARNING,
        th="เลขประจำตัวผู้เสียภาษีไม่ครบ 13 หลักหรือเลขตรวจสอบไม่ตรง โปรดตรวจสอบ",
        en="The taxpayer number has not 13 digits or its check digit is wrong; please check.",
        breaks={"winner_tin": "0993500000013"},
        holds={"winner_tin": "0993500000012"},
        source="เลขตรวจสอบ mod 11",
    )
    def tax_number_is_sound(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """A taxpayer number has thirteen digits and the right check digit."""
        return rows["winner_tin"].map(_sound_tax_number)

    @rule(
        "PRC-06",
        on=("egp_project_no", "contract_date"),
        severity=WARNING,
        th="เลขที่โครงการ e-GP ขึ้นต้นด้วยปีเดือนที่ไม่สอดคล้องกับวันที่ของสัญญา ({contract_date}) โปรดตรวจสอบ",
        en="The e-GP number begins with a month that does not fit the contract date ({contract_date}).",
        breaks={"egp_project_no": "65117000001", "contract_date": "5/10/2565"},
        holds={"egp_project_no": "65077000001", "contract_date": "5/10/2565"},
        source="เลขโครงการ e-GP ขึ้นต้นด้วย ปปดด (พ.ศ.)",
    )
    def egp_number_fits_date(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """The number's month is the contract's or up to three before it."""
        begun = rows["egp_project_no"].str[:4].astype("Int64")
        begun = (begun // 100 + 2500 - 543) * 12 + begun % 100
        dated = rows["contract_date"].dt.year * 12 + rows["contract_date"].dt.month
        return (dated - begun).between(0, 3)


def _sound_tax_number(number: str) -> bool:
    """Thirteen digits of which the last is 11 less the weighted sum modulo 11, modulo 10."""
    digits = arabic_digits(number)
    if re.fullmatch(r"[0-9]{13}", digits) is None:
        return False
    weighted = sum(int(d) * w for d, w in zip(digits[:12], range(13, 1, -1), strict=True))
    return (11 - weighted % 11) % 10 == int(digits[12])
