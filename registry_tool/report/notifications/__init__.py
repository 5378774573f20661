"""The messages to receivers of webhooks, and how each form of them writes and signs it."""
