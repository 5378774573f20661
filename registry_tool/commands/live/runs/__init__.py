"""Runs that a live registry begins: admitted, executed and recorded as everywhere; watched, read and cancelled."""
