"""Workflows as tools of the Model Context Protocol (extra `mcp`): https://modelcontextprotocol.io/specification."""
