"""What receivers of webhooks are told, and how each form of them writes and signs it."""
