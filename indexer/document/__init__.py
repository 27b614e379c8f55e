"""A supplier as a search document: pure functions, one module per block (seat, offer, trust, zone)."""
