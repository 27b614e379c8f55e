"""The search for assistants: a read-only server of the Model Context Protocol (extra `mcp`).

server(services).run("stdio")
"""
