from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from prometheus_client import CollectorRegistry, Counter

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.monitoring.exporter import LARGEST_MESSAGE, application, server
from tests.bounded import PATIENCE

OPENMETRICS = "application/openmetrics-text; version=1.0.0"


@contextmanager
def serving(refresh: Callable[[], None], registry: CollectorRegistry) -> Iterator[str]:
    with server(application(registry, refresh), "127.0.0.1", 0) as running:
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_port}"
        finally:
            running.shutdown()
            thread.join()


def ask(address: str, accept: str = "") -> tuple[int, str, str]:
    try:
        with urlopen(Request(address, headers={"accept": accept}), timeout=PATIENCE) as answer:  # noqa: S310
            return answer.status, answer.headers["content-type"], answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, "", refused.read().decode()


def test_a_scrape_reads_what_is_new_and_answers_in_the_form_that_is_wanted() -> None:
    registry = CollectorRegistry()
    scrapes = Counter("scrapes", "Counted by refresh.", registry=registry)
    with serving(scrapes.inc, registry) as address:
        status, kind, text = ask(f"{address}/metrics", OPENMETRICS)
        assert (status, "scrapes_total 1.0" in text) == (200, True)
        assert kind.startswith("application/openmetrics-text")
        assert text.endswith("# EOF\n")
        _, kind, text = ask(f"{address}/metrics")
        assert kind.startswith("text/plain")
        assert "scrapes_total 2.0" in text
        assert ask(f"{address}/healthz")[::2] == (200, "ok\n")
        assert ask(f"{address}/")[0] == 404
        assert ask(f"{address}/metrics/../etc")[0] == 404


def test_what_cannot_be_read_fails_the_scrape_until_it_can() -> None:
    broken = [True]

    def refresh() -> None:
        if broken:
            raise RegistryError("the branch is gone", location="deployments")

    with serving(refresh, CollectorRegistry()) as address:
        assert ask(f"{address}/metrics")[::2] == (500, "deployments: the branch is gone\n")
        assert ask(f"{address}/healthz")[::2] == (503, "deployments: the branch is gone\n")
        broken.clear()
        assert ask(f"{address}/metrics")[0] == 200
        assert ask(f"{address}/healthz")[0] == 200


def test_a_port_that_is_taken_is_reported() -> None:
    app = application(CollectorRegistry(), lambda: None)
    with (
        server(app, "127.0.0.1", 0) as first,
        pytest.raises(RegistryError, match=r"the port \d+ can't be used.*--port"),
    ):
        server(app, "127.0.0.1", first.server_port)


def test_alerts_are_passed_on_as_json_alone() -> None:
    came: list[bytes] = []
    answers = iter(["", "chat: it answered 500"])

    def receive(message: bytes) -> str:
        if message == b"{}":
            raise UsageError("it is none")
        came.append(message)
        return next(answers)

    app = application(CollectorRegistry(), lambda: None, receive)
    with server(app, "127.0.0.1", 0) as running:
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            address = f"http://127.0.0.1:{running.server_port}/alerts"
            json_ = "application/json; charset=utf-8"
            assert post(address, b'{"a": 1}', json_) == 200
            assert post(address, b'{"a": 2}', json_) == 502
            assert post(address, b"{}", json_) == 400
            assert post(address, b'{"a": 3}', "text/plain") == 415
            assert ask(address)[0] == 415
        finally:
            running.shutdown()
            thread.join()
    assert came == [b'{"a": 1}', b'{"a": 2}']


@pytest.mark.parametrize("length", ["", "-1", "\u00b2", str(LARGEST_MESSAGE + 1)])
def test_a_message_says_how_long_it_is_and_is_not_long(length: str) -> None:
    answers: list[str] = []
    environ = {
        "PATH_INFO": "/alerts",
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": length,
    }
    app = application(CollectorRegistry(), lambda: None, lambda _: "")
    list(app(environ, lambda status, _: answers.append(status)))  # type: ignore[arg-type]
    assert answers == ["413 Content Too Large"]


def post(address: str, body: bytes, kind: str) -> int:
    """The status of an answer."""
    try:
        with urlopen(Request(address, body, {"content-type": kind}), timeout=PATIENCE) as answer:  # noqa: S310
            return int(answer.status)
    except HTTPError as refused:
        with refused:
            return refused.code
