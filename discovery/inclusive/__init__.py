"""Is my supplier inclusive? A buyer's list of numbers and names → those that are."""
