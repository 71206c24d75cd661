"""Forges a report: its parts changed as somebody would who knows what a workbook is made of.

A forger takes the parts of a report and changes them; each says where that must be named: the
sheet, the place in it, and what kind of thing. Texts are found by the names and titles that the
report itself gives, so that a forgery follows the report when its layout changes.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, unescape

WORKBOOK, STYLES, TYPES = "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"
CUSTOM = "docProps/custom.xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass
class Parts:
    """The parts of a workbook as text, found by sheet and by name."""

    members: dict[str, bytes]
    sheets: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, data: bytes) -> "Parts":
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            parts = cls({name: source.read(name) for name in source.namelist()})
        links = dict(_links(parts.text("xl/_rels/workbook.xml.rels")))
        for found in re.finditer(r"<sheet [^>]*>", parts.text(WORKBOOK)):
            name, link = _attribute(found[0], "name"), _attribute(found[0], "r:id")
            parts.sheets[name] = f"xl/{links[link].removeprefix('/xl/')}"
        for found in re.finditer(r"<definedName ([^>]*)>([^<]*)<", parts.text(WORKBOOK)):
            parts.names[_attribute(found[1], "name")] = unescape(found[2], {"&apos;": "'"})
        return parts

    def packed(self) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
            for name, content in self.members.items():
                made.writestr(name, content)
        return target.getvalue()

    def text(self, name: str) -> str:
        return self.members[name].decode("utf-8")

    def replace(self, name: str, old: str, new: str, count: int = 1) -> None:
        """Change a text of a part; it must be there."""
        text = self.text(name)
        assert old in text, (name, old)
        self.members[name] = text.replace(old, new, count).encode()

    def sub(self, name: str, pattern: str, new: str | Callable[..., str], count: int = 1) -> None:
        text, times = re.subn(pattern, new, self.text(name), count=count, flags=re.DOTALL)
        assert times, (name, pattern)
        self.members[name] = text.encode()

    def add(self, name: str, content: str | bytes, kind: str) -> None:
        """A new part with its type."""
        self.members[name] = content if isinstance(content, bytes) else content.encode()
        override = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'
        self.replace(TYPES, "</Types>", override)

    def link(self, source: str, kind: str, target: str, *, external: bool = False) -> str:
        """A link from one part to another; gives its identifier."""
        folder, _, file = source.rpartition("/")
        relations = f"{folder}/_rels/{file}.rels"
        if relations not in self.members:
            space = "http://schemas.openxmlformats.org/package/2006/relationships"
            self.members[relations] = f'<Relationships xmlns="{space}"></Relationships>'.encode()
        mode = ' TargetMode="External"' if external else ""
        kind = kind if ":" in kind else f"{RELATIONS}/{kind}"
        new = f'<Relationship Id="rIdForged" Type="{kind}" Target="{target}"{mode}/>'
        self.replace(relations, "</Relationships>", f"{new}</Relationships>")
        return "rIdForged"

    def home(self, name: str) -> tuple[str, str]:
        """The sheet and the cell of a name."""
        sheet, _, cell = self.names[name].rpartition("!")
        return sheet.strip("'"), cell.split(":")[0].replace("$", "")

    def cell(self, sheet: str, address: str) -> str:
        """A cell as the part has it."""
        found = re.search(rf'<c r="{address}"[^>]*?(/>|>.*?</c>)', self.text(self.sheets[sheet]))
        assert found, (sheet, address)
        return found[0]

    def in_sheet(self, sheet: str, element: str) -> None:
        """Put an element behind the cells and what stands right behind them."""
        part = self.sheets[sheet]
        text = self.text(part)
        for before in ("<conditionalFormatting", "<dataValidations", "<hyperlinks", "<printOptions",
                       "<pageMargins"):  # fmt: skip
            if before in text:
                self.replace(part, before, element + before)
                return
        raise AssertionError(sheet)

    def new_style(self, change: Callable[[str], str], style: int) -> int:
        """A style like another but for what is changed of it; gives its number."""
        text = self.text(STYLES)
        table = re.search(r"<cellXfs[^>]*>(.*)</cellXfs>", text, re.DOTALL)
        assert table
        members = re.findall(r"<xf [^>]*?/>|<xf [^>]*?>.*?</xf>", table[1], re.DOTALL)
        self.replace(STYLES, "</cellXfs>", change(members[style]) + "</cellXfs>")
        return len(members)

    def restyled(self, sheet: str, address: str, change: Callable[[str], str]) -> None:
        """Give a cell a style of its own."""
        cell = self.cell(sheet, address)
        number = re.search(r' s="([0-9]+)"', cell)
        assert number
        made = self.new_style(change, int(number[1]))
        self.replace(self.sheets[sheet], cell, cell.replace(number[0], f' s="{made}"', 1))

    def add_to(self, group: str, element: str) -> int:
        """A new member of a group of the styles (fonts, fills, dxfs, numFmts); its number."""
        text = self.text(STYLES)
        found = re.search(rf"<{group}\b[^>]*>(.*?)</{group}>", text, re.DOTALL)
        assert found, group
        one = {"fonts": "font", "fills": "fill", "dxfs": "dxf", "numFmts": "numFmt"}[group]
        self.replace(STYLES, f"</{group}>", element + f"</{group}>")
        return len(re.findall(rf"<{one}\b", found[1]))


def _links(text: str) -> list[tuple[str, str]]:
    found = re.findall(r"<Relationship [^>]*>", text)
    return [(_attribute(each, "Id"), _attribute(each, "Target")) for each in found]


def _attribute(element: str, name: str) -> str:
    found = re.search(rf'(?:^|\s){name}="([^"]*)"', element)
    return unescape(found[1], {"&apos;": "'", "&quot;": '"'}) if found else ""


@dataclass(frozen=True)
class Named:
    """Where a forgery must be named: sheet, place, and a word of what is forged there."""

    sheet: str
    place: str
    what: str


Forgery = Callable[[Parts, Mapping[str, str]], Named]
FORGERIES: dict[str, Forgery] = {}
# The sheets of a report by the keys that its sentences have.
COVER, PRINTED, SUMMARY, FINDINGS, PLAN = "front", "public", "summary", "findings", "plan"


def forgery(made: Forgery) -> Forgery:
    FORGERIES[made.__name__.replace("_", "-")] = made
    return made


SCORE = "plan.score_pct"
FORGED_SCORE = "98.57"


# --- sheets, rows, columns ------------------------------------------------------------------------


def _state(parts: Parts, sheet: str, state: str) -> None:
    at = re.search(rf'<sheet name="{escape(sheet)}"[^>]*>', parts.text(WORKBOOK))
    assert at
    plain = re.sub(r' state="[^"]*"', "", at[0])
    parts.replace(WORKBOOK, at[0], plain.replace("<sheet ", f'<sheet state="{state}" ', 1))


@forgery
def hidden_findings_sheet(parts, sheets):
    _state(parts, sheets[FINDINGS], "hidden")
    return Named(sheets[FINDINGS], "", "sheet@state")


@forgery
def very_hidden_findings_sheet(parts, sheets):
    _state(parts, sheets[FINDINGS], "veryHidden")
    return Named(sheets[FINDINGS], "", "sheet@state")


@forgery
def sheets_in_another_order(parts, sheets):
    found = re.findall(r"<sheet [^>]*/>", parts.text(WORKBOOK))
    both = found[-2] + found[-1]
    parts.replace(WORKBOOK, both, found[-1] + found[-2])
    return Named("", "", "order of sheets")


def _row(parts, sheet, number, change):
    parts.sub(parts.sheets[sheet], rf'<row r="{number}"[^>]*>', lambda row: change(row[0]))
    return Named(sheet, f"{number}:{number}", "row@")


def _hidden_row(row):
    return re.sub(r' hidden="[^"]*"', "", row).replace("<row ", '<row hidden="1" ')


@forgery
def hidden_cover_row(parts, sheets):
    return _row(parts, sheets[COVER], 12, _hidden_row)


@forgery
def hidden_data_rows(parts, sheets):
    sheet, cell = parts.home("project_register.fate")
    number = int(re.sub("[A-Z]", "", cell)) + 2
    _row(parts, sheet, number + 1, _hidden_row)
    return _row(parts, sheet, number, _hidden_row)


def _low(row):
    row = re.sub(r' (ht|customHeight)="[^"]*"', "", row)
    return row.replace("<row ", '<row ht="0" customHeight="1" ')


@forgery
def row_without_height(parts, sheets):
    return _row(parts, sheets[COVER], 12, _low)


@forgery
def row_so_low_that_text_is_cut(parts, sheets):
    return _row(parts, sheets[PRINTED], 8, lambda row: re.sub(r' ht="[^"]*"', ' ht="15"', row))


@forgery
def row_without_height_that_is_not_fixed(parts, sheets):
    def low(row):
        row = re.sub(r' (ht|customHeight)="[^"]*"', "", row)
        return row.replace("<row ", '<row ht="0.1" ')

    return _row(parts, sheets[COVER], 12, low)


@forgery
def hidden_column(parts, sheets):
    sheet, _ = parts.home("project_register.fate")
    parts.sub(
        parts.sheets[sheet],
        r'<col [^>]*min="1"[^>]*>',
        lambda col: re.sub(r' hidden="[^"]*"', "", col[0]).replace("<col ", '<col hidden="1" '),
    )
    return Named(sheet, "A:A", "column@hidden")


@forgery
def column_without_width(parts, sheets):
    sheet, _ = parts.home("project_register.fate")
    parts.sub(
        parts.sheets[sheet],
        r'<col [^>]*min="1"[^>]*>',
        lambda col: re.sub(r'width="[^"]*"', 'width="0"', col[0], count=1),
    )
    return Named(sheet, "A:A", "column@width")


@forgery
def grouped_and_collapsed_rows(parts, sheets):
    return _row(
        parts,
        sheets[COVER],
        12,
        lambda row: re.sub(r' (outlineLevel|hidden)="[^"]*"', "", row).replace(
            "<row ", '<row outlineLevel="1" hidden="1" '
        ),
    )


@forgery
def filter_that_hides_rows(parts, sheets):
    sheet, _ = parts.home("project_register.fate")
    links = parts.text(parts.sheets[sheet].replace("sheets/", "sheets/_rels/") + ".rels")
    table = re.search(r"tables/(table[0-9]+\.xml)", links)[1]
    parts.sub(
        f"xl/tables/{table}",
        r'<autoFilter ref="([^"]*)"(/>|>.*?</autoFilter>)',
        r'<autoFilter ref="\1"><filterColumn colId="0"><filters><filter val="x"/></filters>'
        r"</filterColumn></autoFilter>",
    )
    return Named(sheet, "", "filterColumn")


# --- how cells look -------------------------------------------------------------------------------


@forgery
def number_format_that_shows_another_score(parts, sheets):
    sheet, cell = parts.home(SCORE)
    parts.add_to("numFmts", f'<numFmt numFmtId="299" formatCode="&quot;{FORGED_SCORE}&quot;"/>')
    parts.restyled(
        sheet,
        cell,
        lambda xf: re.sub(r'numFmtId="[0-9]+"', 'numFmtId="299" applyNumberFormat="1"',
                          re.sub(r' applyNumberFormat="[^"]*"', "", xf), count=1),
    )  # fmt: skip
    return Named(sheet, cell, "number format")


@forgery
def number_format_that_shows_nothing(parts, sheets):
    sheet, cell = parts.home("plan.waiting")
    parts.add_to("numFmts", '<numFmt numFmtId="299" formatCode=";;;"/>')
    parts.restyled(
        sheet, cell, lambda xf: re.sub(r'numFmtId="[0-9]+"', 'numFmtId="299"', xf, count=1)
    )
    return Named(sheet, cell, "number format")


def _font(parts, sheet, cell, colour):
    font = parts.add_to(
        "fonts", f'<font><sz val="14"/><color {colour}/><name val="TH Sarabun New"/></font>'
    )
    parts.restyled(
        sheet, cell, lambda xf: re.sub(r'fontId="[0-9]+"', f'fontId="{font}"', xf, count=1)
    )
    return Named(sheet, cell, "font/color")


@forgery
def white_font(parts, sheets):
    return _font(parts, *parts.home("plan.waiting"), 'rgb="FFFFFFFF"')


@forgery
def white_font_of_the_palette(parts, sheets):
    return _font(parts, *parts.home("plan.waiting"), 'indexed="9"')


@forgery
def fill_over_a_figure(parts, sheets):
    fill = parts.add_to(
        "fills",
        '<fill><patternFill patternType="solid"><fgColor rgb="FF000000"/></patternFill></fill>',
    )
    sheet, cell = parts.home("plan.waiting")
    parts.restyled(
        sheet, cell, lambda xf: re.sub(r'fillId="[0-9]+"', f'fillId="{fill}" applyFill="1"', xf)
    )
    return Named(sheet, cell, "fill/")


@forgery
def text_made_tiny(parts, sheets):
    sheet, cell = parts.home("plan.waiting")
    font = parts.add_to("fonts", '<font><sz val="1"/><name val="TH Sarabun New"/></font>')
    parts.restyled(
        sheet, cell, lambda xf: re.sub(r'fontId="[0-9]+"', f'fontId="{font}"', xf, count=1)
    )
    return Named(sheet, cell, "font/sz")


@forgery
def text_struck_out(parts, sheets):
    sheet, cell = parts.home("plan.waiting")
    font = parts.add_to("fonts", '<font><strike/><sz val="14"/><name val="TH Sarabun New"/></font>')
    parts.restyled(
        sheet, cell, lambda xf: re.sub(r'fontId="[0-9]+"', f'fontId="{font}"', xf, count=1)
    )
    return Named(sheet, cell, "font/strike")


@forgery
def rotated_text(parts, sheets):
    sheet, cell = parts.home("plan.waiting")

    def turned(xf):
        xf = re.sub(r"/>$|>.*</xf>$", "", xf, flags=re.DOTALL)
        return f'{xf} applyAlignment="1"><alignment textRotation="90"/></xf>'.replace(
            'applyAlignment="1" applyAlignment="1"', 'applyAlignment="1"'
        )

    parts.restyled(sheet, cell, lambda xf: turned(re.sub(r' applyAlignment="[^"]*"', "", xf)))
    return Named(sheet, cell, "alignment")


@forgery
def theme_colour_changed(parts, sheets):
    theme = next((name for name in parts.members if "/theme/" in name), None)
    assert theme
    parts.sub(theme, r"<a:dk1>.*?</a:dk1>", '<a:dk1><a:srgbClr val="FFFFFF"/></a:dk1>')
    return Named(sheets[COVER], "A3", "font/color")


@forgery
def conditional_format_that_hides(parts, sheets):
    sheet, cell = parts.home("plan.waiting")
    dxf = parts.add_to("dxfs", '<dxf><font><color rgb="FFFFFFFF"/></font></dxf>')
    parts.in_sheet(
        sheet,
        f'<conditionalFormatting sqref="{cell}"><cfRule type="expression" dxfId="{dxf}" '
        'priority="99"><formula>TRUE</formula></cfRule></conditionalFormatting>',
    )
    return Named(sheet, cell, "cfRule")


@forgery
def conditional_format_of_another_colour(parts, sheets):
    found = parts.text(STYLES)
    assert "FFF8CBAD" in found[found.index("<dxfs") :]
    head, tail = found.split("<dxfs", 1)
    parts.members[STYLES] = f"{head}<dxfs{tail.replace('FFF8CBAD', 'FFFFFFFF')}".encode()
    return Named("", "", "cfRule")


@forgery
def conditional_format_of_excel_2010(parts, sheets):
    sheet, cell = parts.home("plan.waiting")
    space = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
    extension = (
        '<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" '
        f'xmlns:x14="{space}" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
        "<x14:conditionalFormattings><x14:conditionalFormatting>"
        '<x14:cfRule type="expression" priority="99" id="{00000000-0000-0000-0000-000000000001}">'
        '<xm:f>TRUE</xm:f><x14:dxf><font><color rgb="FFFFFFFF"/></font></x14:dxf></x14:cfRule>'
        f"<xm:sqref>{cell}</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings>"
        "</ext></extLst>"
    )
    parts.replace(parts.sheets[sheet], "</worksheet>", f"{extension}</worksheet>")
    return Named(sheet, "", "x14:conditionalFormatting")


@forgery
def merged_cells_that_hide(parts, sheets):
    sheet, cell = parts.home("plan.waiting")
    row = re.sub("[A-Z]", "", cell)
    parts.sub(parts.sheets[sheet], r"<mergeCell ", f'<mergeCell ref="A{row}:{cell}"/><mergeCell ')
    return Named(sheet, f"A{row}:{cell}", "mergeCell")


# --- contents -------------------------------------------------------------------------------------


@forgery
def formula_turned_into_a_constant(parts, sheets):
    sheet, cell = parts.home(SCORE)
    old = parts.cell(sheet, cell)
    parts.replace(parts.sheets[sheet], old, re.sub(r"<f[ >].*?</f>", "", old))
    parts.sub(CUSTOM, r'(name="pipeline_version"[^>]*><vt:lpwstr>)[^<]*', r"\g<1>0.0.9")
    return Named(sheet, cell, "cell f=")


@forgery
def kept_value_changed(parts, sheets):
    sheet, cell = parts.home(SCORE)
    old = parts.cell(sheet, cell)
    new = re.sub(r"<v>[^<]*</v>", f"<v>{FORGED_SCORE}</v>", old)
    parts.replace(parts.sheets[sheet], old, new)
    return Named(sheet, cell, "cell v=")


@forgery
def formula_that_adds(parts, sheets):
    sheet, cell = parts.home("plan.done")
    old = parts.cell(sheet, cell)
    new = re.sub(r"</f><v>[^<]*</v>", "+2</f><v>35</v>", old)
    parts.replace(parts.sheets[sheet], old, new)
    return Named(sheet, cell, "cell f=")


@forgery
def formula_of_an_unknown_function(parts, sheets):
    sheet, cell = parts.home("plan.done")
    old = parts.cell(sheet, cell)
    new = re.sub(r"<f([^>]*)>[^<]*</f>", r"<f\1>SUMPRODUCT(1,33)</f>", old)
    parts.replace(parts.sheets[sheet], old, new)
    return Named(sheet, cell, "cell f=")


@forgery
def text_of_the_printed_table(parts, sheets):
    found = re.search(r"<si>.*?ร้อยละ.*?</si>", parts.text("xl/sharedStrings.xml"))
    assert found
    parts.sub("xl/sharedStrings.xml", "๙๔.๒๙", "๙๘.๕๗", count=0)
    return Named(sheets[PRINTED], "", "is/t=")


@forgery
def name_redirected(parts, sheets):
    old = re.search(r'<definedName [^>]*?name="plan\.base"[^>]*>([^<]*)<', parts.text(WORKBOOK))
    assert old
    parts.replace(WORKBOOK, old[0], old[0].replace(old[1], re.sub("[0-9]+$", "3", old[1])))
    return Named("", "plan.base", "definedName")


@forgery
def name_hidden(parts, sheets):
    parts.sub(
        WORKBOOK,
        r'<definedName ([^>]*name="plan\.base"[^>]*)>',
        lambda found: (
            f'<definedName {re.sub(chr(32) + "hidden=.false.", "", " " + found[1])} hidden="1">'
        ),
    )
    return Named("", "plan.base", "definedName@hidden")


@forgery
def link_redirected(parts, sheets):
    part = parts.sheets[sheets[PRINTED]]
    link = re.search(r"<hyperlink [^>]*>", parts.text(part))
    assert link
    parts.replace(part, link[0], re.sub(r'location="[^"]*"', 'location="A1"', link[0]))
    return Named(sheets[PRINTED], _attribute(link[0], "ref"), "hyperlink@location")


@forgery
def link_out_of_the_workbook(parts, sheets):
    part = parts.sheets[sheets[PRINTED]]
    link = re.search(r"<hyperlink [^>]*>", parts.text(part))
    assert link
    own = parts.link(part, "hyperlink", "https://example.org/", external=True)
    new = re.sub(r'location="[^"]*"', f'r:id="{own}"', link[0])
    parts.replace(part, link[0], new)
    return Named(sheets[PRINTED], _attribute(link[0], "ref"), "hyperlink@")


@forgery
def comment_added(parts, sheets):
    sheet, cell = parts.home(SCORE)
    part = parts.sheets[sheet]
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts.add(
        "xl/comments9.xml",
        f'<comments xmlns="{space}"><authors><author>x</author></authors><commentList>'
        f'<comment ref="{cell}" authorId="0"><text><t>98.57</t></text></comment>'
        "</commentList></comments>",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml",
    )
    parts.link(part, "comments", "../comments9.xml")
    return Named(sheet, cell, "comment")


@forgery
def validation_added(parts, sheets):
    sheet, cell = parts.home("plan.done")
    part = parts.sheets[sheet]
    text = parts.text(part)
    before = next(e for e in ("<hyperlinks", "<printOptions", "<pageMargins") if e in text)
    parts.replace(
        part,
        before,
        f'<dataValidations count="1"><dataValidation type="whole" sqref="{cell}" '
        'showInputMessage="1" promptTitle="x" prompt="98.57"><formula1>1</formula1>'
        f"<formula2>2</formula2></dataValidation></dataValidations>{before}",
    )
    return Named(sheet, cell, "dataValidation")


# --- pages ----------------------------------------------------------------------------------------


@forgery
def page_header_changed(parts, sheets):
    parts.sub(
        parts.sheets[sheets[COVER]], r"(<oddHeader>[^<]*?12)[^<]*</oddHeader>", r"\1x</oddHeader>"
    )
    return Named(sheets[COVER], "", "headerFooter/oddHeader")


@forgery
def another_header_on_the_first_page(parts, sheets):
    parts.sub(
        parts.sheets[sheets[COVER]],
        r"<headerFooter[^>]*>(.*?)</headerFooter>",
        r'<headerFooter differentFirst="1">\1<firstHeader>x</firstHeader></headerFooter>',
    )
    return Named(sheets[COVER], "", "headerFooter")


@forgery
def print_area_cut(parts, sheets):
    name = re.search(r"<definedName [^>]*Print_Area[^>]*>([^<]*)<", parts.text(WORKBOOK))
    assert name
    parts.replace(WORKBOOK, name[0], re.sub("[0-9]+<$", "9<", name[0]))
    return Named(sheets[PRINTED], "_xlnm.Print_Area", "definedName")


@forgery
def print_titles_changed(parts, sheets):
    name = re.search(r"<definedName [^>]*Print_Titles[^>]*>([^<]*)<", parts.text(WORKBOOK))
    assert name
    parts.replace(WORKBOOK, name[0], re.sub("[0-9]+<$", "99<", name[0]))
    return Named("", "_xlnm.Print_Titles", "definedName")


@forgery
def printed_small(parts, sheets):
    parts.sub(
        parts.sheets[sheets[PRINTED]],
        r"<pageSetup [^>]*>",
        lambda found: re.sub(r' scale="[^"]*"', "", found[0]).replace(
            "<pageSetup ", '<pageSetup scale="10" '
        ),
    )
    return Named(sheets[PRINTED], "", "pageSetup@scale")


@forgery
def margins_off_the_page(parts, sheets):
    parts.sub(parts.sheets[sheets[PRINTED]], r'(<pageMargins left=")[^"]*', r"\g<1>9")
    return Named(sheets[PRINTED], "", "pageMargins@left")


@forgery
def page_breaks_moved(parts, sheets):
    parts.sub(parts.sheets[sheets[COVER]], r'<brk id="[0-9]+"', '<brk id="5"')
    return Named(sheets[COVER], "", "brk[5]")


@forgery
def view_of_ten_per_cent(parts, sheets):
    parts.sub(
        parts.sheets[sheets[PRINTED]],
        r"<sheetView [^>]*?(/?)>",
        lambda found: re.sub(r' zoomScale="[^"]*"', "", found[0]).replace(
            "<sheetView ", '<sheetView zoomScale="10" '
        ),
    )
    return Named(sheets[PRINTED], "", "zoomScale")


@forgery
def zeros_not_shown(parts, sheets):
    parts.sub(
        parts.sheets[sheets[PLAN]],
        r"<sheetView [^>]*?(/?)>",
        lambda found: re.sub(r' showZeros="[^"]*"', "", found[0]).replace(
            "<sheetView ", '<sheetView showZeros="0" '
        ),
    )
    return Named(sheets[PLAN], "", "showZeros")


@forgery
def first_rows_scrolled_away(parts, sheets):
    parts.sub(
        parts.sheets[sheets[PRINTED]],
        r"<sheetView [^>]*?(/?)>",
        lambda found: re.sub(r' topLeftCell="[^"]*"', "", found[0]).replace(
            "<sheetView ", '<sheetView topLeftCell="A4" '
        ),
    )
    return Named(sheets[PRINTED], "", "topLeftCell")


@forgery
def sheet_tabs_not_shown(parts, sheets):
    parts.sub(
        WORKBOOK,
        r"<workbookView [^>]*>",
        lambda found: re.sub(r' showSheetTabs="[^"]*"', "", found[0]).replace(
            "<workbookView ", '<workbookView showSheetTabs="0" '
        ),
    )
    return Named("", "", "showSheetTabs")


@forgery
def tab_coloured(parts, sheets):
    parts.sub(
        parts.sheets[sheets[FINDINGS]],
        r"(<sheetPr[^>]*>)",
        r'\1<tabColor rgb="FFFFFFFF"/>',
    )
    return Named(sheets[FINDINGS], "", "tabColor")


@forgery
def sheet_protected(parts, sheets):
    parts.replace(
        parts.sheets[sheets[FINDINGS]], "</sheetData>", '</sheetData><sheetProtection sheet="1"/>'
    )
    return Named(sheets[FINDINGS], "", "sheetProtection")


# --- drawings and charts --------------------------------------------------------------------------

_ANCHOR = (
    "<xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>5</xdr:row>"
    "<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>3</xdr:col><xdr:colOff>0</xdr:colOff>"
    "<xdr:row>7</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>{object}<xdr:clientData/>"
    "</xdr:twoCellAnchor></xdr:wsDr>"
)
_SHAPE = (
    '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="99" name="{name}"/>'
    '<xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="0" y="0"/>'
    '<a:ext cx="900000" cy="300000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill></xdr:spPr><xdr:txBody><a:bodyPr/><a:p>'
    "<a:r><a:t>98.57</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
)
DRAWING = "xl/drawings/drawing1.xml"


@forgery
def text_box_over_a_figure(parts, sheets):
    parts.replace(DRAWING, "</xdr:wsDr>", _ANCHOR.format(object=_SHAPE.format(name="Text 99")))
    return Named(sheets[SUMMARY], "Text 99", "xdr:sp")


@forgery
def text_box_called_like_a_chart(parts, sheets):
    parts.replace(DRAWING, "</xdr:wsDr>", _ANCHOR.format(object=_SHAPE.format(name="Chart 1")))
    return Named(sheets[SUMMARY], "Chart 1", "xdr:sp")


_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff"
    "3f0300050001ff56c7d90000000049454e44ae426082"
)


@forgery
def picture_added(parts, sheets):
    parts.members["xl/media/image1.png"] = _PIXEL
    parts.replace(
        TYPES, "<Override ", '<Default Extension="png" ContentType="image/png"/><Override '
    )
    own = parts.link(DRAWING, "image", "../media/image1.png")
    picture = (
        '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="98" name="Picture 98"/><xdr:cNvPicPr/></xdr:nvPicPr>'
        f'<xdr:blipFill><a:blip xmlns:r="{RELATIONS}" r:embed="{own}"/><a:stretch><a:fillRect/>'
        '</a:stretch></xdr:blipFill><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "</xdr:spPr></xdr:pic>"
    )
    parts.replace(DRAWING, "</xdr:wsDr>", _ANCHOR.format(object=picture))
    return Named(sheets[SUMMARY], "Picture 98", "xdr:pic")


def _a_chart(parts, word):
    return next(
        name
        for name in sorted(parts.members)
        if name.startswith("xl/charts/chart") and word in parts.text(name)
    )


@forgery
def chart_redirected(parts, sheets):
    chart = _a_chart(parts, "<c:numRef>")
    parts.sub(chart, r"(<c:numRef><c:f>[^<]*\$)[0-9]+</c:f>", r"\g<1>3</c:f>")
    return Named(sheets[SUMMARY], "Chart", "c:numRef/c:f")


@forgery
def chart_title_changed(parts, sheets):
    chart = _a_chart(parts, "<c:title>")
    parts.sub(chart, r"<a:t>[^<]*</a:t>", "<a:t>98.57</a:t>")
    return Named(sheets[SUMMARY], "Chart", "c:title")


@forgery
def chart_axis_that_does_not_begin_at_zero(parts, sheets):
    chart = _a_chart(parts, '<c:min val="0"/>')
    parts.replace(chart, '<c:min val="0"/>', '<c:min val="30"/>')
    return Named(sheets[SUMMARY], "Chart", "c:min")


@forgery
def chart_bars_of_another_colour(parts, sheets):
    chart = _a_chart(parts, "C55A11") if any(
        b"C55A11" in each for each in parts.members.values()
    ) else _a_chart(parts, "c55a11")  # fmt: skip
    parts.sub(chart, "(?i)C55A11", "FFFFFF", count=0)
    return Named(sheets[SUMMARY], "Chart", "a:srgbClr")


@forgery
def chart_values_kept_otherwise(parts, sheets):
    chart = _a_chart(parts, "<c:numCache>")
    parts.sub(chart, r"(<c:numCache>.*?<c:pt idx=\"0\"><c:v>)[^<]*", r"\g<1>98.57")
    return Named(sheets[SUMMARY], "Chart", "c:numCache")


@forgery
def chart_moved_over_a_table(parts, sheets):
    parts.sub(DRAWING, r"<xdr:row>[0-9]+</xdr:row>", "<xdr:row>3</xdr:row>")
    return Named(sheets[SUMMARY], "Chart", "xdr:row")


@forgery
def chart_removed(parts, sheets):
    parts.sub(DRAWING, r"<xdr:twoCellAnchor.*?</xdr:twoCellAnchor>", "")
    return Named(sheets[SUMMARY], "Chart", "")


# --- what the file says of itself, and parts that do not belong -----------------------------------


def _property(parts, name, value):
    parts.sub(CUSTOM, rf'(name="{name}"[^>]*><vt:lpwstr>)[^<]*', rf"\g<1>{value}")
    return Named("", "", f"property[{name}]")


@forgery
def inputs_hash_changed(parts, sheets):
    return _property(parts, "inputs_sha256", "0" * 64)


@forgery
def version_changed(parts, sheets):
    return _property(parts, "pipeline_version", "0.0.9")


@forgery
def edition_changed(parts, sheets):
    return _property(parts, "edition", "signed")


@forgery
def title_changed(parts, sheets):
    parts.sub("docProps/core.xml", r"<dc:title>[^<]*", "<dc:title>x")
    return Named("", "", "title")


@forgery
def link_to_another_workbook(parts, sheets):
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts.add(
        "xl/externalLinks/externalLink1.xml",
        f'<externalLink xmlns="{space}"><externalBook xmlns:r="{RELATIONS}" r:id="rIdForged"/>'
        "</externalLink>",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml",
    )
    parts.link("xl/externalLinks/externalLink1.xml", "externalLinkPath", "x.xlsx", external=True)
    parts.link(WORKBOOK, "externalLink", "externalLinks/externalLink1.xml")
    return Named("", "", "externalLink")


@forgery
def program_inside(parts, sheets):
    parts.add("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0", "application/vnd.ms-office.vbaProject")
    parts.link(
        WORKBOOK, "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
        "vbaProject.bin",
    )  # fmt: skip
    return Named("", "", "vbaProject")


@forgery
def part_that_nothing_names(parts, sheets):
    parts.members["xl/hidden/notes.bin"] = b"98.57"
    return Named("", "xl/hidden/notes.bin", "part")


@forgery
def custom_xml(parts, sheets):
    parts.add("customXml/item1.xml", "<x>98.57</x>", "application/xml")
    parts.link(WORKBOOK, "customXml", "../customXml/item1.xml")
    return Named("", "", "customXml")
