"""A JSON log line for people."""

from __future__ import annotations

import json
from typing import cast

from registry_tool.core.values import Object
from registry_tool.report.text import inert


def log_line(entry: Object) -> str:
    """`time level event (execution) key=value …` of one log entry."""
    workflow = cast(Object, entry.get("workflow") or {})
    metadata = cast(Object, entry.get("metadata") or {})
    pairs = " ".join(
        f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in metadata.items()
    )
    return inert(
        f"{entry.get('timestamp')} {entry.get('level'):<5} {workflow.get('execution_id')} "
        f"{entry.get('event')} {pairs}"
    )
