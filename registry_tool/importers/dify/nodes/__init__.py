"""Nodes of Dify, one file a kind."""
