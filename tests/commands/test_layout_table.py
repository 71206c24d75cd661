"""The table of the layouts: every heading of every layout, and what is read below it."""

from pipeline.commands.layout_table import layout_lines, layout_table


def test_every_layout_stands_in_the_table_with_its_headings_and_values(forms):
    table = layout_table(forms)
    known = {(form.name, each.name) for form in forms for each in form.variants.layouts}
    assert {(each["form"], each["layout"]) for each in table} == known
    monthly = next(each for each in table if each["layout"] == "monthly")
    columns = {"+".join(each["columns"]): each for each in monthly["columns"]}
    assert "งานจัดซื้อหรือจัดจ้าง" in columns["work_item"]["headings"]
    methods = {each["typed"]: each["th"] for each in columns["procurement_method"]["values"]}
    assert methods["เฉพาะเจาะจง"] == "เฉพาะเจาะจง"
    assert methods["e-bidding"] == "ประกวดราคาอิเล็กทรอนิกส์ (e-bidding)"
    money = {each["typed"]: each["th"] for each in columns["budget_satang"]["values"]}
    assert money["12,500.-"] == "12,500.00 บาท"


def test_the_lines_say_what_is_read_and_what_is_not(forms):
    lines = list(layout_lines(layout_table(forms), "th"))
    assert "procurement · แบบ สขร.1 รายเดือน" in lines
    assert any(line.startswith("  หัวตารางที่รู้จักแต่ไม่ใช้: ") for line in lines)
    assert any(line.startswith("      ") and " → " in line for line in lines)
