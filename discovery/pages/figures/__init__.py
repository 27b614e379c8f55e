"""`/stats`: public figures."""
