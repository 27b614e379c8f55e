"""The page that one comes to."""
