"""`/relevance`: the analysts' workbench."""
