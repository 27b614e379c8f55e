"""How codes of each classification are written, as regular expressions to be read without regard to case."""

CPV = r"[0-9]{8}"
CPV_CHECK = r"\s?-\s?\d"
"""The check digit behind a whole code, where a code is all that is written; in a sentence it is glued to it."""
CPV_START = r"[0-9]{2,7}"
"""Some digits of a code, which must be said to be one."""
NAF = r"\d{2}\.?\d{2}[A-Z]"
ROME = r"[A-N]\d{4}"
