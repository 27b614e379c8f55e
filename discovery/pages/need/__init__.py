"""`/besoin`: a need pasted, answered lot by lot."""
