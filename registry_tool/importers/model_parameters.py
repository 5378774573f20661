"""Numbers that a foreign file gives a model: as an `llm` edge takes them, or why it doesn't."""

from __future__ import annotations

from registry_tool.manifest.edge_config import unusable


def parameter_of(name: str, value: float) -> tuple[float, str]:
    """The number of an `llm` edge's field, and why no edge can be run with it in words; empty where one can."""
    number = int(value) if name == "max_tokens" else value
    problem = unusable("llm", {"prompt": "x", name: number})
    return number, problem.message if problem else ""
