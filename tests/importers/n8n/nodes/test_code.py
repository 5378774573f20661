"""Python of code nodes, with n8n's names for the items."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.n8n.flows import imported, items, node, outputs, statuses


def coded(code: str, **more: Any) -> Any:
    what = node("code", 2, language="python", pythonCode=code, **more)
    return imported({"i": items({"n": 1}, {"n": 2}), "c": what}, "t > i, i > c")


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (
            "for item in _input.all():\n    item.json.m = item.json.n + 1\nreturn _input.all()",
            [{"n": 1, "m": 2}, {"n": 2, "m": 3}],
        ),
        ("return [{'json': {'n': i['json']['n']}} for i in _items]", [{"n": 1}, {"n": 2}]),
        ("return {'sum': sum(i.json.n for i in _items)}", [{"sum": 3}]),
        ("return [_input.first(), _input.last().json]", [{"n": 1}, {"n": 2}]),
        ("pass", []),
    ],
)
def test_all_items_at_once(code: str, wanted: Any) -> None:
    assert outputs(coded(code))["c"] == wanted


def test_each_item_alone() -> None:
    what = coded("return {'m': _json.n, 'n': _item.json.n}", mode="runOnceForEachItem")
    assert outputs(what)["c"] == [{"m": 1, "n": 1}, {"m": 2, "n": 2}]


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"language": "javaScript", "jsCode": "return []"}, "javaScript"),
        ({"jsCode": "return []"}, "javaScript"),
        ({"language": "python", "pythonCode": "import requests"}, "requests"),
        ({"language": "python", "pythonCode": "return ("}, "line 1"),
    ],
)
def test_what_no_sandbox_runs_is_declared(more: Any, word: str) -> None:
    what = imported({"c": node("code", 2, **more)}, "t > c")
    assert statuses(what)["c"] == "carried"
    assert word in what.nodes[1].why
