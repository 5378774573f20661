from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from registry_tool.api.mcp_registry import (
    encoded,
    namespace,
    server_list,
    server_name,
    shortened,
    version_entry,
)
from registry_tool.manifest.owners import Owners
from tests.catalogue.small import version

SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parent / "server_list.schema.json").read_text()),
    format_checker=Draft202012Validator.FORMAT_CHECKER,
)


def demand_server_list(found: Any) -> None:
    """A ServerList of the MCP registry's API."""
    SCHEMA.validate(found)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://workflows.example.com", "com.example.workflows/hello"),
        ("https://ada.github.io/registry", "io.github.ada/hello"),
        ("http://127.0.0.1:8000", "1.0.0.127/hello"),
        ("http://[::1]:80", "--1/hello"),
        ("https://bücher.example.", "example.b-cher/hello"),
        ("file:///x", "local/hello"),
    ],
)
def test_a_server_is_named_by_the_registrys_host(address: str, name: str) -> None:
    assert server_name(address, "hello") == name
    entry = version_entry(Owners(), version("hello", "1.0.0"), "https://x.example")
    entry["server"]["name"] = name  # type: ignore[index,call-overload]
    demand_server_list(server_list([entry]))
    assert namespace(address) == name.partition("/")[0]


def test_a_yanked_version_is_deleted_and_says_why() -> None:
    entry: Any = version_entry(
        Owners(), version("hello", "1.0.0", yanked="leaks"), "https://x.example"
    )
    official = entry["_meta"]["io.modelcontextprotocol.registry/official"]
    assert (official["status"], official["statusMessage"]) == ("deleted", "leaks")


def test_nothing_in_it_can_be_read_as_html() -> None:
    about = version("hello", "1.0.0", description="<script>alert(1)</script>&amp;" + "x" * 200)
    entry: Any = version_entry(Owners(), about, "https://x.example")
    demand_server_list(server_list([entry]))
    data = encoded(entry)
    assert not {b"<", b">", b"&"} & {data[n : n + 1] for n in range(len(data))}
    assert json.loads(data) == entry


def test_a_text_is_shortened_to_one_line() -> None:
    assert shortened("a\n b", 3) == "a b"
    assert shortened("abcd efgh", 6) == "abcd…"
