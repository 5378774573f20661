from __future__ import annotations

import json
from typing import Any

import pytest

from registry_tool.catalogue.notifications import WebhookForm
from registry_tool.report.notifications.forms import refusal, webhook_request
from registry_tool.report.notifications.wording import PublishedFacts, published

SAID = published(
    "Test",
    "2026-01-20T15:30:00.000Z",
    PublishedFacts(
        "greet",
        "1.0.0",
        "ada",
        "<!channel> *hi* [x](https://evil.example)",
        "https://x.example/?a&b",
    ),
)


def body(form: WebhookForm, secret: str = "", language: str = "en") -> Any:
    made = webhook_request(form, SAID, "https://hook.example/1", secret, language, 1768923000)
    assert made.headers["content-type"] == "application/json; charset=utf-8"
    return json.loads(made.body)


def test_generic_is_what_standard_webhooks_sends() -> None:
    made = webhook_request(WebhookForm.GENERIC, SAID, "https://h.example", "s", "en", 1768923000)
    value = json.loads(made.body)
    assert (value["type"], value["timestamp"]) == ("version.published", SAID.time)
    assert (value["data"]["registry"], value["data"]["name"]) == ("Test", "greet")
    assert made.headers["webhook-id"] == SAID.id
    assert made.headers["webhook-signature"].startswith("v1,")
    unsigned = webhook_request(WebhookForm.GENERIC, SAID, "https://h.example", "", "en", 1)
    assert "webhook-signature" not in unsigned.headers


def test_facts_for_machines_are_plain_text_too() -> None:
    token = "ghp_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5"
    facts = PublishedFacts(
        "greet", "1.0.0", "ada", f"one\n\x1b[31m{token}", "https://x.example/é?a"
    )
    said = published("Test", SAID.time, facts)
    made = webhook_request(WebhookForm.GENERIC, said, "https://h.example", "", "en", 1)
    data = json.loads(made.body)["data"]
    assert data["description"] == "one \\u001b[31m[SECRET]"
    assert (data["url"], data["changes"]) == ("https://x.example/é?a", [])


def test_slack_reads_strangers_words_as_plain_text() -> None:
    value = body(WebhookForm.SLACK)
    section, link = value["blocks"]
    assert section["text"]["type"] == "plain_text"
    assert "<!channel> *hi*" in section["text"]["text"]
    assert link["elements"][0]["text"] == "<https://x.example/?a&amp;b|Open>"
    assert "<" not in value["text"]


def test_feishu_is_a_post_in_the_receivers_language() -> None:
    assert body(WebhookForm.FEISHU).keys() == {"msg_type", "content"}
    value = body(WebhookForm.FEISHU, "s", "zh")
    assert (value["timestamp"], len(value["sign"])) == ("1768923000", 44)
    post = value["content"]["post"]["zh_cn"]
    assert post["title"] == "Test 发布了 greet 1.0.0"
    tags = [part["tag"] for line in post["content"] for part in line]
    assert tags == ["text", "text", "a"]


def test_dingtalk_is_text_and_its_signature_stands_in_the_address() -> None:
    made = webhook_request(WebhookForm.DINGTALK, SAID, "https://h.example?a=1", "s", "zh", 5)
    assert "timestamp=5000&sign=" in made.url
    value = json.loads(made.body)
    assert value["msgtype"] == "text"
    assert value["text"]["content"].endswith("https://x.example/?a&b")
    assert (
        webhook_request(WebhookForm.DINGTALK, SAID, "https://h.example", "", "zh", 5).url
        == "https://h.example"
    )


@pytest.mark.parametrize(
    ("form", "status", "answer", "reason", "again"),
    [
        (WebhookForm.GENERIC, 204, b"", None, False),
        (WebhookForm.GENERIC, 503, b"", "it answered 503", True),
        (WebhookForm.GENERIC, 404, b"", "it answered 404", False),
        (WebhookForm.SLACK, 200, b"ok", None, False),
        (WebhookForm.SLACK, 429, b"", "it answered 429", True),
        (WebhookForm.FEISHU, 200, b'{"code": 0, "msg": "success"}', None, False),
        (WebhookForm.FEISHU, 200, b'{"StatusCode": 0}', None, False),
        (
            WebhookForm.FEISHU,
            200,
            b'{"code": 19021, "msg": "sign match fail"}',
            "19021: sign match",
            False,
        ),
        (WebhookForm.FEISHU, 200, b'{"code": 11232, "msg": "too many"}', "11232", True),
        (WebhookForm.FEISHU, 200, b"<html>", "not one of its kind", False),
        (WebhookForm.FEISHU, 200, b'{"code": "0"}', "not one of its kind", False),
        (WebhookForm.DINGTALK, 200, b'{"errcode": 0, "errmsg": "ok"}', None, False),
        (
            WebhookForm.DINGTALK,
            200,
            b'{"errcode": 310000, "errmsg": "sign not match"}',
            "310000: sign",
            False,
        ),
        (WebhookForm.DINGTALK, 200, b'{"errcode": 130101}', "130101", True),
        (WebhookForm.DINGTALK, 200, b"[" * 5000, "not one of its kind", False),
    ],
)
def test_what_an_answer_means(
    form: WebhookForm, status: int, answer: bytes, reason: str | None, again: bool
) -> None:
    found = refusal(form, status, answer)
    assert (found is None) == (reason is None)
    if found is not None and reason is not None:
        assert reason in found.reason
        assert found.again == again
