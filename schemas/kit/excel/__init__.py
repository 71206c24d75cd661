"""A form's checks as Excel computes them: rules as formulas, cells as Excel reads them."""
