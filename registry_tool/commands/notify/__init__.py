"""Notifies receivers of webhooks of what has happened; a failure to notify stops nothing."""
