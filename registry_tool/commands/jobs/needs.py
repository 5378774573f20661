"""`registry-tool needs`: what a job of an environment has to install, by whom the environment asks."""

from __future__ import annotations

from registry_tool.catalogue.environments import EnvironmentSettings
from registry_tool.commands.consume.unknown_names import demand_known
from registry_tool.core.values import Object
from registry_tool.state.target import Target

LOCAL = "local"


def needs(target: Target, environment: str) -> Object:
    """`local`: whether the embedded model may be asked; `UsageError` for no such environment."""
    demand_known(target, environment)
    return {LOCAL: asks_the_embedded_model(target.settings().environments[environment])}


def asks_the_embedded_model(settings: EnvironmentSettings) -> bool:
    """Whether it is the environment's provider, or may stand in for another."""
    return LOCAL in {settings.overlay.get("provider"), settings.overlay.get("substitute")}
