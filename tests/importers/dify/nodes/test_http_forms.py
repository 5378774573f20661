"""Forms as bodies, put together before the request."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.importers.dify.nodes.http_forms import FORMS
from tests.importers.dify.exports import form, imported, ran, statuses


def sending(kind: str, data: Any) -> Any:
    node: Any = {
        "type": "http-request",
        "title": "Send",
        "method": "post",
        "url": "https://a.example",
        "body": {"type": kind, "data": data},
    }
    return imported({"s": form("q"), "h": node}, "s > h")


FIELDS: Any = [
    {"type": "text", "key": "a", "value": "{{#s.q#}}"},
    {"type": "text", "key": "b", "value": "2"},
]


@pytest.mark.parametrize(
    ("kind", "data", "body"),
    [
        ("x-www-form-urlencoded", "a:{{#s.q#}}\nb:2", "a=x+%26&b=2"),
        ("x-www-form-urlencoded", FIELDS, "a=x+%26&b=2"),
        ("form-data", FIELDS, 'name="b"\r\n\r\n2\r\n'),
    ],
)
def test_its_fields_come_along(kind: str, data: Any, body: str) -> None:
    what = sending(kind, data)
    assert body in str(ran(what, {"q": "x &"}).blocks["Send-form"])
    edge: Any = next(one for one in what.manifest["spec"]["edges"] if one["type"] == "http")  # type: ignore[index, union-attr, call-overload]
    assert edge["config"]["headers"]["content-type"] == FORMS[kind]


def test_a_file_in_it_is_declared() -> None:
    what = sending("form-data", [{"type": "file", "key": "a", "file": ["s", "q"]}])
    assert statuses(what)["h"] == "carried"
