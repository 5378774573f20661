"""Messages over real HTTP on loopback: signatures, retries, and what must never be told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from registry_tool.commands.notify.send import Delivery, send
from registry_tool.report.notifications.wording import (
    AlertFacts,
    PublishedFacts,
    alert,
    published,
)
from tests.commands.notify.receiver import SECONDS, ReceiverServer, quick, receiver, receivers

TIME = "2026-01-20T15:30:00.000Z"
SAID = published(
    "Test", TIME, PublishedFacts("greet", "1.0.0", "ada", "Greets.", "https://x.example/")
)
HIDDEN = ("token-in", "secret-of", "127.0.0.1", "hook")


def hmac64(key: str, content: str) -> str:
    made = hmac.new(key.encode(), content.encode(), hashlib.sha256)
    return base64.b64encode(made.digest()).decode()


def deliver(hook: ReceiverServer, *forms: str, **variables: str) -> list[Delivery]:
    return send(receivers(*forms), [SAID], {**hook.environ, **variables}, quick())


def test_every_form_is_signed_as_its_receiver_checks_it() -> None:
    with receiver() as hook:
        found = deliver(hook, "generic", "slack", "feishu", "dingtalk")
        assert [(one.receiver, one.reason, one.attempts) for one in found] == [
            (form, "", 1) for form in ("generic", "slack", "feishu", "dingtalk")
        ]
        by_kind = {_kind(post.path, post.body): post for post in hook.posts}
    generic = by_kind["type"]
    signed = f"{generic.headers['webhook-id']}.{SECONDS}.{generic.body.decode()}"
    assert generic.headers["webhook-timestamp"] == str(SECONDS)
    assert generic.headers["webhook-signature"] == f"v1,{hmac64('secret-of-GENERIC', signed)}"
    feishu = json.loads(by_kind["msg_type"].body)
    assert feishu["sign"] == hmac64(f"{SECONDS}\nsecret-of-FEISHU", "")
    query = parse_qs(urlsplit(by_kind["msgtype"].path).query)
    wanted = hmac64("secret-of-DINGTALK", f"{SECONDS * 1000}\nsecret-of-DINGTALK")
    assert (query["timestamp"], query["sign"]) == ([f"{SECONDS * 1000}"], [wanted])
    assert query["access_token"] == ["token-in-query"]
    assert b"secret-of" not in b"".join(post.body for post in by_kind.values())


def _kind(path: str, body: bytes) -> str:
    return next(key for key in ("msg_type", "msgtype", "blocks", "type") if key in json.loads(body))


def test_who_is_busy_is_asked_again_with_the_same_id() -> None:
    naps: list[float] = []
    with receiver() as hook:
        hook.answers = [(503, {}, b""), (429, {"retry-after": "7"}, b""), (200, {}, b"")]
        (one,) = send(receivers("generic"), [SAID], hook.environ, quick(naps))
        assert (one.reason, one.attempts) == ("", 3)
        assert len({post.headers["webhook-id"] for post in hook.posts}) == 1
    assert 0.5 <= naps[0] <= 1.0
    assert naps[1] == 7.0


def test_who_stays_busy_is_given_up_and_who_refuses_is_not_asked_again() -> None:
    with receiver() as hook:
        hook.answers = [(500, {}, b"")]
        (one,) = deliver(hook, "slack")
        assert (one.attempts, len(hook.posts)) == (4, 4)
        assert one.sentence == (
            "the receiver slack (slack) was not notified of version.published after 4 attempts: it answered 500"
        )
        hook.answers = [(410, {}, b"")]
        assert deliver(hook, "slack")[0].attempts == 1


def test_a_chat_that_refuses_in_a_good_answer_is_believed() -> None:
    with receiver() as hook:
        hook.answers = [(200, {}, b'{"code": 19021, "msg": "sign match fail"}')]
        (one,) = deliver(hook, "feishu")
    assert one.reason == "it refused with the code 19021: sign match fail"


def test_no_redirect_is_followed() -> None:
    with receiver() as hook:
        hook.answers = [(302, {"location": "/elsewhere"}, b""), (200, {}, b"")]
        (one,) = deliver(hook, "generic")
        assert (one.reason, len(hook.posts)) == ("it is redirected elsewhere", 1)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://127.0.0.1:9/hook/token-in-path", "is not a public address"),
        ("https://127.0.0.1/hook/token-in-path", "is not a public address"),
        ("https://2130706433/hook", "is not a public address"),
        ("https://[::ffff:169.254.169.254]/hook", "is not a public address"),
        ("https://localhost/hook/token-in-path", "is not a public address"),
        ("http://93.184.216.34/hook/token-in-path", "not https"),
        ("https://ada:secret-of@example.com/hook", "no user and password"),
        ("https://example.com:token-in/hook", "can't be read"),
        ("https://[::1/hook/token-in-path", "can't be read"),
        ("https://LOCALHOST/hook/token-in-path", "the name *** leads to"),
        ("gopher://example.com/hook", "only http and https"),
        ("", "the variable NOTIFY_GENERIC_URL is not set"),
    ],
)
def test_an_address_is_asked_like_a_workflows(address: str, reason: str) -> None:
    environ = {"NOTIFY_GENERIC_URL": address}
    (one,) = send(receivers("generic"), [SAID], environ, quick())
    assert reason in one.reason
    assert [text for text in HIDDEN if text in one.sentence] == []


def test_no_address_and_no_secret_is_reported_whatever_a_server_says() -> None:
    with receiver() as hook:
        echo = f"no {hook.address} secret-of-DINGTALK token-in-path token-in-query"
        hook.answers = [(200, {}, json.dumps({"errcode": 5, "errmsg": echo}).encode())]
        (one,) = deliver(hook, "dingtalk")
        closed = hook.environ
    assert one.reason.startswith("it refused with the code 5: no ")
    found = [one, *send(receivers("slack", "generic"), [SAID], closed, quick())]
    assert "can't be reached" in found[1].reason
    for delivery in found:
        told_of = f"{delivery.sentence} {delivery.to_value()} {delivery!r}"
        assert [text for text in HIDDEN if text in told_of] == []


def test_a_secret_that_cannot_be_used_is_reported_and_nothing_is_sent() -> None:
    with receiver() as hook:
        (one,) = deliver(hook, "generic", NOTIFY_GENERIC_SECRET="whsec_???")
        assert (one.reason[:24], hook.posts) == ("the secret begins with w", [])


def test_receivers_hear_what_they_want_to_in_order() -> None:
    fires = alert("Test", TIME, AlertFacts("workflow_down", True))
    with receiver() as hook:
        settings = receivers("generic", more=", events: [alert]")
        assert send(settings, [SAID], hook.environ, quick()) == []
        found = send(settings, [SAID, fires, fires], hook.environ, quick())
        assert [one.type for one in found] == ["alert.firing"] * 2
        assert len(hook.posts) == 2


def test_all_that_is_tried_together_has_an_end() -> None:
    policy = quick()
    from dataclasses import replace

    with receiver() as hook:
        found = send(receivers("generic"), [SAID, SAID], hook.environ, replace(policy, longest=0.0))
        assert [one.reason for one in found] == ["not within 0 s"] * 2
