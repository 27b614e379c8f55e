"""What machines are told: robots, sitemaps, OpenSearch, `llms.txt`."""
