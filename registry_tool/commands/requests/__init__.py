"""Requests to jobs: their schema, inputs and sealing."""
