"""What changed between two versions, and the release that it asks for."""

from __future__ import annotations

from collections.abc import Callable

from registry_tool.commands.consume.diff import diff
from tests.conftest import RegistryFolder


def test_words_ask_for_a_minor_release_and_nothing_for_none(
    make_registry: Callable[..., RegistryFolder],
) -> None:
    registry = make_registry()
    registry.add("hello", "1.0.0")
    manifest = registry.add("hello", "1.1.0") / "manifest.yaml"
    manifest.write_text(manifest.read_text().replace("Hello, {{who}}", "Good day, {{who}}"))
    registry.compile()
    found = diff("hello:1.0.0", "hello:1.1.0", str(registry.root))
    assert (found.required, found.suggested) == ("minor", "1.1.0")
    value = found.to_value()
    assert (value["old"], value["new"]) == ("hello:1.0.0", "hello:1.1.0")
    assert value["changes"]
    same = diff("hello:1.0.0", "hello:1.0.0", str(registry.root)).to_value()
    assert (same["changes"], same["suggested_version"], same["required_bump"]) == ([], None, "none")
