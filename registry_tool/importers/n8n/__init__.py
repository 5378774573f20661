"""Workflows of n8n: JSON, as its editor downloads them."""
