"""T3 จัดซื้อจัดจ้าง: every purchase, in the ten columns of สขร.1 and six optional ones."""

from enum import StrEnum

import pandas as pd

from schemas.kit.bids import months_since_project, with_facts
from schemas.kit.columns import (
    Count,
    Day,
    Money,
    Severity,
    Text,
    choice,
    code,
    count,
    day,
    division,
    money,
    month,
    text,
    tick,
)
from schemas.kit.form import About, Derivation, Form, Glance, rule
from schemas.kit.kinds import Context
from schemas.kit.methods import METHODS, PHRASES, SPELT
from schemas.kit.vendors import is_tax_number

ERROR, WARNING = Severity.ERROR, Severity.WARNING


class ContractStatus(StrEnum):
    """Where a contract stands, in the words of the open-data layout."""

    UNSIGNED = "ยังไม่ลงนามในสัญญา"
    RUNNING = "อยู่ระหว่างระยะสัญญา"
    ENDED = "สิ้นสุดระยะสัญญา"
    CANCELLED = "ยกเลิกการดำเนินการ"


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
        known_by=(
            ("egp_project_no",),
            ("contract_no", "contract_date"),
            ("work_item", "winner_and_price_raw"),
            ("work_item", "budget_satang"),
        ),
        blank_rows=120,
    ),
    traits=(
        Derivation(with_facts, completed=("agreed_price_satang",)),
        Glance("vendor", "work_item", "contract_no", "contract_date", "agreed_price_satang"),
    ),
):
    """One row for each purchase of the month."""

    report_month: Day = month(
        "เดือนที่รายงาน", "Month reported", example="ตุลาคม 2565", required=ERROR, within="round"
    )
    seq_no: Text = code("ลำดับที่", "No.", example="1", was=("ลำดับ", "ที่"), width=8)
    work_item: Text = text(
        "งานที่จัดซื้อหรือจัดจ้าง", "Work item", example="ซื้อวัสดุ", required=True, was=("งานจัดซื้อจัดจ้าง",)
    )
    budget_satang: Money = money(
        "วงเงินที่จะซื้อหรือจ้าง (บาท)",
        "Budget (baht)",
        example="12,500.00",
        required=ERROR,
        was=("วงเงินงบประมาณ", "วงเงินงบประมาณ (บาท)", "วงเงินที่จะซื้อหรือจ้าง"),
    )
    reference_price_satang: Money = money(
        "ราคากลาง (บาท)",
        "Reference price (baht)",
        help_th="จำนวนเงินเป็นบาท ไม่มีราคากลางให้พิมพ์ -",
        help_en="Amount in baht; type - where there is none.",
        example="12,000.00",
        defect=ERROR,
        was=("ราคากลาง",),
    )
    procurement_method: Text = choice(
        METHODS,
        "วิธีซื้อหรือจ้าง",
        "Method",
        example="เฉพาะเจาะจง",
        required=True,
        also=SPELT,
        width=20,
        phrases=PHRASES,
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
        required=ERROR,
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
        example="5/10/2565",
        required=True,
        within="year",
        was=("วันที่สัญญา", "วันที่ของสัญญา"),
    )
    requesting_division_code: Text = division(
        "ส่วนราชการเจ้าของงบประมาณ",
        "Division of the budget",
        example="กองคลัง",
        was=("ส่วนราชการเจ้าของงบ",),
    )
    egp_project_no: Text = code(
        "เลขที่โครงการ e-GP",
        "e-GP project no.",
        help_th="ตัวเลข 11–12 หลักตามระบบ e-GP",
        help_en="11 or 12 digits as in e-GP.",
        example="65107000001",
        pattern="[0-9]{11,12}",
        digits=(11, 12),
    )
    winner_tin: Text = code(
        "เลขประจำตัวผู้เสียภาษี",
        "Taxpayer no.",
        help_th="13 หลัก เฉพาะนิติบุคคล",
        help_en="13 digits, of legal persons only.",
        example="0993500000012",
        digits=(13,),
    )
    agreed_price_satang: Money = money(
        "ราคาที่ตกลง (บาท)",
        "Agreed price (baht)",
        help_th="กรอกเฉพาะเมื่อราคาไม่ชัดในช่องผู้ได้รับการคัดเลือก",
        help_en="Only where the winner's cell does not say it clearly.",
        example="12,000.00",
        defect=ERROR,
        said_in="winner_and_price_raw",
    )
    budget_source: Text = text(
        "แหล่งที่มาของงบประมาณ", "Budget source", example="เทศบัญญัติ", was=("แหล่งงบประมาณ",)
    )
    contract_status: Text = choice(
        ContractStatus,
        "สถานะการจัดซื้อจัดจ้าง",
        "Contract status",
        example="สิ้นสุดระยะสัญญา",
        also={"สิ้นสุดสัญญา": ContractStatus.ENDED},
    )
    winner_name: Text = text(
        "ชื่อผู้ได้รับการคัดเลือก", "Winner", derived=True, said_in="winner_and_price_raw"
    )
    vendor: Text = text("ผู้ขายหรือผู้รับจ้าง", "Vendor", derived=True, said_in="winner_and_price_raw")
    vendor_matched_by: Text = text("จับคู่ผู้ขายด้วย", "Vendor told by", derived=True)
    bidder_count: Count = count("จำนวนผู้เสนอราคา", "Bidders", derived=True)
    lowest_bid_satang: Money = money("ราคาเสนอต่ำสุด (บาท)", "Lowest bid (baht)", derived=True)
    winning_bid_satang: Money = money("ราคาที่ผู้ชนะเสนอ (บาท)", "Winner's bid (baht)", derived=True)
    at_reference_price: Text = tick("ราคาที่ตกลงเท่ากับราคากลาง", "At reference price", derived=True)
    reference_is_budget: Text = tick("ราคากลางเท่ากับวงเงิน", "Reference is budget", derived=True)

    @staticmethod
    @rule(
        "PRC-01",
        on="winner_and_price_raw",
        beside=("agreed_price_satang",),
        severity=ERROR,
        th="ไม่พบราคาที่ตกลงในช่องนี้และช่อง “ราคาที่ตกลง” ว่าง โปรดพิมพ์ ชื่อ / ราคา บาท",
        en="No agreed price is in this cell and its own column is blank; please type name / price.",
        breaks={"winner_and_price_raw": "ร้านตัวอย่าง", "agreed_price_satang": ""},
        holds={"winner_and_price_raw": "ร้านตัวอย่าง", "agreed_price_satang": "12000"},
    )
    def price_is_known(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """Every purchase has an agreed price."""
        return rows["agreed_price_satang"].notna()

    @staticmethod
    @rule(
        "PRC-02",
        on=("winner_and_price_raw", "agreed_price_satang", "reference_price_satang"),
        severity=WARNING,
        th="ราคาที่ตกลงสูงกว่าราคากลาง ({reference_price_satang}) โปรดตรวจสอบ",
        en="The agreed price is above the reference price ({reference_price_satang}).",
        breaks={"reference_price_satang": "11,999.99"},
        holds={"reference_price_satang": "12,000.00"},
        flag="RF03",
    )
    def within_reference_price(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """The agreed price is not above the reference price."""
        return rows["agreed_price_satang"] <= rows["reference_price_satang"]

    @staticmethod
    @rule(
        "PRC-03",
        on=("winner_and_price_raw", "agreed_price_satang", "budget_satang"),
        severity=WARNING,
        th="ราคาที่ตกลงสูงกว่าวงเงิน ({budget_satang}) โปรดตรวจสอบ",
        en="The agreed price is above the budget ({budget_satang}); please check.",
        breaks={"budget_satang": "11,999.99", "reference_price_satang": "-"},
        holds={"budget_satang": "12,000.00", "reference_price_satang": "-"},
        flag="RF03",
        source="เกินวงเงิน: ชุดกฎ R4 (suwit321/Procurement.github.io)",
    )
    def within_budget(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """The agreed price is not above the budget."""
        return rows["agreed_price_satang"] <= rows["budget_satang"]

    @staticmethod
    @rule(
        "PRC-04",
        on=("contract_date", "report_month"),
        severity=WARNING,
        th="วันที่ของสัญญาไม่อยู่ในเดือน (หรือไตรมาส) ที่รายงาน ({report_month}) โปรดตรวจสอบ",
        en="The contract date is not in the month (or quarter) reported ({report_month}).",
        breaks={"report_month": "ตุลาคม 2565", "contract_date": "1/11/2565"},
        holds={"report_month": "ตุลาคม 2565", "contract_date": "31/10/2565"},
        source="แบบ สขร.1 เป็นรายเดือน; ประกาศผลผู้ชนะเป็นรายไตรมาส",
    )
    def dated_in_month(rows: pd.DataFrame, context: Context) -> "pd.Series[bool]":
        """A contract is dated in the month in which it is reported, or in its quarter."""
        days, months = rows["contract_date"].dt, rows["report_month"].dt
        part = "quarter" if context.quarterly else "month"
        same = getattr(days, part) == getattr(months, part)
        return same & (days.year == months.year) | _is_strange(rows["contract_date"], context)

    @staticmethod
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
        return rows["winner_tin"].map(is_tax_number)

    @staticmethod
    @rule(
        "PRC-06",
        on=("egp_project_no", "contract_date"),
        severity=WARNING,
        th="ปีเดือนต้นเลข e-GP ไม่สอดคล้องกับวันที่ของสัญญา ({contract_date}) โปรดตรวจสอบ",
        en="The e-GP number's month does not fit the contract date ({contract_date}); check both.",
        breaks={"egp_project_no": "65117000001", "contract_date": "5/10/2565"},
        holds={"egp_project_no": "65077000001", "contract_date": "5/10/2565"},
        source="เลขโครงการ e-GP ขึ้นต้นด้วย ปปดด (พ.ศ.)",
    )
    def egp_number_fits_date(rows: pd.DataFrame, context: Context) -> "pd.Series[bool]":
        """The number's month is the contract's or up to three before it."""
        passed = months_since_project(rows["egp_project_no"], rows["contract_date"])
        return passed.between(0, 3).fillna(True) | _is_strange(rows["contract_date"], context)


def _is_strange(days: "pd.Series[pd.Timestamp]", context: Context) -> "pd.Series[bool]":
    """The days outside the fiscal year: their own finding says so, and one cause is told once."""
    if context.round is None:
        return pd.Series(data=False, index=days.index)
    year = context.round.fiscal_year
    return ~days.between(pd.Timestamp(year.start), pd.Timestamp(year.end))
