"""Files that pages load: addresses by content, modules joined, the maps' ground."""
