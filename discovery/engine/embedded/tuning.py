"""Where one way of counting becomes faster than another: measured, and without influence on any answer."""

SCAN_SHARE = 8
"""Up to a segment's size divided by this, going through the candidates' activities beats going through all."""

BITS_GAIN = 150
"""Rows that one row of a bit matrix counts in the time that counting by code takes for one; three times as many
where rows have several values."""

BOARD = 1_000
"""Up to so many matches, all plain facets are counted in one go."""

EQUALITIES = 8
"""Up to so many values, comparing a narrow column with each is faster than one look-up table."""

SPARSE = 16
"""A posting list this many times longer than the list of documents to score is searched instead of walked."""
