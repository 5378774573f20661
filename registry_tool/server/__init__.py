"""The live registry: HTTP over the same use cases as the commands (extra `server`)."""
