"""A spreadsheet from a stranger → its rows as text: XLSX, XLS, ODS, CSV, whatever its name says.

Formats are read in a child process that has little memory, little time and nothing to write to (`child.py`): of a file
made to hurt only that process feels it.
"""

from discovery.desk.sheets.reading import read
from discovery.desk.sheets.sheet import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Sheet, UnreadableSheet

__all__ = ["MAX_BYTES", "MAX_COLUMNS", "MAX_ROWS", "Sheet", "UnreadableSheet", "read"]
