"""Workbooks of purchases as offices lay them out, with what is true of each; all is made up."""

import io
import random
from dataclasses import dataclass, field
from datetime import date

import xlsxwriter

from schemas.kit.layouts import Layout
from schemas.kit.thai.dates import FULL, SHORT

METHODS = {
    "เฉพาะเจาะจง": ("เฉพาะเจาะจง", "วิธีเฉพาะเจาะจง", "โดยวิธีเฉพาะเจาะจง", "ฉพจ.", "เฉพาะเจาะจง ม.56 (2) (ข)"),
    "ประกวดราคาอิเล็กทรอนิกส์ (e-bidding)": ("e-bidding", "ประกวดราคาอิเล็กทรอนิกส์ (e-bidding)"),
    "คัดเลือก": ("คัดเลือก", "วิธีคัดเลือก"),
}  # fmt: skip
ITEMS = ("ซื้อวัสดุสำนักงาน จำนวน 15 รายการ", "จ้างซ่อมรถยนต์ หมายเลขทะเบียน กข 1234", "จ้างเหมาบริการคนสวน",
         "จ้างก่อสร้างถนน คสล. หมู่ที่ 3 กว้าง 4.00 เมตร", "ซื้อน้ำดื่ม", "จ้างทำป้ายไวนิล ขนาด 1 x 2 เมตร")  # fmt: skip
SELLERS = ("ร้าน ก พาณิชย์", "หจก. ข ยานยนต์", "บริษัท ค โยธา จำกัด", "นาย ง ขยัน", "หจก.จ ก่อสร้าง",
           "บริษัท ฉ วิศวกรรม จำกัด", "ห้างหุ้นส่วนจำกัด ช การช่าง")  # fmt: skip
NOTHING = ("-ไม่มี-", "ไม่มีการจัดซื้อจัดจ้าง", "เดือนนี้ไม่มีการจัดซื้อจัดจ้าง", "***ไม่มีรายการจัดซื้อจัดจ้าง***",
           "(ไม่มีการจัดซื้อ/จัดจ้างในเดือนนี้)", "- ไม่ได้ดำเนินการจัดซื้อจัดจ้าง -", "ไม่มีรายการ")  # fmt: skip
SIGNED = ("(ลงชื่อ)....................ผู้รายงาน", "(นายตัวอย่าง ไม่มีจริง)", "ตำแหน่ง ผู้อำนวยการกองคลัง")


@dataclass
class Purchase:
    """One purchase as it is; money in satang."""

    month: date
    item: str
    budget: int
    method: str
    bids: list[tuple[str, int]]
    winner: str
    price: int
    number: str
    day: date


@dataclass
class Made:
    """A workbook and what it says."""

    name: str
    data: bytes
    layout: str
    purchases: list[Purchase] = field(default_factory=list)
    nothing: list[date] = field(default_factory=list)


