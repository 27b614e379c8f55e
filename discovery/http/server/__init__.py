"""The HTTP server of `discovery serve`: sockets by one loop, threads for complete requests alone (decision 10)."""
