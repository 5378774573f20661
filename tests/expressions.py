"""Expressions of Action files, for what `act` doesn't do: concurrency groups, conditions, the names of runs.

Hand-written and small: GitHub's own evaluator can't be had. It knows `contains`, `format`, `fromJSON`, `!`, `&&`,
`||` (the last two give back a value, as in JavaScript). Contexts are dictionaries.
https://docs.github.com/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}(?!')")


class _Value(dict[str, Any]):
    """An object whose missing keys are null."""

    def __getattr__(self, name: str) -> Any:
        return self.get(name)


def _from_json(text: str) -> Any:
    return json.loads(text, object_hook=_Value)


def _contains(searched: Any, item: Any) -> bool:
    return item in (searched or ())


def evaluate(expression: str, **contexts: Mapping[str, Any]) -> Any:
    """The value of one expression without its braces."""
    python = expression.replace("&&", " and ").replace("||", " or ")
    python = re.sub(r"!(?!=)", " not ", python).strip()
    known = {
        "contains": _contains,
        "format": str.format,
        "fromJSON": _from_json,
        "__builtins__": {},
    }
    named = {name: _Value(value) for name, value in contexts.items()}
    return eval(python, known, named)  # noqa: S307 - our own files


def filled(text: str, **contexts: Mapping[str, Any]) -> str:
    """A text with its expressions' values."""
    return _EXPRESSION.sub(lambda found: str(evaluate(found[1], **contexts)), text)
