"""Asking models and services on behalf of an edge."""
