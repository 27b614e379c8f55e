"""Public figures: how many suppliers of each kind, trade and department, and where a trade has none."""
