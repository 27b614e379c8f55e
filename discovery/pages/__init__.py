"""Pages for buyers: rendered by the server, complete without JavaScript."""
