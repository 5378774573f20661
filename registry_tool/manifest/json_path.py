"""JSON paths, the plain part of RFC 9535: `$.a.b[0]`, `$['a key']`, `[-1]`, `[*]` and `.*`; also dotted, `a.b.0`.

No filters, slices or `..`: a path never does more work than the value is large.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from registry_tool.core.values import Value

_STEP = re.compile(
    r"""\.?(?:
        \[\s*(?P<index>-?\d{1,9})\s*\]
      | \[\s*(?P<quoted>'[^']*'|"(?:[^"\\]|\\.)*")\s*\]
      | (?P<every>\[\s*\*\s*\]|\*)
      | (?P<name>[^.\[\]'"*\s][^.\[\]]*)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Wildcard:
    """All items of a list or all values of an object."""


Step = str | int | Wildcard
"""A key (or a position, where it stands on a list and is a number), a position, or all of them."""


def parse_path(path: str) -> tuple[Step, ...]:
    """The steps of a path; `ValueError` says where it stops making sense."""
    text = path.strip()
    at = 1 if text == "$" or text.startswith(("$.", "$[")) else 0
    steps: list[Step] = []
    while at < len(text):
        match = _STEP.match(text, at)
        bare = match is not None and match["name"] is not None and text[at] != "."
        if match is None or (bare and steps) or (bare and at):
            raise ValueError(f"the path {path!r} makes no sense from {text[at:][:20]!r} on")
        steps.append(_step(match))
        at = match.end()
    return tuple(steps)


def _step(match: re.Match[str]) -> Step:
    if match["index"] is not None:
        return int(match["index"])
    if match["every"] is not None:
        return Wildcard()
    if (quoted := match["quoted"]) is not None:
        return quoted[1:-1] if quoted[0] == "'" else str(json.loads(quoted))
    return match["name"].strip()


def select(value: Value, path: str) -> Value:
    """The value at a path; a list of all matches where it has a wildcard. `KeyError` where there is nothing."""
    steps = parse_path(path)
    found = [value]
    for step in steps:
        found = [below for item in found for below in _below(item, step)]
    if any(isinstance(step, Wildcard) for step in steps):
        return found
    if not found:
        raise KeyError(path)
    return found[0]


def _below(value: Value, step: Step) -> list[Value]:
    if isinstance(step, Wildcard):
        if isinstance(value, dict):
            return list(value.values())
        return value if isinstance(value, list) else []
    if isinstance(value, dict):
        return [value[str(step)]] if str(step) in value else []
    if isinstance(value, list) and (isinstance(step, int) or step.isdecimal()):
        position = int(step)
        return [value[position]] if -len(value) <= position < len(value) else []
    return []
