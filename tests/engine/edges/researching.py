"""A deep research edge asked with a model that was told what to search."""

from __future__ import annotations

import json
from typing import Any

from registry_tool.core.values import Object
from registry_tool.engine.edges.base import Services
from tests.engine.edges.called import call
from tests.engine.small import ScriptedModel


def scripted(*rounds: list[tuple[str, str]]) -> ScriptedModel:
    """A model that wants these searches, round by round, and then reports all that it was shown."""
    waiting = [{"searches": [{"tool": t, "query": q} for t, q in one]} for one in rounds]
    return ScriptedModel(
        lambda asked: json.dumps(waiting.pop(0)) if waiting else f"Report.\n{asked}"
    )


def research(config: Object, made: Services) -> Any:
    return call("deep_research", {"extra_configs": config}, made, q="why do cats purr")


WEB: Object = {"web_config": {"top_k": 2, "sub_search_type": "google"}}
