"""Which models a version's recorded answers are of, by `tests/cassettes.json` alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

CASSETTES = "tests/cassettes.json"


def recorded_models(data: bytes) -> tuple[tuple[str, str], ...]:
    """(model asked, model that answered), each pair once; none where the file is broken, which a rule tells."""
    try:
        return tuple(sorted(set(_pairs(json.loads(data))))) if data else ()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ()


def _pairs(cassettes: Any) -> Iterator[tuple[str, str]]:
    for recording in cassettes["recordings"]:
        yield str(recording["request"]["model"]), str(recording["answer"]["model"])
