"""Retries, rate limits, ETags and refusals, against a server that a hand wrote (fault_server.py)."""

from __future__ import annotations

import re

import pytest

from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.http import LostError
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.github.http import checked_api
from registry_tool.forge.github.rate_limits import Pace
from tests.forge.fault_server import FaultServer, Naps, Reply


def test_what_has_not_changed_is_not_sent_again(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(200, {"a": 1}, {"ETag": 'W/"1"'}), Reply(304)]
    assert [github.http.get("/x"), github.http.get("/x")] == [{"a": 1}, {"a": 1}]
    assert "if-none-match" not in server.asked[0].headers
    assert server.asked[1].headers["if-none-match"] == 'W/"1"'


def test_what_has_changed_replaces_it(server: FaultServer, github: GitHub) -> None:
    server.replies = [
        Reply(200, {"a": 1}, {"ETag": "1"}),
        Reply(200, {"a": 2}, {"ETag": "2"}),
        Reply(304),
    ]
    assert [github.http.get("/x")["a"] for _ in range(3)] == [1, 2, 2]
    assert server.asked[2].headers["if-none-match"] == "2"


def test_few_answers_are_remembered(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(200, {}, {"ETag": "1"})]
    for number in range(65):
        github.http.get(f"/{number}")
    github.http.get("/64")
    github.http.get("/0")
    assert "if-none-match" in server.asked[-2].headers
    assert "if-none-match" not in server.asked[-1].headers


@pytest.mark.parametrize(
    "fault", [Reply(500), Reply(502, b"<html>"), Reply(200, b"{}" * 99, cut=9)], ids=str
)
def test_a_look_is_repeated(server: FaultServer, github: GitHub, naps: Naps, fault: Reply) -> None:
    server.replies = [fault, fault, Reply(200, {"a": 1})]
    assert github.http.get("/x") == {"a": 1}
    assert naps.slept == [0.75, 1.5]


def test_a_repeated_look_is_reported(server: FaultServer, naps: Naps) -> None:
    messages: list[str] = []
    pace = Pace(naps.clock, naps.sleep, lambda: 0.5, messages.append)
    server.replies = [Reply(503), Reply(200, {})]
    GitHub("ada/registry", "secret-token", server.address, pace=pace).http.get("/x")
    assert messages == ["GitHub answered 503; asking again in 1 seconds"]


def test_a_refusal_names_what_was_asked(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(404, {"message": "Not Found"})]
    with pytest.raises(NotFoundError) as refused:
        github.http.get("/repos/ada/nowhere?page=1")
    assert refused.value.location == "GET /repos/ada/nowhere"


def test_patience_ends(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(503, {"message": "down"})]
    with pytest.raises(GitHubRefusedError, match="503: down"):
        github.http.get("/x")
    assert len(server.asked) == 6
    server.asked.clear()
    server.replies = [Reply(200, b"{}" * 99, cut=9)]
    with pytest.raises(LostError) as lost:
        github.http.get("/x")
    assert len(server.asked) == 6
    assert "run the same again" in lost.value.hint


def test_a_refusal_never_repeats_the_token(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(400, {"message": "what is secret-token?"})]
    with pytest.raises(GitHubRefusedError, match=r"what is \[TOKEN\]\?"):
        github.http.get("/x")


@pytest.mark.parametrize("token", ["two words", "a\nb", "ключ"])
def test_a_token_that_a_header_cannot_hold_is_not_reported(token: str) -> None:
    with pytest.raises(UsageError) as refused:
        GitHub("ada/registry", token)
    assert token not in str(refused.value)


def test_what_must_not_be_done_twice_is_asked_once(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(502)]
    with pytest.raises(GitHubRefusedError):
        github.http.post("/x", {}, resend=False)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({"retry-after": "3"}, 3.5),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "0"}, 1.5),
    ],
)
def test_a_refusal_for_its_rate_waits(
    server: FaultServer, github: GitHub, naps: Naps, headers: dict[str, str], waits: float
) -> None:
    """Even what must not be done twice: it was not done."""
    for status in (403, 429):
        server.replies = [Reply(status, {"message": "slow down"}, headers), Reply(204)]
        assert github.http.post("/x", {}, resend=False) is None
    assert naps.slept == [waits, waits]


def test_a_long_wait_is_reported(server: FaultServer, naps: Naps) -> None:
    messages: list[str] = []
    pace = Pace(naps.clock, naps.sleep, lambda: 0.5, messages.append)
    server.replies = [Reply(429, {}, {"retry-after": "60"}), Reply(200)]
    GitHub("ada/registry", "t", server.address, pace=pace).http.get("/x")
    assert messages == ["GitHub's rate limit asks for a pause of 60 seconds"]


def test_an_hour_is_too_long_to_wait(server: FaultServer, github: GitHub, naps: Naps) -> None:
    server.replies = [Reply(429, {}, {"retry-after": "3600"})]
    with pytest.raises(RegistryError, match="used up for 60 minutes"):
        github.http.get("/x")
    assert naps.slept == []


def test_the_waits_of_one_request_are_bounded(
    server: FaultServer, github: GitHub, naps: Naps
) -> None:
    server.replies = [Reply(429, {}, {"retry-after": "600"})]
    with pytest.raises(RegistryError, match="rate limit"):
        github.http.get("/x")
    assert naps.slept == [600.5]


@pytest.mark.parametrize(
    ("reply", "error", "said"),
    [
        (Reply(401, {"message": "Bad credentials"}), GitHubRefusedError, "401: Bad credentials"),
        (Reply(403, {"message": "Resource not accessible"}), GitHubRefusedError, "not accessible"),
        (Reply(404, {"message": "Not Found"}), NotFoundError, "404"),
        (Reply(422, {"errors": [{"message": "one"}, "two", {"code": "x"}, 5]}), GitHubRefusedError,
         "422: one; two; x"),
        (Reply(422, b"\xff\xfe"), GitHubRefusedError, "gave no reason"),
        (Reply(422, [1]), GitHubRefusedError, "gave no reason"),
        (Reply(422, {"message": None}), GitHubRefusedError, "gave no reason"),
        (Reply(422, {"message": "x" * 10_000}), GitHubRefusedError, "x{300}$"),
    ],
)  # fmt: skip
def test_refusals_in_words(
    server: FaultServer, github: GitHub, reply: Reply, error: type[RegistryError], said: str
) -> None:
    server.replies = [reply]
    with pytest.raises(error) as caught:
        github.http.get("/x")
    assert re.search(said, caught.value.reason)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b"[" * 100_000,
        b'{"a": "\xff"}',
    ],
    ids=range(8),
)
def test_an_answer_that_is_none(server: FaultServer, github: GitHub, body: bytes) -> None:
    server.replies = [Reply(200, body)]
    with pytest.raises(RegistryError):
        github.http.get("/x")


def test_a_list(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(200, [{"a": 1}]), Reply(200, [1])]
    assert github.http.get_list("/x") == [{"a": 1}]
    with pytest.raises(RegistryError, match="not a list"):
        github.http.get_list("/x")


def test_nothing_is_found(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(404)]
    assert github.http.find("/x") is None


@pytest.mark.parametrize(
    "address",
    [
        "http://ghe.example/api/v3",
        "ftp://x",
        "",
        "https://",
        "https://u:p@x/",
        "https://x/?a=b",
        "x",
    ],
)
def test_where_a_token_is_not_sent(address: str) -> None:
    with pytest.raises(UsageError):
        checked_api(address)


def test_where_it_is() -> None:
    assert checked_api("https://ghe.example/api/v3/") == "https://ghe.example/api/v3"
