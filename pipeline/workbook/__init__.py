"""The only code that knows how an Excel workbook is packed: its limits, its cells, its marks."""
