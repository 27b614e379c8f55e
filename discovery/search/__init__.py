"""The search: one use case shared by the API, the command line and the pages."""
