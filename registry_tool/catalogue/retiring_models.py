"""The models that the product knows a date of retirement of, by name. Which day it is plays no part here."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import cast

from registry_tool.core.files import parse_json
from registry_tool.core.values import Object


@cache
def retiring_models() -> frozenset[str]:
    """Names of models in the product's own list; what a registry adds counts for its alerts, not for a score."""
    file = resources.files("registry_tool") / "monitoring/files/model-retirements.json"
    document = cast(Object, parse_json(file.read_bytes(), location=file.name))
    return frozenset(str(item["model"]) for item in cast(list[Object], document["models"]))
