"""A small streaming writer of Excel workbooks (ECMA-376), for tables whose cells repeat.

A table is columns, a column is its distinct cells and one code a row. Each distinct cell is turned into XML once,
a row is a join, and no more than a few thousand rows are in memory as XML at a time.
"""

from importer.xlsx.package import Properties, write_workbook
from importer.xlsx.styles import CellStyle
from importer.xlsx.table import Choices, Column, Encoded, Link, Note, Table, Value, encode

__all__ = [
    "CellStyle",
    "Choices",
    "Column",
    "Encoded",
    "Link",
    "Note",
    "Properties",
    "Table",
    "Value",
    "encode",
    "write_workbook",
]
