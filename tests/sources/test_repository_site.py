"""`OWNER/REPO`: read at the site that its settings name."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import NotFoundError
from registry_tool.sources.documents import Documents
from registry_tool.sources.reader import open_reader
from registry_tool.sources.repository_site import site_of
from tests.answering import answering, ok


def test_the_settings_of_a_repository_name_its_site() -> None:
    settings = b'name: Acme\nurl: "https://acme.example/workflows"\n'
    with answering(ok(f"content-length: {len(settings)}\r\n", settings)) as api:
        assert (
            site_of("acme/workflows", {"GITHUB_API_URL": api}, Documents())
            == "https://acme.example/workflows"
        )


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (ok("content-length: 11\r\n", b"name: Acme\n"), "names no address"),
        (b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", "or isn't public"),
    ],
)
def test_what_has_no_site_is_to_be_cloned(
    answer: bytes, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(answer) as api, pytest.raises(NotFoundError, match=expected) as caught:
        monkeypatch.setenv("GITHUB_API_URL", api)
        open_reader("acme/workflows")
    assert caught.value.location == "acme/workflows"
    assert "clone" in caught.value.hint
