"""`/lieux`: a need in several places, as a table."""
