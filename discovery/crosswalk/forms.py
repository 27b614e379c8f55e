"""How codes of each classification are written, as regular expressions to be read without regard to case."""

CPV = r"\d{8}"
CPV_CHECK = r"\s?-\s?\d"
"""The check digit behind a whole code."""
CPV_START = r"\d{2,7}"
"""Some digits of a code, which must be said to be one."""
NAF = r"\d{2}\.?\d{2}[A-Z]"
ROME = r"[A-N]\d{4}"
