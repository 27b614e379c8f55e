"""`/selection`: suppliers that people chose, side by side."""
