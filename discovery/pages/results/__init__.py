"""What a list of suppliers shows: cards, chips, facets, distances to choose from."""
