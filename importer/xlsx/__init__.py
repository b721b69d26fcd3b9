"""A small streaming writer of Excel workbooks (ECMA-376), for tables whose cells repeat.

A table is columns, a column is its distinct values and one code a row. Each distinct cell is turned into XML once,
a row is a join, and no more than a few thousand rows are in memory as XML at a time.
"""

from importer.xlsx.package import Properties, write_workbook
from importer.xlsx.styles import Look
from importer.xlsx.table import Choices, Column, Link, Note, Table, Value, letters

__all__ = ["Choices", "Column", "Link", "Look", "Note", "Properties", "Table", "Value", "letters", "write_workbook"]
