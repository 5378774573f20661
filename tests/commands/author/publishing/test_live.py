"""Posting to a live registry, which is hand-written here; tests/server/test_publishing.py has a real one."""

from __future__ import annotations

import email
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from typing import Any

import pytest

from registry_tool.api.openapi.document import openapi
from registry_tool.commands.author.candidate import UnpublishedVersion
from registry_tool.commands.author.publishing.live import LivePublisher, PostResult, demand_live
from registry_tool.core.clock import FixedClock
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.finding import FindingsError
from registry_tool.core.http import Answer, Ask
from registry_tool.forge.github.rate_limits import Pace
from registry_tool.forge.tokens.token import HostToken
from registry_tool.package.open import open_package
from tests.forge.fault_server import FaultServer, Naps, Reply, running

SECRET = "reg_0123456789abcdefghij"
NOW = datetime(2031, 5, 4, 12, tzinfo=UTC)
NOTHING = Answer(404, {}, b"{}")
LOST = Reply(201, {}, cut=1)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with running() as started:
        yield started


class Asked:
    """A connection that keeps what it was asked, and answers in order."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.asks = [*answers], list[Ask]()

    def __call__(self, ask: Ask) -> Answer:
        self.asks.append(ask)
        return self.answers.pop(0)


def posting(exchange: Asked, naps: Naps | None = None) -> LivePublisher:
    naps = naps or Naps()
    pace = Pace(naps.clock, naps.sleep, lambda: 0.5)
    token = HostToken("registry.example", "a test", SECRET)
    return LivePublisher("https://registry.example", token, FixedClock(NOW), pace, exchange)


def form(ask: Ask) -> dict[str, bytes]:
    assert ask.body is not None
    head = f"Content-Type: {ask.headers['content-type']}\r\n\r\n".encode()
    parts: list[Message] = email.message_from_bytes(head + ask.body).get_payload()  # type: ignore[assignment]
    return {
        str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)  # type: ignore[misc]
        for part in parts
    }


def test_manifest_and_package_are_posted(candidate: UnpublishedVersion) -> None:
    exchange = Asked(Answer(201, {}, b"{}"))
    posted = posting(exchange).publish(candidate)
    page = "https://registry.example/workflows/mine/1.0.0/"
    assert posted == PostResult(True, page, filled=("created", "updated"))
    (ask,) = exchange.asks
    assert (ask.method, ask.url) == ("POST", "https://registry.example/api/v1/workflows")
    assert ask.headers["authorization"] == f"Bearer {SECRET}"
    assert SECRET not in repr(ask)
    sent = form(ask)
    assert set(sent) == {"manifest", "package"}
    files = open_package(sent["package"], location="sent")
    assert files["manifest.yaml"] == sent["manifest"]
    assert b'created: "2031-05-04T12:00:00Z"' in sent["manifest"]
    assert set(files) == set(candidate.files)


@pytest.mark.parametrize(
    ("body", "posted"),
    [
        (b'{"pull_request": "https://g.example/pull/1"}', ("https://g.example/pull/1", "")),
        (b'{"held": "a new name"}', ("", "a new name")),
        (b"", ("", "")),
    ],
)
def test_what_waits(candidate: UnpublishedVersion, body: bytes, posted: tuple[str, str]) -> None:
    found = posting(Asked(Answer(202, {}, body))).publish(candidate)
    assert (found.published, found.url, found.reason) == (False, *posted)


def test_findings_stand_in_the_authors_file(candidate: UnpublishedVersion) -> None:
    """Line 11 of what was sent, below the two dates that were filled in, is the author's line 9."""
    finding = (
        b'{"rule": "ownership", "path": "registry/workflows/mine/1.0.0/manifest.yaml", "line": 11, '
        b'"message": "not yours", "help": "ask", "severity": "error"}'
    )
    exchange = Asked(Answer(422, {}, b'{"title": "refused", "findings": [' + finding + b"]}"))
    with pytest.raises(FindingsError) as refused:
        posting(exchange).publish(candidate)
    (found,) = refused.value.findings
    assert (found.rule, found.path, found.line) == ("ownership", candidate.manifest, 9)


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        (401, "puppy-cli login"),
        (403, "maintainers"),
        (404, "built site"),
        (409, "raise the version"),
        (413, "large files"),
        (422, ""),
        (500, "nothing is published twice"),
    ],
)
def test_a_refusal(candidate: UnpublishedVersion, status: int, hint: str) -> None:
    body = b'{"detail": "no, ' + SECRET.encode() + b'"}'
    with pytest.raises(RegistryError, match=f"{status}: no") as refused:
        posting(Asked(Answer(status, {}, body), NOTHING)).publish(candidate)
    assert hint in refused.value.hint
    assert SECRET not in str(refused.value)


