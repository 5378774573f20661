"""The page's server: who gets in, what runs, and who is told of news."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry_tool.commands.author.dev.page.serving import DevSite, page_server
from registry_tool.core.errors import RegistryError
from tests.commands.author.dev.page.shown import Running, running
from tests.commands.author.dev.projects import change, two_ways


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(two_ways(tmp_path_factory.mktemp("page") / "two-ways")) as found:
        yield found


def test_the_printed_address_lets_in_and_its_key_goes(page: Running) -> None:
    answer, _ = page.ask(f"/?key={page.site.entry}", Cookie="")
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert cookie == f"{page.cookie}; HttpOnly; SameSite=Strict; Path=/"
    answer, body = page.ask("/")
    assert answer.status == 200
    assert page.site.entry.encode() not in body
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("cookie", ["", "puppy-dev-1=x", "a=b; c", '"', "puppy-dev-%d="])
@pytest.mark.parametrize("path", ["/", "/dev.js", "/news", "/?key=wrong", "/run"])
def test_who_was_not_told_the_address_sees_nothing(page: Running, path: str, cookie: str) -> None:
    answer, body = page.ask(path, Cookie=cookie.replace("%d", str(page.port)))
    assert answer.status == 403
    assert b"two-ways" not in body


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1", "", "127.0.0.1:1", "[::1]:%d"]
)
def test_another_name_for_this_machine_is_refused(page: Running, host: str) -> None:
    answer, body = page.ask("/", Host=host.replace("%d", str(page.port)))
    assert answer.status == 421
    assert b"two-ways" not in body


def test_the_page_runs_the_workflow_and_shows_each_blocks_value(page: Running) -> None:
    before = page.site.state.now().number
    answer, body = page.run({"said": "hello <b>"})
    assert (answer.status, body) == (200, b"{}")
    assert page.site.state.now().number == before + 1
    _, shown = page.ask("/")
    assert b"hello &lt;b&gt;" in shown
    assert b"The run from this page: success" in shown


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Puppy_Token": ""},
        {"X_Puppy_Token": "wrong"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Cookie": ""},
        {"Host": "evil.example"},
    ],
)
def test_nobody_else_runs_anything(page: Running, headers: dict[str, str]) -> None:
    before = page.site.state.now().number
    answer, _ = page.run({"said": "hello"}, **headers)
    assert answer.status in {403, 421}
    assert page.site.state.now().number == before


@pytest.mark.parametrize(
    ("inputs", "provider", "expected"),
    [
        ({"sayd": "x"}, "replay", b"no input"),
        ({}, "replay", b"required"),
        ({"said": 1}, "replay", b"not the text"),
        ({"said": "x"}, "nobody", b"no provider"),
    ],
)
def test_wrong_inputs_are_named(
    page: Running, inputs: dict[str, object], provider: str, expected: bytes
) -> None:
    answer, body = page.run(inputs, provider)
    assert answer.status == 400
    assert expected in body


def test_the_preview_is_the_catalogues_page_under_a_path_of_its_own(page: Running) -> None:
    path = f"/{page.site.hidden}/workflows/two-ways/1.0.0/index.html"
    answer, body = page.ask(path, Cookie="")
    assert answer.status == 200
    assert b"Greets or bids farewell" in body
    assert page.ask(f"/{page.site.hidden}/assets/style.css")[0].status == 200
    for other in ("/etc/passwd", "../../x", "workflows/other/1.0.0/index.html"):
        assert page.ask(f"/{page.site.hidden}/{other}")[0].status == 404
    assert page.ask("/wrong/workflows/two-ways/1.0.0/index.html", Cookie="")[0].status == 403


def test_news_come_as_soon_as_there_are_some(page: Running) -> None:
    link = http.client.HTTPConnection("127.0.0.1", page.port, timeout=30)
    link.request("GET", "/news?after=0", headers={"Cookie": page.cookie})
    answer = link.getresponse()
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.readline() == f"data: {page.site.state.now().number}\n".encode()
    link.close()


def test_what_cannot_be_read_is_shown_and_nothing_runs(tmp_path: Path) -> None:
    project = two_ways(tmp_path / "two-ways")
    with running(project) as page:
        change(project, "blocks:", "blocks: [")
        page.site.show(page.session.look())
        answer, body = page.ask("/")
        assert answer.status == 200
        assert b"Not readable at the moment" in body
        assert page.run({"said": "hello"})[0].status == 409


def test_a_port_that_is_taken_is_said(page: Running) -> None:
    with pytest.raises(RegistryError, match=f"the port {page.port} can't be used"):
        page_server(DevSite(), page.port)


def test_a_browser_that_goes_leaves_no_trace(
    page: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    server = page_server(DevSite(), 0)
    with server:
        for error in (ConnectionResetError(), ValueError("x\x1b")):
            try:
                raise error
            except (OSError, ValueError):
                server.handle_error(None, None)  # type: ignore[arg-type]
    assert capsys.readouterr().err == "a request of the page failed: ValueError: x\\u001b\n"
