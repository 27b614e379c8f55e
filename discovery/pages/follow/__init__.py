"""A search to follow: feeds, and e-mails."""
