"""The workflow registry: a git repository of workflows and the tool that keeps it honest."""

__version__ = "0.1.0"
