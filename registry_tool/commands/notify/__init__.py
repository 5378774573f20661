"""Tells receivers of webhooks what has happened; what can't be told stops nothing."""
