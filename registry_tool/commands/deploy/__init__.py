"""Deployments: what goes where, in which steps, and how it is held, promoted and taken back."""
