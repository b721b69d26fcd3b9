"""A finished run to the results workbook, CSV, JSON and console."""

from importer.reporting.naming import default_path
from importer.reporting.results_json import as_json, report_of_error
from importer.reporting.write import write_results
from importer.run import Finished, Tally, row_results, tally

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
