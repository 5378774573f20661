"""Requests, one for each item; what authorises becomes a secret."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.n8n.flows import edges, imported, items, node, ran, statuses


def asking(settings: Any = None, **parameters: Any) -> Any:
    given = {"url": "https://api.example/v1", "options": {}, **parameters}
    nodes = {"i": items({"c": "Bonn"}), "h": node("httpRequest", 4.2, settings, **given)}
    return imported(nodes, "t > i, i > h")


def inner(what: Any) -> Any:
    (edge,) = edges(what, "map")
    return edge["config"]["edge"]["config"]


def named(**values: Any) -> Any:
    return {"parameters": [{"name": name, "value": value} for name, value in values.items()]}


def test_address_parameters_headers_and_body() -> None:
    what = asking(
        url="=https://api.example/{{ $json.c }}",
        method="post",
        queryParameters=named(q="={{ $json.c.toUpperCase() }}"),
        headerParameters=named(accept="text/plain"),
        sendBody=True,
        bodyParameters=named(city="={{ $json.c }}"),
        options={"timeout": 500, "response": {"response": {"fullResponse": True}}, "proxy": "x"},
    )
    assert inner(what) == {
        "url": "https://api.example/{{item.v1}}",
        "method": "POST",
        "query": {"q": "{{item.v2}}"},
        "headers": {"accept": "text/plain"},
        "body": {"city": "{{item.v3}}"},
        "timeout": "500ms",
        "response": "full",
    }
    assert statuses(what)["h"] == "runs"
    assert [loss.what for loss in what.not_carried] == ["the option proxy"]


def test_plain_paths_stand_in_the_templates() -> None:
    what = asking(url="=https://api.example/{{ $json.c }}")
    assert inner(what)["url"] == "https://api.example/{{item.c}}"


@pytest.mark.parametrize(
    ("parameters", "credentials", "auth"),
    [
        ({"headerParameters": named(Authorization="Bearer abcdefgh")}, {}, {"type": "bearer"}),
        ({"queryParameters": named(api_key="abcdefgh")}, {}, {"type": "query", "name": "api_key"}),
        ({}, {"httpBasicAuth": {"id": "1"}}, {"type": "basic"}),
        ({}, {"httpHeaderAuth": {"id": "1"}}, {"type": "header", "name": "Authorization"}),
        ({}, {"slackApi": {"id": "1"}}, {"type": "bearer"}),
    ],
)
def test_what_authorises_is_a_secret(parameters: Any, credentials: Any, auth: Any) -> None:
    what = asking({"credentials": credentials}, **parameters)
    assert inner(what)["auth"] == {"secret": "H_KEY", **auth}
    assert "abcdefgh" not in str(what.manifest) + str(what.files)
    assert statuses(what)["h"] == "needs"


def test_items_that_fail_may_leave_by_an_output_of_their_own() -> None:
    settings = {"onError": "continueErrorOutput", "retryOnFail": True, "maxTries": 3}
    request = node("httpRequest", 4.2, settings, url="https://api.example")
    nodes = {"i": items({}, {}), "h": request, "well": node("noOp"), "ill": node("noOp")}
    what = imported(nodes, "t > i, i > h, h > well, h:1 > ill")
    assert inner(what)["retries"] == 2
    found = dict(ran(what).outputs)
    assert list(found) == ["ill"]
    assert "can't be reached" in found["ill"][0]["error"]  # type: ignore[index, call-overload]


@pytest.mark.parametrize(
    "parameters",
    [
        {"url": "={{ $json.url }}"},
        {"sendBody": True, "contentType": "multipart-form-data"},
        {"url": "=https://api.example/{{ $now }}"},
    ],
)
def test_what_no_http_edge_does_is_declared(parameters: Any) -> None:
    assert statuses(asking(**parameters))["h"] == "carried"
