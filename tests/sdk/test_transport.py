"""Requests: asked again where that is safe, refused in words, and the token for the registry's own host alone."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from puppyai.workflows import (
    AuthenticationError,
    ConflictError,
    FindingsError,
    IntegrityError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    ServerError,
    TimedOutError,
    UnreachableError,
    WorkflowError,
)
from puppyai.workflows.transport import (
    Transport,
    checked_address,
    checked_token,
    origin,
    refusal,
    request_id,
)
from tests.sdk.live_registry import CUT, Fault, LiveRegistry


@dataclass
class Slept:
    """Waits that were asked for; none is waited."""

    waits: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)


def transport(live: LiveRegistry, slept: Slept, **more: object) -> Transport:
    return Transport(live.address, sleep=slept, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("fault", [CUT, Fault(503), Fault(429), Fault(502), Fault(504), Fault(408)])
def test_a_safe_request_is_sent_again(live: LiveRegistry, fault: Fault | str) -> None:
    live.faults += [fault, fault]
    slept = Slept()
    found = transport(live, slept).document("index.json")
    assert isinstance(found, dict)
    assert found["live"] is True
    assert len(live.seen) == 3
    assert len(slept.waits) == 2


def test_after_so_many_times_it_is_reported(live: LiveRegistry) -> None:
    live.faults += [Fault(503)] * 3
    with pytest.raises(ServerError, match="answered 503") as caught:
        transport(live, Slept()).document("index.json")
    assert (caught.value.status, caught.value.request_id) == (503, "req-3")
    live.faults += [CUT] * 3
    with pytest.raises(UnreachableError, match="download failed"):
        transport(live, Slept()).document("index.json")


def test_what_the_server_asks_to_wait_counts_and_too_long_is_an_error(live: LiveRegistry) -> None:
    slept = Slept()
    live.faults.append(Fault(429, {"Retry-After": "7"}))
    transport(live, slept).document("index.json")
    assert slept.waits == [7.0]
    live.faults.append(Fault(429, {"Retry-After": "3600"}))
    with pytest.raises(RateLimitedError, match="again in 3600 s") as caught:
        transport(live, slept).document("index.json")
    assert caught.value.retry_after == 3600.0
    assert slept.waits == [7.0]


@pytest.mark.parametrize("fault", [CUT, Fault(503)])
def test_a_post_is_sent_again_with_a_key_alone(live: LiveRegistry, fault: Fault | str) -> None:
    asked = transport(live, Slept())
    url = asked.url("workflows/hello/execute")
    given = {"Content-Type": "application/json"}
    body = json.dumps({"inputs": {"who": "you"}}).encode()
    live.faults.append(fault)
    with pytest.raises((UnreachableError, ServerError)):
        asked.send("POST", url, body=body, headers=given)
    assert len(live.seen) == 1
    live.faults.append(fault)
    answer = asked.send("POST", url, body=body, headers={**given, "Idempotency-Key": "one"})
    assert (answer.status, len(live.runs)) == (202, 1)
    assert len(live.seen) == 3


def test_no_retries_means_one_request(live: LiveRegistry) -> None:
    live.faults.append(Fault(503))
    with pytest.raises(ServerError):
        transport(live, Slept(), retries=0).document("index.json")
    assert len(live.seen) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidRequestError),
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (409, ConflictError),
        (418, WorkflowError),
        (422, InvalidRequestError),
        (429, RateLimitedError),
        (500, ServerError),
    ],
)
def test_a_refusal_is_the_error_of_its_status_in_the_servers_words(
    status: int, kind: type[WorkflowError]
) -> None:
    problem = json.dumps({"title": "No", "detail": "because\u202e of that\n"}).encode()
    headers = {"content-type": "application/problem+json", "x-request-id": "r1\n"}
    error = refusal(status, headers, problem, "https://example.com/x")
    assert type(error) is kind
    assert error.reason == "No: because of that"
    assert (error.status, error.request_id) == (status, "r1")
    assert str(error).endswith("[request r1]")
    assert refusal(status, {}, b"<html>", "https://example.com/x").status == status


def test_findings_of_a_refusal_are_reported_with_their_places() -> None:
    found = [{"rule": "bump", "severity": "error", "path": "m.yaml", "line": 3, "column": 2,
              "message": "too small", "help": "raise it"}, "nonsense"]  # fmt: skip
    body = json.dumps({"title": "refused", "findings": found}).encode()
    error = refusal(422, {"content-type": "application/problem+json"}, body, "")
    assert isinstance(error, FindingsError)
    assert [f.rule for f in error.findings] == ["", "bump"]
    assert "m.yaml:3:2: error[bump]: too small (raise it)" in str(error)


def test_too_much_and_what_is_no_json_are_reported(live: LiveRegistry) -> None:
    asked = transport(live, Slept())
    with pytest.raises(IntegrityError, match="more than 10 bytes"):
        asked.fetch(asked.url("index.json"), 10)
    (live.folder / "api/v1/workflows.json").write_text("{")
    with pytest.raises(IntegrityError):
        asked.document("workflows.json")


def test_nothing_in_time_is_reported() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        asked = Transport(f"http://127.0.0.1:{port}", timeout=0.05, retries=0)
        with pytest.raises(TimedOutError, match="no whole answer"):
            asked.document("index.json")


def test_the_token_goes_to_the_registrys_own_host_alone(live: LiveRegistry) -> None:
    asked = Transport("https://example.com/registry", "tell-nobody")
    assert asked.headers("https://example.com/x")["Authorization"] == "Bearer tell-nobody"
    for other in (
        "http://example.com/x",
        "https://example.com:444/x",
        "https://example.com.evil.org/x",
        "https://evil.org/example.com",
    ):
        assert "Authorization" not in asked.headers(other)
    assert "tell-nobody" not in repr(asked)


def test_a_redirect_to_another_host_is_not_followed(live: LiveRegistry) -> None:
    other = live.address.replace("127.0.0.1", "localhost")
    live.faults.append(Fault(302, {"Location": f"{other}/api/v1/index.json"}))
    asked = transport(live, Slept(), token="tell-nobody")
    with pytest.raises(WorkflowError, match="sends the request on") as caught:
        asked.document("index.json")
    assert len(live.seen) == 1
    assert "tell-nobody" not in str(caught.value)


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "käse", "x" * 5000, "\x00"])
def test_a_token_that_is_none_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        checked_token(token, "https://example.com")
    assert token not in str(caught.value)


def test_a_token_goes_over_https_or_stays_on_this_machine() -> None:
    with pytest.raises(InvalidRequestError, match="unencrypted"):
        checked_token("token", "http://registry.example.com")
    for here in ("http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1", "https://a.org"):
        assert checked_token("token", here) == "token"
    assert checked_token(None, "http://registry.example.com") == ""


def test_addresses_and_origins() -> None:
    assert checked_address("https://example.com/registry//") == "https://example.com/registry"
    assert origin("https://EXAMPLE.com/x") == origin("https://example.com:443/y")
    with pytest.raises(InvalidRequestError):
        checked_address("http://[::1")


def test_a_request_id_is_found_by_its_usual_names() -> None:
    assert request_id({"x-github-request-id": "A"}) == "A"
    assert request_id({"server": "x"}) == ""
