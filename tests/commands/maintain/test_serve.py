"""A built site over HTTP on loopback."""

from __future__ import annotations

import threading
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from registry_tool.commands.maintain.serve import server
from registry_tool.core.errors import NotFoundError, RegistryError
from tests.serving import serving


def test_files_are_served_as_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.wfpkg").write_bytes(b"PK")
    with server(tmp_path, "127.0.0.1", 0) as running:
        thread = threading.Thread(target=running.handle_request)
        thread.start()
        with urlopen(f"http://127.0.0.1:{running.server_port}/a.wfpkg") as answer:
            assert answer.read() == b"PK"
            assert answer.headers["Content-Type"] == "application/zip"
        thread.join()


def test_an_mcp_registry_answers_in_json(tmp_path: Path) -> None:
    versions = tmp_path / "v0.1/servers/com.example/hello/versions"
    versions.mkdir(parents=True)
    for file in (versions.parents[2] / "index.html", versions / "index.html", versions / "1.0.0"):
        file.write_text("{}")
    paths = ("", "/com.example%2Fhello/versions", "/com.example%2Fhello/versions/1.0.0")
    with serving(server(tmp_path, "127.0.0.1", 0)) as running:
        for path in paths:
            address = f"http://127.0.0.1:{running.server_port}/v0.1/servers{path}"
            with urlopen(address) as answer:
                assert answer.headers["Content-Type"] == "application/json", path
                assert answer.read() == b"{}"


def test_an_address_that_is_not_there_gets_the_sites_own_page(tmp_path: Path) -> None:
    (tmp_path / "zh").mkdir()
    (tmp_path / "404.html").write_text("no such page")
    (tmp_path / "zh/404.html").write_text("页面不存在")
    with serving(server(tmp_path, "127.0.0.1", 0)) as running:
        for path, text in (("a/b", "no such page"), ("zh/a", "页面不存在")):
            with pytest.raises(HTTPError) as caught:
                urlopen(f"http://127.0.0.1:{running.server_port}/{path}")
            assert caught.value.code == 404
            assert caught.value.read().decode() == text
            caught.value.close()


def test_without_a_site_it_is_said_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no built site here") as caught:
        server(tmp_path / "site", "127.0.0.1", 0)
    assert f"registry-tool build-site --out {tmp_path / 'site'}" in caught.value.hint


def test_a_port_that_is_taken_is_reported(tmp_path: Path) -> None:
    with server(tmp_path, "127.0.0.1", 0) as running:
        with pytest.raises(
            RegistryError, match=f"port {running.server_port} can't be used"
        ) as caught:
            server(tmp_path, "127.0.0.1", running.server_port)
        assert "--port" in caught.value.hint
