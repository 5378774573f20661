"""`http-request` nodes: the host is declared, what authorises leaves the manifest."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.dify.exports import export, form, given, imported, read, statuses


def asking(**more: Any) -> Any:
    node = {
        "type": "http-request",
        "title": "Draw it",
        "method": "post",
        "url": "https://api.example.com/v1/{{#s.q#}}",
        "headers": "Content-Type:application/json",
        "params": "n:1\nq:{{#s.q#}}",
        "body": {"type": "none", "data": ""},
        "authorization": {"type": "no-auth"},
        **more,
    }
    return imported(
        {"s": form("q"), "h": node, "e": given("x=h.body", "y=h.status_code")}, "s > h, h > e"
    )


def spec(what: Any) -> Any:
    return what.manifest["spec"]


def config(what: Any) -> Any:
    return next(edge for edge in spec(what)["edges"] if edge["type"] == "http")["config"]


def test_address_parameters_and_headers() -> None:
    what = asking()
    assert config(what) == {
        "url": "https://api.example.com/v1/{{q}}",
        "method": "POST",
        "response": "full",
        "query": {"n": "1", "q": "{{q}}"},
        "headers": {"Content-Type": "application/json"},
        "expect_status": "any",
    }
    apis = spec(what)["runtime"]["dependencies"]["external_apis"]
    assert apis == [{"name": "api.example.com", "hosts": ["api.example.com"]}]
    assert spec(what)["edges"][1]["config"]["content"] == "{{Draw-it.body}}"


@pytest.mark.parametrize(
    ("more", "auth", "name"),
    [
        (
            {
                "authorization": {
                    "type": "api-key",
                    "config": {"type": "bearer", "api_key": "sk-very-secret"},
                }
            },
            "bearer",
            None,
        ),
        (
            {
                "authorization": {
                    "type": "api-key",
                    "config": {"type": "custom", "header": "X-Key", "api_key": "sk-very-secret"},
                }
            },
            "header",
            "X-Key",
        ),
        ({"headers": "Authorization: Bearer sk-very-secret"}, "bearer", None),
        ({"headers": "X-API-Key:sk-very-secret"}, "header", "X-API-Key"),
    ],
)
def test_a_key_is_taken_out_and_named(more: Any, auth: str, name: str | None) -> None:
    what = asking(**more)
    result = config(what)["auth"]
    assert (result["type"], result.get("name"), result["secret"]) == (auth, name, "DRAW_IT_KEY")
    assert "sk-very-secret" not in str(what.manifest) + str(what.not_carried)
    assert statuses(what)["h"] == "needs"
    assert spec(what)["runtime"]["dependencies"]["external_apis"][0]["secrets"] == ["DRAW_IT_KEY"]


def test_the_carried_export_has_no_key() -> None:
    node: Any = {
        "type": "http-request",
        "url": "https://a.example",
        "method": "get",
        "authorization": {
            "type": "api-key",
            "config": {"type": "bearer", "api_key": "sk-very-secret"},
        },
    }
    value = export(
        {"s": form("q"), "h": node},
        "s > h",
        environment_variables=[{"name": "T", "value_type": "secret", "value": "tok-secret"}],
    )
    found = read(value, name="x", text=str(value)).files["resources/dify-export.yml"].decode()
    assert "sk-very-secret" not in found
    assert "tok-secret" not in found
    assert found.count("REMOVED") == 2


@pytest.mark.parametrize(
    "more",
    [
        {"url": "{{#s.q#}}"},
        {"url": "https://{{#s.q#}}/x"},
        {"body": {"type": "binary", "data": [{"key": "a", "value": "b"}]}},
    ],
)
def test_what_an_http_edge_can_not_do_is_declared(more: Any) -> None:
    assert statuses(asking(**more))["h"] == "carried"


@pytest.mark.parametrize(
    ("data", "sent"),
    [
        ('{"a": 1}', {"a": 1}),
        ("{{#s.q#}}", "{{q}}"),
        ([{"type": "text", "value": '{"b": 2}'}], {"b": 2}),
    ],
)
def test_bodies(data: Any, sent: Any) -> None:
    assert config(asking(body={"type": "json", "data": data}))["body"] == sent


def test_the_environments_constants_name_hosts_and_its_secrets_authorise() -> None:
    node: Any = {
        "type": "http-request",
        "title": "Ask",
        "method": "get",
        "url": "{{#env.base#}}/x",
        "params": "token:{{#env.key#}}\nn:1",
        "timeout": {"max_read_timeout": 20},
        "ssl_verify": False,
    }
    variables = [
        {"name": "base", "value": "https://b.example", "value_type": "string"},
        {"name": "key", "value": "sk-1234", "value_type": "secret"},
    ]
    what = imported({"s": form("q"), "h": node}, "s > h", environment_variables=variables)
    assert config(what) == {
        "url": "https://b.example/x",
        "method": "GET",
        "response": "full",
        "query": {"n": "1"},
        "timeout": "20s",
        "expect_status": "any",
        "auth": {"secret": "ASK_KEY", "type": "query", "name": "token"},
    }
    assert {loss.what for loss in what.not_carried} == {
        "the parameter token",
        "certificates that nobody checks",
    }


@pytest.mark.parametrize(
    "more", [{"error_strategy": "fail-branch"}, {"retry_config": {"retry_enabled": True}}]
)
def test_a_status_counts_where_dify_does_something_about_it(more: Any) -> None:
    assert "expect_status" not in config(asking(**more))