def test_the_registrys_own_way_out_goes_first(candidate: UnpublishedVersion) -> None:
    body = b'{"title": "Conflict", "status": 409, "help": "raise it to 1.0.1"}'
    with pytest.raises(RegistryError) as refused:
        posting(Asked(Answer(409, {}, body), NOTHING)).publish(candidate)
    assert refused.value.hint == "raise it to 1.0.1"


def test_the_post_is_what_live_registries_describe(candidate: UnpublishedVersion) -> None:
    """Path, form and header, as `api/v1/openapi.json` of a live registry names them."""
    exchange = Asked(Answer(201, {}, b"{}"))
    posting(exchange).publish(candidate)
    (ask,) = exchange.asks
    operation: Any = openapi("")["paths"]["/workflows"]["post"]  # type: ignore[index,call-overload]
    schema = operation["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert set(schema["required"]) <= set(form(ask)) <= set(schema["properties"])
    headers = {parameter["name"].lower() for parameter in operation["parameters"]}
    assert headers & set(ask.headers) == {"idempotency-key"}
    assert ask.url.endswith("/api/v1/workflows")


def test_a_busy_registry_is_asked_again_with_the_same_key(candidate: UnpublishedVersion) -> None:
    naps = Naps()
    exchange = Asked(
        Answer(429, {"retry-after": "7"}, b"{}"), Answer(503, {}, b"{}"), Answer(201, {}, b"{}")
    )
    assert posting(exchange, naps).publish(candidate).published
    assert naps.slept[0] == 7.0
    assert len({ask.headers["idempotency-key"] for ask in exchange.asks}) == 1


def test_one_that_wants_a_long_pause_is_left(candidate: UnpublishedVersion) -> None:
    exchange = Asked(Answer(429, {"retry-after": "7200"}, b"{}"))
    with pytest.raises(RegistryError, match="429") as busy:
        posting(exchange).publish(candidate)
    assert "later" in busy.value.hint


def test_a_line_that_is_cut(candidate: UnpublishedVersion, server: FaultServer) -> None:
    naps = Naps()
    pace = Pace(naps.clock, naps.sleep, lambda: 0.5)
    with pytest.raises(RegistryError) as lost:
        LivePublisher(
            "http://127.0.0.1:1", HostToken("127.0.0.1:1", "a test", SECRET), FixedClock(NOW), pace
        ).publish(candidate)
    assert "nothing is published twice" in lost.value.hint
    assert len(naps.slept) == 3


def test_only_a_live_registry_takes_posts(server: FaultServer) -> None:
    server.replies = [Reply(200, {"workflows": 3, "live": True})]
    demand_live(server.address)
    server.replies = [Reply(200, {"workflows": 3})]
    with pytest.raises(UsageError, match="built site") as static:
        demand_live(server.address)
    assert "OWNER/REPO" in static.value.hint
    for reply in (Reply(404), Reply(200, b"<html>"), Reply(200, [])):
        server.replies = [reply]
        with pytest.raises(NotFoundError, match="no registry"):
            demand_live(server.address)
    assert all("authorization" not in asked.headers for asked in server.asked)


def test_a_registry_that_repeats_the_token_or_points_at_other_files_tells_neither(
    candidate: UnpublishedVersion,
) -> None:
    """The line of a finding is shown with it: a registry must not choose files of the author's machine."""
    text = f"no, {SECRET}"
    value = {"findings": [{"path": "/etc/passwd", "line": 1, "message": text, "help": text}]}
    with pytest.raises(FindingsError) as refused:
        posting(Asked(Answer(422, {}, json.dumps(value).encode()))).publish(candidate)
    (found,) = refused.value.findings
    assert (found.path, found.line) == (candidate.manifest or candidate.location, 0)
    assert SECRET not in repr(found)
    body = json.dumps({"pull_request": f"https://x.example/{SECRET}"}).encode()
    assert SECRET not in posting(Asked(Answer(202, {}, body))).publish(candidate).url


def test_a_token_goes_over_the_network_in_no_plain_text(candidate: UnpublishedVersion) -> None:
    exchange = Asked(Answer(201, {}, b"{}"))
    token = HostToken("registry.example", "a test", SECRET)
    plain = LivePublisher("http://registry.example", token, FixedClock(NOW), exchange=exchange)
    with pytest.raises(UsageError, match="unencrypted"):
        plain.publish(candidate)
    assert exchange.asks == []
