"""A workflow put together with providers, sandbox and cassettes, and run."""
