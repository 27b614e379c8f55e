"""`/sourcing`: a search's summary, to print and attach."""
