"""Values, texts and conditions in a script: its source is copied, with the standard library alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any


def text_of(value: Any) -> str:
    """How a value reads inside a text: strings as they are, null empty, everything else JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def joined(*parts: Any) -> str:
    """Texts and values as one text."""
    return "".join(text_of(part) for part in parts)


def part(value: Any, *path: str) -> Any:
    """The value at a path of keys and positions; KeyError where it ends."""
    for step in path:
        if value is None:
            return None
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def at(value: Any, *path: str) -> Any:
    """The value at a path, or None where it leads nowhere."""
    try:
        return part(value, *path)
    except (KeyError, IndexError, ValueError, TypeError):
        return None


def plain(value: Any) -> Any:
    """A value as JSON has it: tuples become lists."""
    return json.loads(json.dumps(value))


def parsed(text: str) -> Any:
    """The JSON value that a model's answer is, with or without a fence around it."""
    bare = text.strip()
    if bare.startswith("```"):
        bare = bare.split("\n", 1)[-1].rsplit("```", 1)[0]
    return json.loads(bare)


def loosely_parsed(text: str) -> Any:
    """JSON if the answer is some, else the text."""
    try:
        return parsed(text)
    except ValueError:
        return text.strip()


def holds(value: Any, condition: str, wanted: Any = None) -> bool:
    """Whether a condition of a branch holds for a value."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    size = len(value) if isinstance(value, list | dict) else value if is_number else None
    if condition in {"is_empty", "is_not_empty"}:
        return (not value) == (condition == "is_empty")
    if condition in {"is", "is_not"}:
        return bool(value == wanted) == (condition == "is")
    if condition in {"is_list", "is_dict"}:
        return isinstance(value, list if condition == "is_list" else dict)
    if condition in {"contain", "not_contain"}:
        if wanted is None or value is None:
            found = False
        elif isinstance(value, list):
            found = wanted in value
        elif isinstance(value, dict):
            found = wanted in list(value) or wanted in value.values()
        else:
            found = text_of(wanted) in text_of(value)
        return found == (condition == "contain")
    bound = float(wanted or 0)
    if condition in {"greater_than_n_chars", "less_than_n_chars"}:
        size = len(value) if isinstance(value, str) else None
    elif condition in {"above", "below"}:
        size = value if is_number else None
    if size is None:
        return False
    return (
        size > bound
        if condition in {"greater_than_n_chars", "greater_than_n", "above"}
        else size < bound
    )


def cut_all(content: Any, cut: Callable[[str], list[str]]) -> list[str]:
    """The pieces of a text, or of each text in a list."""
    texts = content if isinstance(content, list) else [content]
    return [piece for text in texts for piece in cut(text_of(text))]


def mapped(
    items: Any, work: Callable[[Any, int], Any], *, parallel: int = 8, on_error: str = "fail"
) -> list[Any]:
    """What `work` makes of each item, several at once, in the items' order.

    An object is mapped over its pairs. `on_error` is what becomes of an item that fails: fail, null, skip, report.
    """
    from concurrent.futures import ThreadPoolExecutor

    found = [{key: item} for key, item in items.items()] if isinstance(items, dict) else items
    if not isinstance(found, list):
        raise ValueError("a map needs a list")

    def one(numbered: tuple[int, Any]) -> list[Any]:
        index, item = numbered
        try:
            return [work(item, index)]
        except Exception as error:
            if on_error == "fail":
                raise
            print(f"item {index} failed: {error}", file=sys.stderr)
            instead: dict[str, list[Any]] = {"null": [None], "report": [{"error": str(error)}]}
            return instead.get(on_error, [])

    with ThreadPoolExecutor(max_workers=parallel) as pool:
        return [result for results in pool.map(one, enumerate(found)) for result in results]
