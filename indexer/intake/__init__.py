"""Intake: files of suppliers → read, checked, completed, merged into the store; a report for every row.

    mappings = load_mappings()
    report = import_files(engine, ["siae.csv"], mappings=mappings, gazetteer=gazetteer().naming(mappings.places))
    report.created + report.updated + report.unchanged + report.rejected == report.rows

`commands.import_files` is the command line.
"""

from indexer.intake.readers import FORMATS
from indexer.intake.report import ImportReport, Result, RowOutcome
from indexer.intake.run import import_files
from indexer.intake.source import BrokenFile, IntakeError, Interrupted

__all__ = [
    "FORMATS",
    "BrokenFile",
    "ImportReport",
    "IntakeError",
    "Interrupted",
    "Result",
    "RowOutcome",
    "import_files",
]
