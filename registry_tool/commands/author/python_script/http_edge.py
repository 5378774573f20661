"""`http` edges: one request to a declared host."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, cast

from registry_tool.commands.author.python_script.expressions import quoted
from registry_tool.commands.author.python_script.site import EdgeSite
from registry_tool.core.clock import seconds
from registry_tool.core.values import Value
from registry_tool.engine.edges.all_edges import config_of
from registry_tool.engine.edges.http import HttpConfig
from registry_tool.manifest.secret_variables import may_carry_secrets, variable_for

_LITERAL_HOST: Final = re.compile(r"https?://[^/?#{}\\@\s]+(?:[/?#]|$)")


def http(site: EdgeSite) -> str:
    """An answer of a host."""
    config = cast(HttpConfig, config_of(site.edge))
    names = site.names
    site.script.requirements.add("httpx")
    given = [quoted(config.method), names.text(config.url)]
    for key in ("query", "headers", "body"):
        value = cast(Value, getattr(config, key))
        if value not in (None, {}):
            given.append(
                f"{key}={names.value(dict(value) if isinstance(value, Mapping) else value)}"
            )
    if config.response != "auto":
        given.append(f"response={quoted(config.response)}")
    if config.expect_status:
        given.append(f"expect_status={config.expect_status!r}")
    given.append(f"timeout={seconds(config.timeout):g}")
    if config.auth is not None:
        auth = config.auth
        if not (_LITERAL_HOST.match(config.url) and may_carry_secrets(config.url)):
            raise site.refuse("its secret would go to a host that only a run tells, or in plain")
        parts = (variable_for(auth.secret, config.url), auth.type, auth.name)
        given.append(f"secret=({', '.join(map(quoted, parts))})")
    if config.retries:
        given.append(f"retries={config.retries}")
    return f"fetch({', '.join(given)})"
