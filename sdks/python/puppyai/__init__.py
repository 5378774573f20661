"""Software kits of the workflow registry."""
