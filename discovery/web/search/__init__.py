"""`/`: the search page, its map, its clicks."""
