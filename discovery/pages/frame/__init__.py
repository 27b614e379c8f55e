"""What every page stands in: rendering, its answer, addresses, the form of a search."""
