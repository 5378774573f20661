"""Who speaks to a forge or a live registry: login, logout, whoami."""
