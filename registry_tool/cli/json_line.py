"""A JSON document on one line: of a stream of them, or of an error."""

from __future__ import annotations

import json

from registry_tool.core.values import Object


def json_line(value: Object) -> str:
    """One JSON document on one line, without secrets; nothing in it is a command to an Action job."""
    from registry_tool.security.redact import redact_value

    return json.dumps(redact_value(value), ensure_ascii=True).replace("##[", "#\\u0023[")
