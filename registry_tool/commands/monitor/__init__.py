"""Watching what serves: metrics, drift, models that retire."""
