"""The search for assistants: a read-only server of the Model Context Protocol (extra `mcp`).

    server(services).run("stdio")

`results` describes what tools answer, `tools` answers, `server` speaks the protocol.
"""
