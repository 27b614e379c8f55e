"""The analysts' files looked through: what parses and can still not be meant. Nothing here is
needed to serve.
"""

from tools.lint.report import Finding, Report, check

__all__ = ["Finding", "Report", "check"]