class Maker:
    """Makes one workbook after the other; the same seed makes the same ones."""

    def __init__(self, seed: int, layouts: tuple[Layout, ...]) -> None:
        self.dice = random.Random(seed)
        self.layouts = {each.name: each for each in layouts}

    def make(self, number: int) -> Made:
        dice = self.dice
        layout = self.layouts[dice.choice(("monthly", "monthly", "monthly", "oit", "open_data"))]
        months = [date(2022 + (9 + n) // 12, (9 + n) % 12 + 1, 1) for n in range(12)]
        count = dice.choice((1, 1, 1, 2, 3)) if layout.period else 1
        first = dice.randrange(12 - count + 1)
        made = Made(f"{number:03}-{layout.name}.xlsx", b"", layout.name)
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer) as book:
            self.sheet = book.add_worksheet("Sheet1")
            self.row, self.book = 0, book
            self._lay_letters()
            columns = self._columns(layout)
            for month in months[first : first + count]:
                self._lay_block(made, month, layout, columns)
        made.data = buffer.getvalue()
        return made

    # --- around the table ---------------------------------------------------------------------

    def _write(self, column: int, value: object) -> None:
        if isinstance(value, date):
            self.sheet.write_datetime(
                self.row, column, value, self.book.add_format({"num_format": "d/m/yyyy"})
            )
        elif value is not None:
            self.sheet.write(self.row, column, value)

    def _line(self, text: str, width: int = 0) -> None:
        if width:
            self.sheet.merge_range(self.row, 0, self.row, width, text)
        else:
            self._write(0, text)
        self.row += 1

    def _lay_letters(self) -> None:
        for line in range(self.dice.choice((0, 0, 0, 2, 25))):
            self._line(f"บันทึกข้อความ ที่ ฉช {line}")

    def _title(self, month: date) -> str:
        name, short = FULL[month.month - 1], SHORT[month.month - 1]
        year, fiscal = month.year + 543, month.year + 543 + (month.month >= 10)
        return self.dice.choice(
            (
                f"สรุปผลการดำเนินการจัดซื้อจัดจ้างในรอบเดือน {name} {year}",
                f"สรุปผลการดำเนินการจัดซื้อจัดจ้าง ประจำเดือน{name} พ.ศ. {year}",
                f"สรุปผลการดำเนินการจัดซื้อจัดจ้าง ประจำปีงบประมาณ พ.ศ. {fiscal} เดือน{name}",
                f"รายงานผลการจัดซื้อจัดจ้าง รอบเดือน {short} {year % 100}",
                f"สรุปผลการจัดซื้อจัดจ้าง พ.ศ. {year} ประจำเดือน{name}",
                f"แบบสรุปผลการจัดซื้อจัดจ้างประจำเดือน{name} ปีงบประมาณ {fiscal}",
            )
        )

    def _lay_block(self, made: Made, month: date, layout: Layout, columns: list[str]) -> None:
        dice = self.dice
        width = dice.choice((0, len(columns) - 1))
        if dice.random() < 0.4:
            self._write(len(columns) - 1, "แบบ สขร.1")
            self.row += 1
        self._line(
            self._title(month) if layout.period else "ข้อมูลการจัดซื้อจัดจ้าง ปีงบประมาณ 2566", width
        )
        self._line("เทศบาลตัวอย่าง", width)
        if dice.random() < 0.4:
            self._line("วันที่ 1 เดือน ธันวาคม พ.ศ. 2565", width)
        self.row += dice.choice((0, 0, 1, 2))
        self._lay_headings(layout, columns)
        if dice.random() < 0.2 and layout.nothing:
            self._line(dice.choice(NOTHING), dice.choice((0, len(columns) - 1)))
            made.nothing.append(month)
        else:
            for _ in range(dice.randint(1, 4)):
                made.purchases.append(self._lay_purchase(month, columns))
            if dice.random() < 0.4 and "budget_satang" in columns:
                self._lay_total(columns, made, month)
        self.row += dice.choice((0, 1, 2))
        if dice.random() < 0.4:
            self._lay_signature(columns)

    def _lay_total(self, columns: list[str], made: Made, month: date) -> None:
        self._write(0, "รวม")
        mine = sum(each.budget for each in made.purchases if each.month == month)
        self._write(columns.index("budget_satang") or 1, mine / 100)
        self.row += 1

    def _lay_signature(self, columns: list[str]) -> None:
        at = self.dice.randrange(len(columns))
        for text in SIGNED:
            self._write(at, text)
            self.row += 1
        self.row += 1

    # --- headings -----------------------------------------------------------------------------

    def _columns(self, layout: Layout) -> list[str]:
        """The columns of this workbook in their order; those of one heading stay together."""
        dice = self.dice
        groups = [[name] for name in layout.headings if name != "contract_no+contract_date"]
        if "agreed_price_satang" in layout.optional and dice.random() < 0.4:
            groups.append(["agreed_price_satang"])
        if "bidders_and_prices_raw" in layout.follows and dice.random() < 0.3:
            groups[groups.index(["bidders_and_prices_raw"])].append("+bidders_and_prices_raw")
        self.contract = dice.choice(("joined", "both", "parted"))
        joined = layout.name == "monthly" and self.contract != "parted"
        groups.append(
            ["contract"]
            if joined and self.contract == "joined"
            else ["contract_no", "contract_date"]
        )
        self.two_lines = joined and self.contract == "both"
        if dice.random() < 0.3:
            dice.shuffle(groups)
        return [name for group in groups for name in group]

    def _heading(self, layout: Layout, name: str) -> str:
        dice = self.dice
        if name == "contract":
            name = "contract_no+contract_date"
        if name.startswith("+"):
            return dice.choice(layout.follows[name[1:]])
        text = dice.choice({**layout.headings, **layout.optional}[name])
        if name.endswith("_satang") and dice.random() < 0.5:
            text += " (บาท)"
        garble = dice.choice((str, str, str, garbled, toneless, broken))
        return str(garble(text))

    def _lay_headings(self, layout: Layout, columns: list[str]) -> None:
        for at, name in enumerate(columns):
            if self.two_lines and name == "contract_no":
                text = self._heading(layout, "contract")
                self.sheet.merge_range(self.row, at, self.row, at + 1, text)
            elif not (self.two_lines and name == "contract_date"):
                self._write(at, self._heading(layout, name))
        self.row += 1
        if self.two_lines and self.dice.random() < 0.6:
            at = columns.index("contract_no")
            self._write(at, "เลขที่")
            self._write(at + 1, "วันที่")
            self.row += 1
        if self.dice.random() < 0.2:
            for at in range(len(columns)):
                self._write(at, f"({at + 1})")
            self.row += 1

    # --- rows ---------------------------------------------------------------------------------

    def _purchase(self, month: date) -> Purchase:
        dice = self.dice
        price = dice.choice(
            (50_000, 500_000, 840_050, 1_200_000, 170_000_000, dice.randrange(10_000, 9_000_000))
        )
        sellers = dice.sample(SELLERS, dice.choice((1, 1, 1, 2, 3)))
        bids = [(seller, price + n * 1_000_00) for n, seller in enumerate(sellers)]
        method = dice.choice(tuple(METHODS))
        day = month.replace(day=dice.randint(1, 28))
        number = f"{dice.randint(1, 999)}/2566"
        return Purchase(
            month, dice.choice(ITEMS), price + 50_000, method, bids, *bids[0], number, day
        )

    def _lay_purchase(self, month: date, columns: list[str]) -> Purchase:
        bought = self._purchase(month)
        self.counter = getattr(self, "counter", 0) + 1
        cells = self._cells(bought, columns)
        for at, name in enumerate(columns):
            self._write(at, cells.get(name))
        self.row += 1
        return bought

    def _cells(self, bought: Purchase, columns: list[str]) -> dict[str, object]:
        dice = self.dice
        parted = "+bidders_and_prices_raw" in columns
        alone = "agreed_price_satang" in columns
        winner = bought.winner if alone else self._bid(bought.winner, bought.price)
        bids = bought.bids
        if parted:
            named = {
                "bidders_and_prices_raw": "\n".join(name for name, _ in bids),
                "+bidders_and_prices_raw": "\n".join(f"{price / 100:,.2f}" for _, price in bids),
            }
        else:
            named = {"bidders_and_prices_raw": self._bidders(bids)}
        return {
            "seq_no": self.counter,
            "work_item": bought.item,
            "budget_satang": self._amount(bought.budget),
            "reference_price_satang": self._amount(bought.budget),
            "procurement_method": dice.choice(METHODS[bought.method]),
            "winner_and_price_raw": winner,
            "agreed_price_satang": self._amount(bought.price),
            "selection_reason": "ราคาต่ำสุด",
            "contract": f"{bought.number} ลงวันที่ {self._day(bought.day)}",
            "contract_no": bought.number,
            "contract_date": dice.choice(
                (bought.day, self._day(bought.day), f"ลว. {self._day(bought.day)}")
            ),
            "budget_source": "รายได้ของเทศบาล",
            "contract_status": "ลงนามสัญญา",
            "egp_project_no": "66017000001",
            **named,
        }

    def _amount(self, satang: int) -> object:
        text = f"{satang / 100:,.2f}"
        return self.dice.choice((satang / 100, satang / 100, text, f"{text} บาท", thai(text)))

    def _day(self, day: date) -> str:
        year, name, short = day.year + 543, FULL[day.month - 1], SHORT[day.month - 1]
        return self.dice.choice(
            (f"{day.day} {short} {year % 100}", f"{day.day} {name} {year}", f"{day.day}/{day.month}/{year}",
             f"{day.day:02}/{day.month:02}/{year}", f"{day.day} {short} {year}")
        )  # fmt: skip

    def _bid(self, name: str, satang: int) -> str:
        text = f"{satang / 100:,.2f}"
        return self.dice.choice(
            (
                f"{name} / {text} บาท",
                f"{name}\n{text} บาท",
                f"{name} {text}",
                f"{name} ({text})",
                f"{name} / {text}",
                f"{name} เสนอราคา {text} บาท",
                f"{name}\nเสนอราคาเป็นเงิน {text} บาท",
                f"{name} = {text} บาท",
                f"{name} - {text} บาท",
                f"{name} {satang / 100:,.2f}.-บาท"
                if satang % 100
                else f"{name} {satang // 100:,}.-บาท",
            )
        )

    def _bidders(self, bids: list[tuple[str, int]]) -> str:
        texts = [self._bid(*bid) for bid in bids]
        if len(texts) == 1:
            return texts[0]
        if any("\n" in each for each in texts) or self.dice.random() < 0.5:
            return "\n".join(texts)
        return self.dice.choice(
            ("; ".join(texts), " ".join(f"{n}) {each}" for n, each in enumerate(texts, 1)),
             "\n".join(f"{n}. {each}" for n, each in enumerate(texts, 1)))
        )  # fmt: skip


def garbled(text: str) -> str:
    """As a converter of printed files writes it."""
    return text.replace("า", "ำ")


def toneless(text: str) -> str:
    """As a converter that loses the marks above others writes it."""
    return "".join(sign for sign in text if sign not in "่้")


def broken(text: str) -> str:
    """With a line break in the midst of a word."""
    half = next(
        (n for n in range(len(text) // 2, len(text)) if text[n] in "กขคงจซตทนบปผพมรลวสหอเแโ"), 0
    )
    return f"{text[:half]}\n{text[half:]}" if half > 4 else text


def thai(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
