"""`/`: the search page and its map."""
