"""GitHub, as `forge/base.py` wants a forge."""
