"""`/fournisseurs/<slug>`: one supplier."""
