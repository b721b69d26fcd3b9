"""A run to the results workbook, CSV, JSON and console."""

from importer.reporting.report import Report, report_of
from importer.reporting.results_json import as_json, report_of_error
from importer.reporting.write import default_path, write_results

__all__ = [
    "Report",
    "as_json",
    "default_path",
    "report_of",
    "report_of_error",
    "write_results",
]
