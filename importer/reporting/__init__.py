"""A finished run to the results workbook, CSV, JSON and console."""
