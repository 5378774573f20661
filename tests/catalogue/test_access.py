"""A deployment refuses what a public registry can't keep; a private one deploys it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.core.errors import RegistryError
from registry_tool.state.target import Target


@pytest.mark.parametrize(
    ("lists", "which"),
    [
        ("{ read: [owner] }", "read"),
        ('{ execute: ["team:finance"] }', "execute"),
        ("{ modify: [owner] }", ""),
    ],
)
def test_a_deployment_refuses_what_cant_be_kept(
    make_registry: Callable[..., object], lists: str, which: str
) -> None:
    registry = make_registry(git=True)
    folder: Path = registry.add("hello", "1.0.0")  # type: ignore[attr-defined]
    manifest = folder / "manifest.yaml"
    manifest.write_text(manifest.read_text() + f"security: {{ access_control: {lists} }}\n")
    registry.compile()  # type: ignore[attr-defined]
    registry.commit("Publish")  # type: ignore[attr-defined]
    target = Target(registry.root)  # type: ignore[attr-defined]
    if which:
        with pytest.raises(RegistryError, match="this registry is public") as caught:
            deploy(target, "hello", "development")
        assert f"access_control.{which}" in str(caught.value)
        assert "private registry" in caught.value.hint
        assert target.store().find("development", "hello") is None
    settings = target.root / "registry/registry.yaml"
    settings.write_text(settings.read_text() + "access: { visibility: private }\n")
    assert deploy(target, "hello", "development").main.version == "1.0.0"
