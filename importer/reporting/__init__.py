"""A finished run to the results workbook, CSV, JSON and console."""

from importer.reporting.finished import Finished, Tally, row_results, tally
from importer.reporting.naming import default_path
from importer.reporting.summary import as_json, report_of_error
from importer.reporting.write import write_results

__all__ = [
    "Finished",
    "Tally",
    "as_json",
    "default_path",
    "report_of_error",
    "row_results",
    "tally",
    "write_results",
]
