"""Pages that need one module: those that the foot of every page names."""
